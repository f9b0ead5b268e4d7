// Reference values: statsmodels 0.15.0, proportion_confint(method='wilson').
import { describe, expect, it } from 'vitest';
import { shareOf, wilson } from '#core/evaluation/share.ts';

describe('wilson', () => {
  it.each([
    [77, 107, 0.6280470858860803, 0.7959819777879273],
    [38, 54, 0.5717242709884696, 0.8086257486782022],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [1, 3, 0.06149194472039626, 0.7923403991979523],
  ])('%i of %i', (right, of, low, high) => {
    const interval = wilson(right, of);
    expect(interval[0]).toBeCloseTo(low, 12);
    expect(interval[1]).toBeCloseTo(high, 12);
  });

  it('knows nothing of nothing', () => {
    expect(shareOf(0, 0)).toEqual({ right: 0, of: 0, value: 0, interval95: [0, 1] });
  });
});
