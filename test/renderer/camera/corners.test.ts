// Four corners around a film: where they begin, that they stay in the picture, and when they frame nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrowStep, contained, framesFilm, movedCorner, startCorners } from '#renderer/camera/corners.ts';

const picture = { width: 3840, height: 2160 };

describe('corners', () => {
  it('begin inside the picture, around the film, and frame it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 8000 }), fc.integer({ min: 64, max: 8000 }), (width, height) => {
        const corners = startCorners({ width, height });
        for (const { x, y } of corners) expect(x > 0 && y > 0 && x < width && y < height).toBe(true);
        expect(framesFilm(corners)).toBe(true);
      }),
    );
  });

  it('stay in the picture, in whole pixels, one moving alone', () => {
    const corners = startCorners(picture);
    const moved = movedCorner(corners, 2, { x: 9999.4, y: -3.7 }, picture);
    expect(moved[2]).toEqual({ x: 3840, y: 0 });
    expect(moved.filter((_, at) => at !== 2)).toEqual(corners.filter((_, at) => at !== 2));
  });

  it('frame nothing once they are dragged across each other or into a line', () => {
    const [a, b, c, d] = startCorners(picture);
    if (!a || !b || !c || !d) throw new Error('four corners');
    expect(framesFilm([a, c, b, d])).toBe(false);
    expect(framesFilm([a, b, { x: (a.x + b.x) / 2, y: a.y }, d])).toBe(false);
    expect(framesFilm([a, d, c, b])).toBe(true);
  });

  it('move by a thousandth of the picture with an arrow key, ten times as far with Shift', () => {
    expect(arrowStep('ArrowRight', false, picture)).toEqual({ x: 4, y: 0 });
    expect(arrowStep('ArrowUp', true, picture)).toEqual({ x: 0, y: -40 });
    expect(arrowStep('ArrowDown', false, { width: 20, height: 20 })).toEqual({ x: 0, y: 1 });
    expect(arrowStep('Enter', false, picture)).toBeNull();
  });
});

describe('a picture in a box', () => {
  it('is as large as it goes, in the middle', () => {
    expect(contained({ width: 400, height: 300 }, { width: 800, height: 800 })).toEqual({
      x: 0,
      y: 100,
      width: 800,
      height: 600,
    });
  });
});
