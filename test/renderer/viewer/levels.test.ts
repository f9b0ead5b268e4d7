// A film made smaller by halves: means are kept, edges too, and 16 bits stay 16.
import { describe, expect, it } from 'vitest';
import { halved, levelFor } from '#renderer/viewer/levels.ts';

describe('halving a film', () => {
  it('takes the mean of two by two, so that a line one pixel wide stays a line', () => {
    const values = Uint16Array.of(10, 10, 0, 0, 30, 30, 0, 65_535);
    expect(halved({ width: 4, height: 2, values })).toEqual({
      width: 2,
      height: 1,
      values: Uint16Array.of(20, 16_384),
    });
  });

  it('rounds odd sides up and takes fewer at the edge', () => {
    const values = Uint8Array.of(4, 8, 100, 6, 10, 102, 50, 60, 200);
    const { width, height, values: means } = halved({ width: 3, height: 3, values });
    expect([width, height]).toEqual([2, 2]);
    expect([...means]).toEqual([7, 101, 55, 200]);
  });

  it('keeps the sign', () => {
    const { values } = halved({ width: 2, height: 2, values: Int16Array.of(-100, -102, -98, -100) });
    expect(values).toEqual(Int16Array.of(-100));
  });
});

describe('the level for a zoom', () => {
  it('is the film itself at 1:1 and above', () => {
    for (const zoom of [1, 1.5, 64]) expect(levelFor(zoom)).toBe(0);
  });

  it('is shown between 0.6 and 1.25 of its size below that', () => {
    for (let zoom = 0.02; zoom < 0.8; zoom *= 1.07) {
      const shownAt = zoom * 2 ** levelFor(zoom);
      expect(shownAt).toBeGreaterThan(0.6);
      expect(shownAt).toBeLessThan(1.25);
    }
  });
});
