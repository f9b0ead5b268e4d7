// Where the films of the strip stand: gaps between patients, no empty room at the ends, and the same cost however long the queue.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TILE, layStrip, middle, nearestMiddle } from '#renderer/read/strip.ts';

const width = 1000;
const pairs = (index: number) => index % 2 === 0;
const lay = (count: number, anchor: number, x = middle(width), begins = pairs) =>
  layStrip({ count, anchor, x, width, begins });

describe('the strip', () => {
  it('holds the film in the middle, its patient close and the next further off', () => {
    const tiles = lay(1000, 500);
    const at = (index: number) => tiles.find((tile) => tile.index === index)?.x ?? NaN;
    expect(at(500)).toBe(474);
    expect(at(501) - at(500)).toBe(TILE + 4);
    expect(at(502) - at(501)).toBe(TILE + 16);
    expect(at(500) - at(499)).toBe(TILE + 16);
  });

  it('fills its width wherever it is held, and never shows a film twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -3000, max: 3000 }),
        (count, share, x) => {
          const tiles = lay(count, Math.floor(share * (count - 1)), x);
          const [first] = tiles;
          const last = tiles.at(-1);
          expect(first && first.x).toBeLessThanOrEqual(0);
          expect(last && last.x + TILE).toBeGreaterThanOrEqual(width);
          if (first?.index === 0 && first.x > -TILE) expect(first.x).toBeLessThanOrEqual(0);
          tiles.forEach((tile, at) => expect(tile.index).toBe((first?.index ?? 0) + at));
        },
      ),
    );
  });

  it('stands at the left where the queue is short', () => {
    for (const anchor of [0, 1, 2]) expect(lay(3, anchor).map(({ x }) => x)).toEqual([0, 56, 124]);
    expect(lay(0, 0)).toEqual([]);
  });

  it('ends at the right edge with the last film', () => {
    expect(lay(300, 299).at(-1)).toEqual({ index: 299, x: width - TILE });
  });

  it('lays out as few films of 100,000 as of 100', () => {
    expect(lay(100_000, 50_000).length).toBeLessThan(40);
  });

  it('knows which film is in the middle', () => {
    const tiles = lay(1000, 500);
    expect(nearestMiddle(tiles, width)?.index).toBe(500);
    expect(nearestMiddle([], width)).toBeUndefined();
  });
});
