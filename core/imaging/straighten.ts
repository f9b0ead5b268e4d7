// A photographed film, straightened by its four corners.
// Must not guess corners.
import { Problem } from '#core/problem.ts';
import type { GreyPicture } from './grey-picture.ts';
import { solve } from './linear-system.ts';

/** In pixels of the upright picture; the first pixel reaches from 0 to 1, so that a whole picture ends at its width. */
export interface Corner {
  x: number;
  y: number;
}

/** Shortest side of a film in a photograph, in pixels. */
const MIN_SIDE = 16;

/** How far outside the picture a dragged corner may lie, in pixels. */
const SLACK = 1;

/** Eight coefficients of a homography, the ninth is 1: x = (h0 u + h1 v + h2) / (h6 u + h7 v + 1), y likewise with h3 to h5. */
export type Homography = Float64Array;

/**
 * Maps the four corners, given in order around the film from its top left one, onto a rectangle whose sides are the means of
 * opposite edges. Corners given the other way round are turned, so that no film comes out mirrored. Bilinear, edges continued.
 * Throws BAD_CORNERS where they frame no film.
 */
export function straighten(picture: GreyPicture, corners: Corner[]): GreyPicture {
  const [a, b, c, d] = checkCorners(corners, picture);
  const width = Math.round((distance(a, b) + distance(d, c)) / 2);
  const height = Math.round((distance(b, c) + distance(a, d)) / 2);
  if (Math.min(width, height) < MIN_SIDE) throw new Problem('BAD_CORNERS');
  const map = homography(
    [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: width, y: height },
      { x: 0, y: height },
    ],
    [a, b, c, d],
  );
  if (!map) throw new Problem('BAD_CORNERS');
  const pixels = new Uint8Array(width * height);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const { x, y } = project(map, u + 0.5, v + 0.5);
      pixels[v * width + u] = Math.round(sample(picture, x - 0.5, y - 0.5));
    }
  }
  return { width, height, pixels };
}

type Quad = [Corner, Corner, Corner, Corner];

/** Four corners of a convex shape inside the picture, clockwise on the screen. */
function checkCorners(corners: Corner[], { width, height }: GreyPicture): Quad {
  const inside = ({ x, y }: Corner) => x >= -SLACK && y >= -SLACK && x <= width + SLACK && y <= height + SLACK;
  const [a, b, c, d] = corners;
  if (!a || !b || !c || !d || corners.length !== 4 || !corners.every(inside)) throw new Problem('BAD_CORNERS');
  const turns = [cross(a, b, c), cross(b, c, d), cross(c, d, a), cross(d, a, b)];
  if (turns.every((turn) => turn > 0)) return [a, b, c, d];
  if (turns.every((turn) => turn < 0)) return [a, d, c, b];
  throw new Problem('BAD_CORNERS');
}

/** Positive where the way from a over b to c turns to the right on the screen. */
function cross(a: Corner, b: Corner, c: Corner): number {
  return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

function distance(a: Corner, b: Corner): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The homography that takes four points to four others; null where three of them lie on a line. */
export function homography(from: Quad, to: Quad): Homography | null {
  const matrix: number[] = [];
  const right: number[] = [];
  for (const [index, { x: u, y: v }] of from.entries()) {
    const { x, y } = to[index] as Corner;
    matrix.push(u, v, 1, 0, 0, 0, -u * x, -v * x);
    matrix.push(0, 0, 0, u, v, 1, -u * y, -v * y);
    right.push(x, y);
  }
  return solve(matrix, right, 8);
}

export function project(map: Homography, u: number, v: number): Corner {
  const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0, h7 = 0] = map;
  const scale = h6 * u + h7 * v + 1;
  return { x: (h0 * u + h1 * v + h2) / scale, y: (h3 * u + h4 * v + h5) / scale };
}

/** Bilinear between pixel centres; beyond the edge the edge goes on. */
function sample({ pixels, width, height }: GreyPicture, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const x0 = Math.min(width - 1, Math.max(0, left));
  const x1 = Math.min(width - 1, Math.max(0, left + 1));
  const y0 = Math.min(height - 1, Math.max(0, top)) * width;
  const y1 = Math.min(height - 1, Math.max(0, top + 1)) * width;
  const across = x - left;
  const down = y - top;
  const upper = (pixels[y0 + x0] as number) * (1 - across) + (pixels[y0 + x1] as number) * across;
  const lower = (pixels[y1 + x0] as number) * (1 - across) + (pixels[y1 + x1] as number) * across;
  return upper * (1 - down) + lower * down;
}
