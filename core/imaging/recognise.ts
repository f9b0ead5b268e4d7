// What a file is, from its first bytes.
// Must not read further than the marks that name a format, and must not look at names.
import type { MediaType } from './film.ts';

/** DICOM first: a file may carry the mark of another format in its free first 128 bytes (PS3.10 7.1). */
export function recognise(bytes: Buffer): MediaType | null {
  if (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') return 'application/dicom';
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (starts(bytes, [0x49, 0x49, 42, 0]) || starts(bytes, [0x4d, 0x4d, 0, 42])) return 'image/tiff';
  if (starts(bytes, [0x49, 0x49, 43, 0]) || starts(bytes, [0x4d, 0x4d, 0, 43])) return 'image/tiff';
  return null;
}

function starts(bytes: Buffer, mark: number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, at) => bytes[at] === byte);
}
