// Where a film lies on the screen: the way there and back, turns and mirrors, fit, 1:1 and zoom.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  filmMatrix,
  filmToScreen,
  fitted,
  flipHorizontal,
  flipVertical,
  oneToOne,
  panned,
  screenToFilm,
  turnLeft,
  turnRight,
  upright,
  zoomed,
} from '#renderer/viewer/view.ts';
import type { Orientation, View } from '#renderer/viewer/view.ts';

const film = { width: 200, height: 300 };
const viewer = { width: 800, height: 600 };

const orientations = fc.record({
  mirrored: fc.boolean(),
  quarters: fc.constantFrom<Orientation['quarters']>(0, 1, 2, 3),
});
const coordinate = fc.double({ min: -500, max: 3000, noNaN: true });
const points = fc.record({ x: coordinate, y: coordinate });
const views: fc.Arbitrary<View> = fc.record({
  orientation: orientations,
  center: points,
  scale: fc.double({ min: 0.02, max: 40, noNaN: true }),
});

/** Where a corner of the film stands, as seen: left or right, top or bottom. */
function place(orientation: Orientation, x: number, y: number): string {
  const at = filmToScreen(fitted(film, viewer, orientation), viewer, { x, y });
  return `${at.y < 300 ? 'top' : 'bottom'} ${at.x < 400 ? 'left' : 'right'}`;
}

describe('the way between film and screen', () => {
  it('leads back to where it began', () => {
    fc.assert(
      fc.property(views, points, (view, point) => {
        const back = screenToFilm(view, viewer, filmToScreen(view, viewer, point));
        expect(back.x).toBeCloseTo(point.x, 6);
        expect(back.y).toBeCloseTo(point.y, 6);
      }),
    );
  });

  it('is the matrix that overlays are drawn with', () => {
    fc.assert(
      fc.property(views, points, (view, point) => {
        const [a, b, c, d, e, f] = filmMatrix(view, viewer);
        const at = filmToScreen(view, viewer, point);
        expect(a * point.x + c * point.y + e).toBeCloseTo(at.x, 4);
        expect(b * point.x + d * point.y + f).toBeCloseTo(at.y, 4);
      }),
    );
  });
});

describe('turning and flipping', () => {
  it('turns clockwise as seen', () => {
    expect(place(upright, 0, 0)).toBe('top left');
    expect(place(turnRight(upright), 0, 0)).toBe('top right');
    expect(place(turnRight(turnRight(upright)), 0, 0)).toBe('bottom right');
    expect(place(turnLeft(upright), 0, 0)).toBe('bottom left');
  });

  it('changes left and right of the screen, even of a turned film', () => {
    fc.assert(
      fc.property(orientations, (orientation) => {
        const [side, other] = [place(orientation, 0, 0), place(flipHorizontal(orientation), 0, 0)];
        expect(other.split(' ')[0]).toBe(side.split(' ')[0]);
        expect(other.split(' ')[1]).not.toBe(side.split(' ')[1]);
        const upside = place(flipVertical(orientation), 0, 0);
        expect(upside.split(' ')[0]).not.toBe(side.split(' ')[0]);
        expect(upside.split(' ')[1]).toBe(side.split(' ')[1]);
      }),
    );
  });

  it('undoes itself, and both flips are half a turn and not a mirror', () => {
    fc.assert(
      fc.property(orientations, (orientation) => {
        expect(flipHorizontal(flipHorizontal(orientation))).toEqual(orientation);
        expect(flipVertical(flipVertical(orientation))).toEqual(orientation);
        expect(turnLeft(turnRight(orientation))).toEqual(orientation);
        expect(flipVertical(flipHorizontal(orientation))).toEqual(turnRight(turnRight(orientation)));
      }),
    );
  });
});

describe('fit', () => {
  it('shows the whole film, as large as it goes', () => {
    expect(fitted(film, viewer, upright).scale).toBe(2);
    expect(fitted(film, viewer, turnRight(upright)).scale).toBeCloseTo(800 / 300, 10);
    expect(filmToScreen(fitted(film, viewer, upright), viewer, { x: 100, y: 150 })).toEqual({ x: 400, y: 300 });
  });

  it('does not fail in a window without room', () => {
    expect(fitted(film, { width: 0, height: 0 }, upright).scale).toBeGreaterThan(0);
  });
});

describe('1:1', () => {
  it('lays edges of film pixels on edges of screen pixels, whatever the pixel ratio', () => {
    fc.assert(
      fc.property(views, fc.constantFrom(1, 1.25, 1.5, 2), fc.integer({ min: 300, max: 901 }), (view, ratio, width) => {
        const odd = { width, height: 601 };
        const exact = oneToOne(view, odd, ratio);
        expect(exact.scale * ratio).toBeCloseTo(1, 10);
        const corner = filmToScreen(exact, odd, { x: 0, y: 0 });
        for (const at of [corner.x * ratio, corner.y * ratio]) expect(Math.abs(at - Math.round(at))).toBeLessThan(1e-6);
      }),
    );
  });

  it('stays where one was looking', () => {
    const view = { orientation: upright, center: { x: 81.3, y: 120.8 }, scale: 3 };
    const exact = oneToOne(view, viewer, 1);
    expect(Math.hypot(exact.center.x - 81.3, exact.center.y - 120.8)).toBeLessThan(0.75);
  });
});

describe('zoom and pan', () => {
  it('keeps the film point under the hand', () => {
    fc.assert(
      fc.property(views, points, fc.double({ min: 0.2, max: 5, noNaN: true }), (view, at, factor) => {
        const before = screenToFilm(view, viewer, at);
        const after = screenToFilm(zoomed(view, viewer, factor, at, 1), viewer, at);
        expect(after.x).toBeCloseTo(before.x, 4);
        expect(after.y).toBeCloseTo(before.y, 4);
      }),
    );
  });

  it('ends at 64 screen pixels a film pixel, and at a fiftieth', () => {
    const view = fitted(film, viewer, upright);
    expect(zoomed(view, viewer, 1e6, { x: 0, y: 0 }, 2).scale).toBe(32);
    expect(zoomed(view, viewer, 1e-6, { x: 0, y: 0 }, 1).scale).toBe(0.02);
  });

  it('moves the film with the hand, turned and mirrored too', () => {
    fc.assert(
      fc.property(orientations, (orientation) => {
        const view = { orientation, center: { x: 100, y: 150 }, scale: 2 };
        const before = filmToScreen(view, viewer, { x: 90, y: 140 });
        const after = filmToScreen(panned(view, film, { x: 30, y: -20 }), viewer, { x: 90, y: 140 });
        expect(after.x - before.x).toBeCloseTo(30, 6);
        expect(after.y - before.y).toBeCloseTo(-20, 6);
      }),
    );
  });

  it('does not lose the film', () => {
    const { center } = panned(fitted(film, viewer, upright), film, { x: 1e6, y: -1e6 });
    expect(center).toEqual({ x: 0, y: 300 });
  });
});
