// Small turns, shifts and mirroring of films while a network learns, so that it does not learn places by heart.
// Pure: bytes and random numbers in, a sampling rule out. No tensors, so that every engine sees the same films.
import type { RunSettings } from '#api/runs.ts';
import type { Random } from '#core/random.ts';

/** Where a film lies under its augmentation: source = matrix * (target - middle) + middle + shift, in pixels. */
export interface Placement {
  cos: number;
  sin: number;
  shiftX: number;
  shiftY: number;
  mirrored: boolean;
}

const largestTurn = (10 * Math.PI) / 180;
const largestShift = 0.06; // of the side

/** Draws a placement. Draws equally often whatever is switched on, so that switching one off leaves the others alone. */
export function drawPlacement(
  generator: Random,
  size: number,
  { augmentation, mirror }: Pick<RunSettings, 'augmentation' | 'mirror'>,
): Placement {
  const [turn, x, y, side] = [generator.uniform(), generator.uniform(), generator.uniform(), generator.uniform()];
  const angle = augmentation ? (2 * turn - 1) * largestTurn : 0;
  const shift = augmentation ? largestShift * size : 0;
  return {
    cos: Math.cos(angle),
    sin: Math.sin(angle),
    shiftX: (2 * x - 1) * shift,
    shiftY: (2 * y - 1) * shift,
    mirrored: mirror && side < 0.5,
  };
}

/**
 * One film under a placement, linear between pixels; beyond the edge the edge goes on (black corners would tell a
 * turned film from a straight one). Writes size * size values from `offset` on, each `scale * grey + add`.
 */
export function placeFilm(
  film: Uint8Array,
  size: number,
  { cos, sin, shiftX, shiftY, mirrored }: Placement,
  target: Float32Array,
  offset: number,
  scale: number,
  add: number,
): void {
  const middle = (size - 1) / 2;
  const last = size - 1;
  for (let row = 0; row < size; row++) {
    const v = row - middle;
    for (let column = 0; column < size; column++) {
      const u = mirrored ? middle - column : column - middle;
      const x = Math.min(last, Math.max(0, cos * u - sin * v + middle + shiftX));
      const y = Math.min(last, Math.max(0, sin * u + cos * v + middle + shiftY));
      const left = Math.min(Math.floor(x), last - 1);
      const top = Math.min(Math.floor(y), last - 1);
      const fx = x - left;
      const fy = y - top;
      const at = top * size + left;
      const upper = (film[at] ?? 0) * (1 - fx) + (film[at + 1] ?? 0) * fx;
      const lower = (film[at + size] ?? 0) * (1 - fx) + (film[at + size + 1] ?? 0) * fx;
      target[offset + row * size + column] = scale * (upper * (1 - fy) + lower * fy) + add;
    }
  }
}
