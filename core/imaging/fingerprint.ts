// What a film looks like, in 584 bytes: enough to find the same film re-saved, rescaled, cropped a little or brightened.
// Must not compare: that is done where groups are made.
import { COPY_SIDE, FINGERPRINT_BYTES, HASH_BYTES } from './fingerprint-layout.ts';
import type { GreyPicture } from './grey-picture.ts';
import { averageAreas } from './resample.ts';

/** Side of the picture the hash is taken from, and of the block of its lowest frequencies. */
const HASHED_SIDE = 32;
const KEPT_SIDE = 8;

/** The cosine basis: `BASIS[u * 32 + x]` = cos((2x + 1) u pi / 64). */
const BASIS = Float64Array.from({ length: KEPT_SIDE * HASHED_SIDE }, (_, at) => {
  const u = Math.floor(at / HASHED_SIDE);
  const x = at % HASHED_SIDE;
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * HASHED_SIDE));
});

/**
 * The fingerprint of a film from its small copy (longer side 160 px, as it is shown). The copy is stretched to a square, so that
 * a cropped side shifts little.
 */
export function fingerprint(small: GreyPicture): Uint8Array {
  const bytes = new Uint8Array(FINGERPRINT_BYTES);
  bytes.set(hash(averageAreas(small, GREY, 0, { width: HASHED_SIDE, height: HASHED_SIDE })));
  const copy = averageAreas(small, GREY, 0, { width: COPY_SIDE, height: COPY_SIDE });
  for (let at = 0; at < copy.length; at++) bytes[HASH_BYTES + at] = Math.round(copy[at] as number);
  return bytes;
}

/** Every grey stands for itself. */
const GREY = Float32Array.from({ length: 256 }, (_, grey) => grey);

/**
 * 64 signs of the lowest frequencies of a 32 x 32 picture: each coefficient of the two-dimensional cosine transform above
 * or below their median. The mean brightness (first coefficient) only fills its place.
 */
function hash(picture: Float32Array): Uint8Array {
  const coefficients = cosines(picture);
  const median = Float64Array.from(coefficients.subarray(1)).sort()[31] ?? 0;
  const bytes = new Uint8Array(HASH_BYTES);
  for (let bit = 0; bit < 64; bit++) {
    if ((coefficients[bit] as number) > median) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (128 >> (bit & 7));
  }
  return bytes;
}

/** The 8 x 8 lowest coefficients of the cosine transform (DCT-II, not scaled). */
function cosines(picture: Float32Array): Float64Array {
  const rows = new Float64Array(HASHED_SIDE * KEPT_SIDE);
  for (let y = 0; y < HASHED_SIDE; y++) {
    for (let u = 0; u < KEPT_SIDE; u++) {
      let sum = 0;
      for (let x = 0; x < HASHED_SIDE; x++) {
        sum += (picture[y * HASHED_SIDE + x] as number) * (BASIS[u * HASHED_SIDE + x] as number);
      }
      rows[y * KEPT_SIDE + u] = sum;
    }
  }
  const output = new Float64Array(KEPT_SIDE * KEPT_SIDE);
  for (let v = 0; v < KEPT_SIDE; v++) {
    for (let u = 0; u < KEPT_SIDE; u++) {
      let sum = 0;
      for (let y = 0; y < HASHED_SIDE; y++) {
        sum += (rows[y * KEPT_SIDE + u] as number) * (BASIS[v * HASHED_SIDE + y] as number);
      }
      output[v * KEPT_SIDE + u] = sum;
    }
  }
  return output;
}
