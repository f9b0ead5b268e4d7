// Walks the chunks of a PNG: lengths, check sums, the end mark, and what the header claims.
// Must not decode: libvips does, but it takes no notice of a missing end.
import { crc32 } from 'node:zlib';
import { Problem } from '#core/problem.ts';
import type { OpenedFile } from '../opened-file.ts';

/** Deflate packs at most 1032 bytes into one (RFC 1951: 258 bytes a code of 2 bits). */
const MOST_A_BYTE = 1032;

/** What decoding needs, and what says how the film lies. Texts, profiles and animation frames are left out:
 * libpng unpacks them, and a thousand small ones fill the memory. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'eXIf']);

const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export interface PngClaims {
  width: number;
  height: number;
  bits: number;
  coloured: boolean;
  /** The file without what decoding does not need; the same buffer where nothing had to go. */
  decodable: Buffer;
}

/** Reads chunks to the end mark (PNG third edition, 5.3); throws what is wrong with them. */
export function checkPng({ file, bytes }: Pick<OpenedFile, 'file' | 'bytes'>): PngClaims {
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  let at = 8;
  let header: ReturnType<typeof readHeader> | null = null;
  let pixelBytes = 0;
  let superfluous = false;
  const kept = [bytes.subarray(0, 8)];
  for (;;) {
    if (at + 12 > bytes.length) throw new Problem('FILM_CUT_SHORT', { file });
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) throw new Problem('FILM_CUT_SHORT', { file });
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) throw damaged();
    if ((header === null) !== (type === 'IHDR')) throw damaged();
    if (type === 'IHDR') header = readHeader(file, bytes.subarray(at + 8, at + 8 + length));
    if (type === 'IDAT') pixelBytes += length;
    if (NEEDED.has(type)) kept.push(bytes.subarray(at, at + 12 + length));
    else superfluous = true;
    at += 12 + length;
    if (type === 'IEND') break;
  }
  if (!header || pixelBytes === 0) throw damaged();
  if (header.rawBytes > pixelBytes * MOST_A_BYTE) throw new Problem('FILM_CUT_SHORT', { file });
  const decodable = superfluous || at < bytes.length ? Buffer.concat(kept) : bytes;
  const { width, height, bits, coloured } = header;
  return { width, height, bits, coloured, decodable };
}

function readHeader(file: string, header: Buffer) {
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  if (header.length !== 13) throw damaged();
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const bits = header.readUInt8(8);
  const colourType = header.readUInt8(9);
  const samples = SAMPLES[colourType];
  if (width === 0 || height === 0 || !samples || ![1, 2, 4, 8, 16].includes(bits)) throw damaged();
  const coloured = (colourType & 2) !== 0;
  return { width, height, bits, coloured, rawBytes: Math.ceil((width * samples * bits) / 8) * height };
}
