// JPEG lossless, JPEG-LS and JPEG 2000 frames, each checked by its own header before a codec allocates anything.
// Must not hand on a frame the codec did not fill.
import loadCharls from '@cornerstonejs/codec-charls/decodewasmjs';
import loadOpenjpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { Decoder as LosslessDecoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import { Problem } from '#core/problem.ts';
import { JPEG_LS, LOSSLESS, walkJpeg } from '../picture/jpeg.ts';
import type { PixelClaims } from './open.ts';

/** Samples as the codec gives them: interleaved, in the low bits. */
export interface Decoded {
  samples: Uint8Array | Uint16Array;
  bits: number;
  signed: boolean;
}

/** A codec's memory only grows; past this it is let go after the frame. */
const MAX_KEPT_MEMORY = 256 * 1024 * 1024;

/** JPEG lossless, process 14 (T.81 annex H). */
export function decodeLossless(file: string, bytes: Buffer, claims: PixelClaims): Decoded {
  const header = walkJpeg({ file, bytes });
  const fits = header.process === LOSSLESS && sameShape(header, claims) && header.bits >= 2 && header.bits <= 16;
  if (!fits) throw new Problem('FILM_DAMAGED', { file });
  // the decoder knows neither, and would give wrong pixels without a word
  if (header.pointTransform !== 0 || header.components !== 1) {
    const kind = header.components === 1 ? 'JPEG lossless with a point transform' : 'JPEG lossless in colour';
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: kind });
  }
  const decoder = new LosslessDecoder();
  const samples = attempt(file, () => {
    const copy = new Uint8Array(bytes);
    return decoder.decode(copy.buffer, 0, copy.length, header.bits > 8 ? 2 : 1);
  });
  // where the coded bytes end early the decoder stops there, or reads on behind them
  const read = decoder.stream?.index ?? Infinity;
  if (decoder.yLoc < claims.rows || read > bytes.length) throw new Problem('FILM_CUT_SHORT', { file });
  return { samples, bits: header.bits, signed: false };
}

/** JPEG-LS, lossless and near-lossless (T.87). */
export async function decodeJpegLs(file: string, bytes: Buffer, claims: PixelClaims): Promise<Decoded> {
  const header = walkJpeg({ file, bytes });
  if (header.process !== JPEG_LS || !sameShape(header, claims)) throw new Problem('FILM_DAMAGED', { file });
  charls ??= loadCharls(silent());
  const module = await charls;
  try {
    return runCodec(file, new module.JpegLSDecoder(), bytes, claims);
  } catch (error) {
    charls = null;
    throw error;
  } finally {
    if (module.HEAPU8.length > MAX_KEPT_MEMORY) charls = null;
  }
}

/** JPEG 2000 part 1 (T.800), as a bare codestream. */
export async function decodeJpeg2000(file: string, bytes: Buffer, claims: PixelClaims): Promise<Decoded> {
  checkCodestream(file, bytes, claims);
  openjpeg ??= loadOpenjpeg(silent());
  const module = await openjpeg;
  try {
    return runCodec(file, new module.J2KDecoder(), bytes, claims);
  } catch (error) {
    openjpeg = null;
    throw error;
  } finally {
    if (module.HEAPU8.length > MAX_KEPT_MEMORY) openjpeg = null;
  }
}

/** Each codec makes itself out of the object it is given, so that each needs one of its own. */
const silent = () => ({ print: () => undefined, printErr: () => undefined });
let charls: ReturnType<typeof loadCharls> | null = null;
let openjpeg: ReturnType<typeof loadOpenjpeg> | null = null;

function runCodec(file: string, codec: Codec, bytes: Buffer, claims: PixelClaims): Decoded {
  return attempt(file, () => {
    codec.getEncodedBuffer(bytes.length).set(bytes);
    codec.decode();
    const info = codec.getFrameInfo();
    const buffer = codec.getDecodedBuffer();
    const bytesEach = info.bitsPerSample > 8 ? 2 : 1;
    const count = claims.rows * claims.columns * claims.samples;
    const same = info.width === claims.columns && info.height === claims.rows && info.componentCount === claims.samples;
    if (buffer.length !== count * bytesEach || !same) throw new Error('the codec did not fill the frame');
    const copy = new Uint8Array(buffer);
    codec.delete();
    const samples = bytesEach === 1 ? copy : new Uint16Array(copy.buffer);
    return { samples, bits: info.bitsPerSample, signed: info.isSigned === true };
  });
}

/** SIZ marker and end mark (T.800 A.5.1, A.4.4): same size, no more tiles than a codestream may have, there to its end. */
function checkCodestream(file: string, bytes: Buffer, claims: PixelClaims): void {
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  if (bytes.length < 4) throw new Problem('FILM_CUT_SHORT', { file });
  if (bytes.readUInt32BE(0) === 12) {
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: 'JPEG 2000 in a file of its own' });
  }
  if (bytes.readUInt32BE(0) !== 0xff4fff51) throw damaged();
  if (bytes.length < 42 + 3 * claims.samples) throw new Problem('FILM_CUT_SHORT', { file });
  const at = (index: number) => bytes.readUInt32BE(8 + 4 * index);
  const width = at(0) - at(2);
  const height = at(1) - at(3);
  const tiles = Math.ceil((at(0) - at(6)) / at(4)) * Math.ceil((at(1) - at(7)) / at(5));
  const components = bytes.readUInt16BE(40);
  if (!sameShape({ width, height, components }, claims) || !(tiles >= 1 && tiles <= 65535)) throw damaged();
  for (let index = 0; index < components; index++) {
    const bits = (bytes.readUInt8(42 + 3 * index) & 127) + 1;
    if (bits > 16 || bytes.readUInt16BE(43 + 3 * index) !== 0x0101) throw damaged();
  }
  if (!endsWhole(bytes)) throw new Problem('FILM_CUT_SHORT', { file });
}

/** Some bytes of padding may follow the end mark, which cannot stand inside coded bytes (T.800 A.1.3). */
function endsWhole(bytes: Buffer): boolean {
  return bytes.subarray(-MAX_PADDING).lastIndexOf(Buffer.of(0xff, 0xd9)) >= 0;
}

const MAX_PADDING = 16;

function sameShape(header: { width: number; height: number; components: number }, claims: PixelClaims): boolean {
  const { rows, columns, samples } = claims;
  return header.width === columns && header.height === rows && header.components === samples;
}

/** A codec throws numbers, strings and errors; to the user they all mean the same. */
function attempt<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Problem('FILM_DAMAGED', { file }, { cause: error });
  }
}
