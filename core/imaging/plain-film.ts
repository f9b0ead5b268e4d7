// A film that says nothing of itself but its pixels: pictures, and grey pictures to be looked at further.
// Must not decode.
import type { Film } from './film.ts';

/** `pixels` row by row, upright, 0 black; stored values are modality values. */
export function plainFilm(width: number, height: number, bits: number, pixels: Uint8Array | Uint16Array): Film {
  return {
    width,
    height,
    bits,
    pixels,
    slope: 1,
    intercept: 0,
    inverted: false,
    windows: [],
    voiLut: null,
    pixelSpacingMm: null,
    pixelSpacingSource: null,
  };
}
