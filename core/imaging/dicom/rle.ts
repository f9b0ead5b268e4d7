// RLE frames (PS3.5 annex G): byte planes, each packed by runs.
// Must not allocate more than the packed bytes can hold, and must not leave a pixel unfilled.
import { Problem } from '#core/problem.ts';

/** Two bytes can stand for at most 128 (G.3.1). */
const MOST_A_BYTE = 64;

/**
 * Unpacks one frame to `pixels * samples * bytesEach` bytes, little-endian, sample planes one behind the other.
 * Throws FILM_CUT_SHORT where a plane is not filled, FILM_DAMAGED where the header makes no sense.
 */
export function unpackRle(file: string, packed: Buffer, pixels: number, samples: number, bytesEach: number): Buffer {
  const planes = samples * bytesEach;
  if (packed.length < 64) throw new Problem('FILM_CUT_SHORT', { file });
  if (packed.readUInt32LE(0) !== planes) throw new Problem('FILM_DAMAGED', { file });
  const starts = Array.from({ length: planes }, (_, index) => packed.readUInt32LE(4 + 4 * index));
  if (pixels > MOST_A_BYTE * packed.length) throw new Problem('FILM_CUT_SHORT', { file });
  const output = Buffer.alloc(pixels * planes);
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? packed.length;
    if (start < 64 || end < start) throw new Problem('FILM_DAMAGED', { file });
    if (end > packed.length) throw new Problem('FILM_CUT_SHORT', { file });
    // the most significant byte's plane comes first (G.2)
    const sample = Math.floor(index / bytesEach);
    const byte = bytesEach - 1 - (index % bytesEach);
    const from = sample * pixels * bytesEach + byte;
    if (unpackPlane(packed.subarray(start, end), output, from, bytesEach, pixels) < pixels) {
      throw new Problem('FILM_CUT_SHORT', { file });
    }
  }
  return output;
}

/** PackBits as in G.3.2; every `step`-th byte from `from` on is written. Gives the bytes written. */
function unpackPlane(packed: Buffer, output: Buffer, from: number, step: number, pixels: number): number {
  let written = 0;
  let at = 0;
  while (at < packed.length && written < pixels) {
    const code = packed[at++] as number;
    if (code === 128) continue;
    if (code < 128) {
      const count = Math.min(code + 1, pixels - written, packed.length - at);
      for (let index = 0; index < count; index++) output[from + step * written++] = packed[at + index] as number;
      at += code + 1;
    } else {
      const value = packed[at++];
      if (value === undefined) break;
      const count = Math.min(257 - code, pixels - written);
      for (let index = 0; index < count; index++) output[from + step * written++] = value;
    }
  }
  return written;
}
