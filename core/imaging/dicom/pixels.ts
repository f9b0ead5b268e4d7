// One frame of a DICOM file as stored values: unpacked, masked to the bits that are stored, signed where they are.
// Must not apply tables or windows; colour is turned to grey here, since everything after knows grey only.
import { Problem } from '#core/problem.ts';
import type { Film } from '../film.ts';
import { checkJpeg } from '../picture/jpeg.ts';
import { decodeJpeg } from '../picture/decode.ts';
import { decodeJpeg2000, decodeJpegLs, decodeLossless } from './codecs.ts';
import type { Dicom, PixelClaims } from './open.ts';
import { unpackRle } from './rle.ts';

/** Stored values of one frame and the bits that carry them. Colour frames are grey already, palette frames are not. */
export interface Stored {
  pixels: Film['pixels'];
  bits: number;
}

/** Words as they lie in the frame: `interleaved` samples of a pixel stand together, else plane after plane. */
interface Words {
  words: Uint8Array | Uint16Array;
  /** Bits to drop below the stored ones, and how many are stored. */
  shift: number;
  bits: number;
  signed: boolean;
  interleaved: boolean;
  /** The codec has turned luminance and colour difference into red, green and blue. */
  rgb: boolean;
}

/** Decodes one frame. Throws FILM_CUT_SHORT, FILM_DAMAGED, UNSUPPORTED_ENCODING. */
export async function storedValues(dicom: Dicom, claims: PixelClaims, fragments: Buffer[]): Promise<Stored> {
  const words = await unpack(dicom, claims, fragments);
  if (claims.samples === 3 && dicom.syntax.packing === 'jpeg') return { pixels: words.words as Uint8Array, bits: 8 };
  if (claims.samples === 3) return { pixels: greyOf(dicom.file, claims, words), bits: 8 };
  return { pixels: masked(words), bits: words.bits };
}

async function unpack(dicom: Dicom, claims: PixelClaims, fragments: Buffer[]): Promise<Words> {
  const { file, syntax } = dicom;
  const [only] = fragments;
  const bytes = fragments.length === 1 && only ? only : Buffer.concat(fragments);
  if (syntax.packing === 'native') return { ...stored(claims), words: nativeWords(dicom, claims, bytes) };
  if (syntax.packing === 'rle') {
    const bytesEach = claims.bitsAllocated / 8;
    const plain = unpackRle(file, bytes, claims.rows * claims.columns, claims.samples, bytesEach);
    return { ...stored(claims), words: bytesEach === 1 ? plain : wordsOf(plain, true), interleaved: false };
  }
  if (syntax.packing === 'jpeg') return jpeg(file, claims, bytes);
  const decoded =
    syntax.packing === 'jpeg-2000'
      ? await decodeJpeg2000(file, bytes, claims)
      : syntax.packing === 'jpeg-ls'
        ? await decodeJpegLs(file, bytes, claims)
        : decodeLossless(file, bytes, claims);
  // a codec gives its own precision in the low bits; a coder that took whole words keeps the places of the bits
  const whole = decoded.bits > claims.highBit + 1 || decoded.bits > claims.bitsStored;
  const shift = whole ? claims.highBit + 1 - claims.bitsStored : 0;
  const signed = claims.signed || decoded.signed;
  const bits = Math.min(decoded.bits, claims.bitsStored);
  return { words: decoded.samples, shift, bits, signed, interleaved: true, rgb: syntax.packing === 'jpeg-2000' };
}

function stored(claims: PixelClaims): Omit<Words, 'words'> {
  const { bitsStored, highBit, signed, planar } = claims;
  return { shift: highBit + 1 - bitsStored, bits: bitsStored, signed, interleaved: !planar, rgb: false };
}

/** 8-bit lossy JPEG: libvips decodes it, and makes colour grey on the way. */
async function jpeg(file: string, claims: PixelClaims, bytes: Buffer): Promise<Words> {
  const header = checkJpeg({ file, bytes });
  const { rows, columns, samples } = claims;
  const same = header.width === columns && header.height === rows && header.components === samples;
  if (!same || claims.bitsStored > 8 || claims.signed) throw new Problem('FILM_DAMAGED', { file });
  const words = await decodeJpeg(file, bytes);
  return { words, shift: 0, bits: 8, signed: false, interleaved: true, rgb: true };
}

function nativeWords({ data, syntax }: Dicom, claims: PixelClaims, bytes: Buffer): Uint8Array | Uint16Array {
  if (claims.bitsAllocated === 16) return wordsOf(bytes, syntax.little);
  // bytes written as words in the big-endian syntax stand in pairs, the wrong way round (PS3.5 8.1.1 and 7.3)
  if (!syntax.little && data.elements.get(0x7fe00010)?.vr === 'OW') return Buffer.from(bytes).swap16();
  return bytes;
}

/** 16-bit words of bytes that may lie at an odd place. */
function wordsOf(bytes: Buffer, little: boolean): Uint16Array {
  const copy = Buffer.alloc(bytes.length - (bytes.length % 2));
  bytes.copy(copy);
  if (little !== LITTLE_ENDIAN) copy.swap16();
  return new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Takes the stored bits out of each word (PS3.5 8.1.1): overlays may sit in the others. */
function masked({ words, shift, bits, signed }: Words): Film['pixels'] {
  const mask = 2 ** bits - 1;
  if (signed) {
    const up = 32 - bits;
    const values = new Int16Array(words.length);
    for (let at = 0; at < words.length; at++) values[at] = ((((words[at] as number) >> shift) & mask) << up) >> up;
    return values;
  }
  const pixels = bits <= 8 ? new Uint8Array(words.length) : new Uint16Array(words.length);
  for (let at = 0; at < words.length; at++) pixels[at] = ((words[at] as number) >> shift) & mask;
  return pixels;
}

/** Luminance of 8-bit colour: Y as it is, or 0.299 R + 0.587 G + 0.114 B (PS3.3 C.7.6.3.1.2). */
function greyOf(file: string, claims: PixelClaims, { words, interleaved, rgb }: Words): Uint8Array {
  const { photometric, rows, columns } = claims;
  if (claims.bitsAllocated !== 8 || claims.bitsStored !== 8 || claims.signed) {
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: 'colour of more than 8 bits' });
  }
  const count = rows * columns;
  const luminance = !rgb && photometric.startsWith('YBR_FULL');
  if (!luminance && !rgb && photometric !== 'RGB') {
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: `colours as ${photometric || 'nothing it names'}` });
  }
  const pixels = new Uint8Array(count);
  // of YBR_FULL_422 every four bytes are Y Y Cb Cr
  const halved = luminance && photometric === 'YBR_FULL_422';
  for (let at = 0; at < count; at++) {
    const first = halved ? 2 * at - (at % 2) : interleaved ? 3 * at : at;
    const step = interleaved ? 1 : count;
    const red = words[first] as number;
    pixels[at] = luminance
      ? red
      : Math.round(0.299 * red + 0.587 * (words[first + step] as number) + 0.114 * (words[first + 2 * step] as number));
  }
  return pixels;
}
