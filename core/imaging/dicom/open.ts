// Opens a DICOM file: its header, its data set, and what it claims of its pixels, checked against what is there.
// Must not decode pixels, and allocates nothing by a claim of the file.
import { inflateRawSync } from 'node:zlib';
import { Problem } from '#core/problem.ts';
import type { OpenedFile } from '../opened-file.ts';
import { checkSize } from '../size.ts';
import { readElements } from './elements.ts';
import type { DataSet } from './elements.ts';
import { nameOfSyntax, syntaxOf } from './syntax.ts';
import type { TransferSyntax } from './syntax.ts';
import { decimal, short, text } from './values.ts';

/** Where elements begin: 128 free bytes, then the mark "DICM" (PS3.10 7.1). */
const AFTER_MARK = 132;

/** What deflated bytes may swell to: three times the file, and room for one large film. */
const MAX_INFLATED = (bytes: number) => 3 * bytes + 64 * 1024 * 1024;

export interface Dicom {
  file: string;
  meta: DataSet;
  /** Its `bytes` are the file's own, or the inflated ones of a deflated file. */
  data: DataSet;
  syntaxUid: string;
  syntax: TransferSyntax;
}

/** What a DICOM file claims of its pixels (PS3.3 C.7.6.3). */
export interface PixelClaims {
  rows: number;
  columns: number;
  frames: number;
  samples: number;
  photometric: string;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  planar: boolean;
}

/** Reads header and elements. Throws FILM_CUT_SHORT, FILM_DAMAGED or UNSUPPORTED_ENCODING. */
export function openDicom({ file, bytes }: Pick<OpenedFile, 'file' | 'bytes'>): Dicom {
  const head = { file, bytes, explicit: true, little: true };
  const { dataSet: meta, end } = readElements(head, AFTER_MARK, bytes.length, (tag) => tag >>> 16 !== 0x0002);
  const syntaxUid = text(meta, 0x00020010) ?? '';
  const syntax = syntaxOf(syntaxUid);
  if (!syntax) throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: nameOfSyntax(syntaxUid) });
  const { explicit, little, deflated } = syntax;
  const body = deflated ? inflate(file, bytes.subarray(end)) : bytes;
  const { dataSet } = readElements({ file, bytes: body, explicit, little }, deflated ? 0 : end, body.length);
  return { file, meta, data: dataSet, syntaxUid, syntax };
}

function inflate(file: string, packed: Buffer): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: MAX_INFLATED(packed.length) });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'Z_BUF_ERROR') throw new Problem('FILM_CUT_SHORT', { file }, { cause: error });
    throw new Problem('FILM_DAMAGED', { file }, { cause: error });
  }
}

/** Claims of the pixel module, each in its bounds. Throws NO_PIXELS, FILM_TOO_LARGE and their like. */
export function pixelClaims({ file, data }: Dicom): PixelClaims {
  if (data.elements.has(0x7fe00008) || data.elements.has(0x7fe00009)) {
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: 'floating-point pixels' });
  }
  if (!data.elements.has(0x7fe00010)) throw new Problem('NO_PIXELS', { file });
  const rows = short(data, 0x00280010) ?? 0;
  const columns = short(data, 0x00280011) ?? 0;
  const bitsAllocated = short(data, 0x00280100) ?? 0;
  const bitsStored = short(data, 0x00280101) ?? bitsAllocated;
  const claims: PixelClaims = {
    rows,
    columns,
    frames: decimal(data, 0x00280008) ?? 1,
    samples: short(data, 0x00280002) ?? 1,
    photometric: text(data, 0x00280004) ?? '',
    bitsAllocated,
    bitsStored,
    highBit: short(data, 0x00280102) ?? bitsStored - 1,
    signed: short(data, 0x00280103) === 1,
    planar: short(data, 0x00280006) === 1,
  };
  if (rows <= 0 || columns <= 0) throw new Problem('FILM_DAMAGED', { file });
  checkSize(file, columns, rows);
  checkBits(file, claims);
  return claims;
}

function checkBits(file: string, claims: PixelClaims): void {
  const { frames, samples, bitsAllocated, bitsStored, highBit } = claims;
  if (!Number.isInteger(frames) || frames < 1) throw new Problem('FILM_DAMAGED', { file });
  if (samples !== 1 && samples !== 3) throw new Problem('FILM_DAMAGED', { file });
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    const encoding = `${bitsAllocated || 'an unknown number of'} bits a pixel`;
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding });
  }
  const fits = bitsStored >= 1 && highBit < bitsAllocated && highBit >= bitsStored - 1;
  if (!fits) throw new Problem('FILM_DAMAGED', { file });
}
