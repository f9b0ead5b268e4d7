// Text over a film: a plate behind it where the film beneath is light, and only there.
import { describe, expect, it } from 'vitest';
import { needsPlate } from '#renderer/viewer/legible.ts';

const viewer = { width: 1000, height: 700 };

describe('text over a film', () => {
  it('needs no plate beside the film or over a dark one', () => {
    expect(needsPlate('tl', viewer, () => null)).toBe(false);
    expect(needsPlate('br', viewer, () => 0.3)).toBe(false);
  });

  it('needs one in the corner where the film is light, not in the others', () => {
    const light = ({ x, y }: { x: number; y: number }) => (x > 800 && y > 620 ? 0.9 : 0.1);
    expect(needsPlate('br', viewer, light)).toBe(true);
    for (const corner of ['tl', 'tr', 'bl'] as const) expect(needsPlate(corner, viewer, light)).toBe(false);
  });

  it('does not mind a bright speck', () => {
    expect(needsPlate('tl', viewer, ({ x, y }) => (x < 40 && y < 20 ? 1 : 0))).toBe(false);
  });
});
