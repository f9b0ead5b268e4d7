// Walks the directories of a TIFF: its pages, where their bytes lie and whether they lie in the file.
// Must not decode: libvips does.
import { Problem } from '#core/problem.ts';
import type { OpenedFile } from '../opened-file.ts';

const MAX_PAGES = 2000;

/** Values read from all directories together: directories may point at the same table again and again. */
const MAX_VALUES = 4_000_000;

/** Bytes of one value of each field type (TIFF 6.0, section 2; BigTIFF adds 16 to 18). */
const TYPE_BYTES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

export interface TiffPage {
  /** Place among all directories of the file, as libvips counts. */
  page: number;
  width: number;
  height: number;
  bits: number;
  coloured: boolean;
}

interface Reader {
  bytes: Buffer;
  little: boolean;
  big: boolean;
  valuesLeft: number;
}

/** The pages that hold films, in order; smaller copies of a page are passed over. Throws what is wrong. */
export function checkTiff({ file, bytes }: Pick<OpenedFile, 'file' | 'bytes'>): TiffPage[] {
  const cutShort = () => new Problem('FILM_CUT_SHORT', { file });
  const reader: Reader = {
    bytes,
    little: bytes[0] === 0x49,
    big: (bytes[2] ?? 0) + (bytes[3] ?? 0) === 43,
    valuesLeft: MAX_VALUES,
  };
  const seen = new Set<number>();
  const pages: TiffPage[] = [];
  if (bytes.length < 16) throw cutShort();
  let at = reader.big ? whole(reader, 8, 8) : whole(reader, 4, 4);
  while (at !== 0) {
    if (seen.has(at) || seen.size >= MAX_PAGES) throw new Problem('FILM_DAMAGED', { file });
    const countBytes = reader.big ? 8 : 2;
    const entryBytes = reader.big ? 20 : 12;
    if (at < 8 || at + countBytes > bytes.length) throw cutShort();
    const entries = whole(reader, at, countBytes);
    const end = at + countBytes + entries * entryBytes;
    if (end + (reader.big ? 8 : 4) > bytes.length) throw cutShort();
    const fields = new Map<number, number>();
    for (let entry = at + countBytes; entry < end; entry += entryBytes) fields.set(whole(reader, entry, 2), entry);
    const page = readPage(file, reader, fields, seen.size);
    if (page) pages.push(page);
    seen.add(at);
    at = whole(reader, end, reader.big ? 8 : 4);
  }
  if (pages.length === 0) throw new Problem('FILM_DAMAGED', { file });
  return pages;
}

function readPage(file: string, reader: Reader, fields: Map<number, number>, page: number): TiffPage | null {
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  const read = (tag: number): number[] => {
    const entry = fields.get(tag);
    const values = entry === undefined ? [] : valuesAt(reader, entry);
    if (!values) throw new Problem('FILM_CUT_SHORT', { file });
    return values;
  };
  if (((read(254)[0] ?? 0) & 1) === 1) return null;
  const [width = 0] = read(256);
  const [height = 0] = read(257);
  const bits = Math.max(1, ...read(258).slice(0, 8));
  const format = Math.max(1, ...read(339).slice(0, 8));
  if (width === 0 || height === 0) throw damaged();
  if (format !== 1 || ![1, 2, 4, 8, 16].includes(bits)) {
    const kind = format === 2 ? 'signed' : format === 3 ? 'floating-point' : 'unusual';
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: `TIFF with ${bits}-bit ${kind} values` });
  }
  const tiled = fields.has(324);
  const parts = { offsets: read(tiled ? 324 : 273), counts: read(tiled ? 325 : 279) };
  const stored = bytesIn(file, reader.bytes.length, parts);
  const plain = (read(259)[0] ?? 1) === 1;
  const needed = Math.ceil((width * bits * (read(277)[0] ?? 1)) / 8) * height;
  if (plain && stored < needed) throw new Problem('FILM_CUT_SHORT', { file });
  return { page, width, height, bits, coloured: (read(262)[0] ?? 0) > 1 };
}

/** Bytes in all strips or tiles; every one must lie in the file and hold something. */
function bytesIn(file: string, bytes: number, { offsets, counts }: { offsets: number[]; counts: number[] }): number {
  if (offsets.length === 0 || counts.length !== offsets.length) throw new Problem('FILM_DAMAGED', { file });
  let sum = 0;
  for (const [index, offset] of offsets.entries()) {
    const count = counts[index] ?? 0;
    if (count === 0 || offset + count > bytes) throw new Problem('FILM_CUT_SHORT', { file });
    sum += count;
  }
  return sum;
}

/** The whole numbers of one field, or null where they lie outside the file. */
function valuesAt(reader: Reader, entry: number): number[] | null {
  const size = TYPE_BYTES[whole(reader, entry + 2, 2)];
  if (size === undefined) return [];
  const wide = reader.big ? 8 : 4;
  const count = whole(reader, entry + 4, wide);
  const inside = count * size <= wide;
  const at = inside ? entry + 4 + wide : whole(reader, entry + 4 + wide, wide);
  if (at + count * size > reader.bytes.length) return null;
  reader.valuesLeft -= count;
  if (reader.valuesLeft < 0) return null;
  return Array.from({ length: count }, (_, index) => whole(reader, at + index * size, size));
}

/** An unsigned whole number of 1, 2, 4 or 8 bytes; one beyond 2^53 is beyond every file. */
function whole({ bytes, little }: Reader, at: number, size: number): number {
  if (size === 1) return bytes.readUInt8(at);
  if (size === 2) return little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  if (size === 4) return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}
