// A film made smaller by halves, for showing it smaller than it is: every stored value counts, so that thin lines
// neither vanish nor break up. Arithmetic only.
import type { StoredValues } from './films.ts';

export interface Level {
  width: number;
  height: number;
  values: StoredValues;
}

/** A level is taken until it would be shown at less than about 0.6 of its size. */
const TAKE_SMALLER = 0.3;

/** How often a film is halved before it is shown at a zoom, in screen pixels a film pixel. */
export function levelFor(zoom: number): number {
  return Math.max(0, Math.floor(Math.log2(1 / zoom) + TAKE_SMALLER));
}

/** Half as wide and high, rounded up: each value the mean of the two by two (at the edge, fewer) it stands for. */
export function halved({ width, height, values }: Level): Level {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const means = sameKind(values, half.width * half.height);
  for (let y = 0; y < half.height; y++) {
    const top = 2 * y * width;
    const bottom = 2 * y + 1 < height ? top + width : top;
    for (let x = 0; x < half.width; x++) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      const sum =
        (values[top + left] as number) +
        (values[top + right] as number) +
        (values[bottom + left] as number) +
        (values[bottom + right] as number);
      means[y * half.width + x] = Math.round(sum / 4);
    }
  }
  return { ...half, values: means };
}

function sameKind(values: StoredValues, length: number): StoredValues {
  if (values instanceof Uint8Array) return new Uint8Array(length);
  return values instanceof Int16Array ? new Int16Array(length) : new Uint16Array(length);
}
