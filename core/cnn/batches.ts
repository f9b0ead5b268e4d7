// Films as a network takes them: normalised, in batches, augmented while learning.
// Must not know networks or losses.
import type { Tensor4D } from '@tensorflow/tfjs';
import { placeFilm } from './augment.ts';
import type { Placement } from './augment.ts';
import type { Tf } from './engine.ts';

/** Grey value v (0 to 255) becomes (v / 255 - mean) / deviation. Taken from the learning films, kept with the model. */
export interface Normalisation {
  mean: number;
  deviation: number;
}

/** Mean and standard deviation of the films at these places; a deviation of 1 where all pixels are the same. */
export function normalisationOf(pixels: Uint8Array, size: number, places: ArrayLike<number>): Normalisation {
  const area = size * size;
  let sum = 0;
  let squares = 0; // whole numbers, exact up to 2^53: enough for 10^11 pixels
  for (let i = 0; i < places.length; i++) {
    const from = (places[i] ?? 0) * area;
    for (let at = from; at < from + area; at++) {
      const grey = pixels[at] ?? 0;
      sum += grey;
      squares += grey * grey;
    }
  }
  const n = places.length * area;
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  return { mean: mean / 255, deviation: deviation > 0 ? deviation / 255 : 1 };
}

/**
 * The films at `places` as a tensor [places.length, size, size, 1]; the caller disposes of it.
 * @param placements one a film; null: the films as they are
 */
export function batchOf(
  tf: Tf,
  pixels: Uint8Array,
  size: number,
  places: ArrayLike<number>,
  { mean, deviation }: Normalisation,
  placements: Placement[] | null = null,
): Tensor4D {
  const area = size * size;
  const values = new Float32Array(places.length * area);
  const scale = 1 / (255 * deviation);
  const add = -mean / deviation;
  for (let i = 0; i < places.length; i++) {
    const from = (places[i] ?? 0) * area;
    const placement = placements?.[i];
    if (placement) {
      placeFilm(pixels.subarray(from, from + area), size, placement, values, i * area, scale, add);
      continue;
    }
    for (let at = 0; at < area; at++) values[i * area + at] = scale * (pixels[from + at] ?? 0) + add;
  }
  return tf.tensor4d(values, [places.length, size, size, 1]);
}

/** Films a call when nothing is learned: as many as keep the widest layer (about 32 floats a pixel) near 64 MB. */
export function filmsPerCall(size: number): number {
  return Math.max(1, Math.min(256, Math.floor(64e6 / (size * size * 32 * 4))));
}
