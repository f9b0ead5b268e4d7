// Where the bytes of each frame lie: a stretch of native pixels, or fragments of encapsulated ones (PS3.5 A.4).
// Must not decode, and must not promise a frame whose bytes are not there.
import { Problem } from '#core/problem.ts';
import type { DataSet } from './elements.ts';
import { partsOf } from './elements.ts';
import type { Dicom, PixelClaims } from './open.ts';
import { rawOf } from './values.ts';

const PIXEL_DATA = 0x7fe00010;
const EXTENDED_OFFSETS = 0x7fe00001;

/** For each frame the stretches of bytes it is made of, in order. */
export type FrameBytes = Buffer[][];

/** Finds every frame. Throws FILM_CUT_SHORT where bytes are missing, FILM_DAMAGED where frames cannot be told apart. */
export function framesOf(dicom: Dicom, claims: PixelClaims): FrameBytes {
  const element = dicom.data.elements.get(PIXEL_DATA);
  if (!element) throw new Problem('NO_PIXELS', { file: dicom.file });
  const packed = dicom.syntax.packing !== 'native';
  if (packed !== element.undefinedLength) throw new Problem('FILM_DAMAGED', { file: dicom.file });
  return packed ? encapsulated(dicom, claims.frames) : native(dicom, claims);
}

function native(dicom: Dicom, claims: PixelClaims): FrameBytes {
  const { rows, columns, samples, frames, bitsAllocated, photometric } = claims;
  // the two colours of YBR_FULL_422 stand for two pixels each (PS3.3 C.7.6.3.1.2)
  const perPixel = photometric === 'YBR_FULL_422' ? 2 : samples;
  const frameBytes = rows * columns * perPixel * (bitsAllocated / 8);
  const raw = rawOf(dicom.data, PIXEL_DATA) ?? Buffer.alloc(0);
  if (raw.length < frameBytes * frames) throw new Problem('FILM_CUT_SHORT', { file: dicom.file });
  return Array.from({ length: frames }, (_, frame) => [raw.subarray(frame * frameBytes, (frame + 1) * frameBytes)]);
}

interface Fragment {
  /** Distance from the first fragment's item mark, as offset tables count. */
  offset: number;
  bytes: Buffer;
}

function encapsulated({ file, data }: Dicom, frames: number): FrameBytes {
  const element = data.elements.get(PIXEL_DATA);
  if (!element) throw new Problem('NO_PIXELS', { file });
  const [table, ...rest] = partsOf(data, element);
  const start = rest[0]?.value ?? 0;
  const fragments = rest.map(({ value, length }) => ({
    offset: value - start,
    bytes: data.bytes.subarray(value, value + length),
  }));
  if (!table || fragments.length < frames) throw new Problem('FILM_CUT_SHORT', { file });
  if (frames === 1) return [fragments.map((fragment) => fragment.bytes)];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment.bytes]);
  const starts =
    extendedOffsets(data, frames) ?? basicOffsets(data.bytes.subarray(table.value, table.value + table.length));
  return split(file, fragments, starts ?? imageStarts(fragments), frames);
}

/** Fragments from each start to the next. Every start must be the start of a fragment. */
function split(file: string, fragments: Fragment[], starts: number[], frames: number): FrameBytes {
  const begins = new Set(starts);
  const result: FrameBytes = [];
  for (const { offset, bytes } of fragments) {
    if (begins.delete(offset)) result.push([]);
    result.at(-1)?.push(bytes);
  }
  if (result.length !== frames || begins.size > 0) throw new Problem('FILM_DAMAGED', { file });
  return result;
}

function basicOffsets(table: Buffer): number[] | null {
  if (table.length < 4 || table.length % 4 !== 0) return null;
  return Array.from({ length: table.length / 4 }, (_, index) => table.readUInt32LE(4 * index));
}

function extendedOffsets(data: DataSet, frames: number): number[] | null {
  const raw = rawOf(data, EXTENDED_OFFSETS);
  if (!raw || raw.length !== 8 * frames) return null;
  return Array.from({ length: frames }, (_, index) => Number(raw.readBigUInt64LE(8 * index)));
}

/** Without a table: a fragment that begins with the first mark of a JPEG or JPEG 2000 picture begins a frame. */
function imageStarts(fragments: Fragment[]): number[] {
  return fragments
    .filter(
      ({ bytes }) =>
        bytes.length > 3 && bytes[0] === 0xff && ((bytes[1] === 0xd8 && bytes[2] === 0xff) || bytes[1] === 0x4f),
    )
    .map(({ offset }) => offset);
}
