import { describe, expect, test } from 'vitest';
import { GAP, gridShape, moved } from '#renderer/library/grid-shape.ts';

describe('shape of the grid', () => {
  test('tiles fill the row and never more', () => {
    for (const width of [200, 640, 816, 1111, 1600]) {
      for (const tile of [64, 96, 160, 320]) {
        const { columns, tileWidth } = gridShape(width, tile);
        const used = columns * tileWidth + (columns - 1) * GAP;
        expect(used).toBeLessThanOrEqual(width);
        expect(width - used).toBeLessThan(columns);
      }
    }
  });

  test('a tile wider than the window still makes one column', () => {
    expect(gridShape(50, 320).columns).toBe(1);
  });
});

describe('where a key takes the focus', () => {
  // Eleven films in four columns: the last row holds three.
  const to = (key: string, from: number) => moved(key, from, 11, 4, 2);

  test.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowRight', 10, 10],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowUp', 5, 1],
    ['Home', 7, 0],
    ['End', 2, 10],
    ['PageDown', 1, 9],
    ['PageUp', 9, 1],
  ])('%s from %i to %i', (key, from, expected) => {
    expect(to(key, from)).toBe(expected);
  });

  test('down into a shorter last row goes to its last film', () => {
    expect(to('ArrowDown', 7)).toBe(10);
  });

  test('up and down stay at the edges', () => {
    expect(to('ArrowUp', 2)).toBe(2);
    expect(to('ArrowDown', 9)).toBe(9);
  });

  test('a page up from the first rows goes to the top of its column', () => {
    expect(to('PageUp', 6)).toBe(2);
  });

  test('other keys and an empty grid move nothing', () => {
    expect(to('a', 1)).toBeNull();
    expect(moved('End', 0, 0, 4, 2)).toBeNull();
  });
});
