// Straightening a photographed film by its corners, against pictures whose answer is known.
import { describe, expect, it } from 'vitest';
import type { GreyPicture } from '#core/imaging/grey-picture.ts';
import { solve } from '#core/imaging/linear-system.ts';
import { homography, project, straighten } from '#core/imaging/straighten.ts';
import type { Corner } from '#core/imaging/straighten.ts';

const at = (x: number, y: number): Corner => ({ x, y });

/** A picture whose brightness is a plane: bilinear sampling gives it back exactly. */
function slope(width: number, height: number): GreyPicture {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = 2 * x + y;
  return { width, height, pixels };
}

describe('straighten', () => {
  const picture = slope(60, 40);
  const whole = [at(0, 0), at(60, 0), at(60, 40), at(0, 40)];

  it('by the corners of the picture itself changes nothing', () => {
    expect(straighten(picture, whole)).toEqual(picture);
  });

  it('by the corners of a rectangle cuts it out', () => {
    const cut = straighten(picture, [at(10, 5), at(40, 5), at(40, 30), at(10, 30)]);
    expect([cut.width, cut.height]).toEqual([30, 25]);
    expect(cut.pixels[0]).toBe(2 * 10 + 5);
    expect(cut.pixels[24 * 30 + 29]).toBe(2 * 39 + 29);
  });

  it('does not mirror when the corners go the other way round, and turns when they start elsewhere', () => {
    const other = straighten(picture, [at(0, 0), at(0, 40), at(60, 40), at(60, 0)]);
    expect(other).toEqual(picture);
    const turned = straighten(picture, [at(60, 0), at(60, 40), at(0, 40), at(0, 0)]);
    expect([turned.width, turned.height]).toEqual([40, 60]);
    expect(turned.pixels[0]).toBe(picture.pixels[59]);
  });

  it('takes perspective away: a chequered plane seen askew comes out square', () => {
    const corners = [at(20, 12), at(178, 30), at(160, 170), at(8, 140)] as [Corner, Corner, Corner, Corner];
    const side = 128;
    const square = [at(0, 0), at(side, 0), at(side, side), at(0, side)] as [Corner, Corner, Corner, Corner];
    const back = homography(corners, square)!;
    const seen: GreyPicture = { width: 190, height: 180, pixels: new Uint8Array(190 * 180) };
    for (let y = 0; y < 180; y++) {
      for (let x = 0; x < 190; x++) {
        const { x: u, y: v } = project(back, x + 0.5, y + 0.5);
        const inside = u >= 0 && v >= 0 && u < side && v < side;
        seen.pixels[y * 190 + x] = inside && (Math.floor(u / 16) + Math.floor(v / 16)) % 2 === 0 ? 220 : 30;
      }
    }
    const straight = straighten(seen, corners);
    const [right, down] = [straight.width / 8, straight.height / 8];
    for (let row = 0; row < 8; row++) {
      for (let column = 0; column < 8; column++) {
        const middle = Math.floor((row + 0.5) * down) * straight.width + Math.floor((column + 0.5) * right);
        expect(straight.pixels[middle], `${row} ${column}`).toBe((row + column) % 2 === 0 ? 220 : 30);
      }
    }
  });

  it('sizes the result by the means of opposite edges', () => {
    const { width, height } = straighten(picture, [at(0, 0), at(60, 0), at(50, 40), at(10, 40)]);
    expect(width).toBe(50);
    expect(height).toBe(Math.round(Math.hypot(10, 40)));
  });

  it.each([
    ['three in a line', [at(0, 0), at(30, 0), at(60, 0), at(0, 40)]],
    ['two in one place', [at(0, 0), at(0, 0), at(60, 40), at(0, 40)]],
    ['crossed', [at(0, 0), at(60, 40), at(60, 0), at(0, 40)]],
    ['one inside the others', [at(0, 0), at(60, 0), at(20, 10), at(0, 40)]],
    ['outside the picture', [at(0, 0), at(90, 0), at(90, 40), at(0, 40)]],
    ['too close together', [at(10, 10), at(20, 10), at(20, 20), at(10, 20)]],
    ['not numbers', [at(Number.NaN, 0), at(60, 0), at(60, 40), at(0, 40)]],
    ['three only', [at(0, 0), at(60, 0), at(60, 40)]],
    ['five', [...[at(0, 0), at(60, 0), at(60, 40), at(0, 40)], at(0, 20)]],
  ])('refuses corners that frame no film: %s', (_, corners) => {
    expect(() => straighten(picture, corners)).toThrowError(expect.objectContaining({ code: 'BAD_CORNERS' }));
  });
});

describe('linear systems', () => {
  it('are solved with rows exchanged where the first is zero', () => {
    expect([...solve([0, 2, 1, 1], [4, 3], 2)!]).toEqual([1, 2]);
  });

  it('have no answer where they are singular', () => {
    expect(solve([1, 2, 2, 4], [1, 2], 2)).toBeNull();
    expect(solve([0, 0, 0, 0], [0, 0], 2)).toBeNull();
  });
});
