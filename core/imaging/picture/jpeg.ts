// Walks the markers of a JPEG to see that it is there to its last byte, and what it claims to be.
// Must not decode: that is for libvips and the codecs, which take some files for whole that are not.
import { Problem } from '#core/problem.ts';
import type { OpenedFile } from '../opened-file.ts';

/** A progressive picture has about ten scans; thousands are an attack on the decoder's time. */
const MAX_SCANS = 200;

const PROCESSES: Record<number, string> = {
  0xc3: 'lossless JPEG',
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical JPEG',
  0xcb: 'lossless arithmetic JPEG',
  0xcd: 'hierarchical JPEG',
  0xce: 'hierarchical JPEG',
  0xcf: 'hierarchical JPEG',
  0xf7: 'JPEG-LS',
};

export const LOSSLESS = 0xc3;
export const JPEG_LS = 0xf7;

export interface JpegClaims {
  width: number;
  height: number;
  components: number;
  bits: number;
  /** Second byte of the SOF marker, which names the coding process. */
  process: number;
  /** Low bits a lossless picture leaves out (T.81 H.1.2.1). */
  pointTransform: number;
}

interface Frame extends JpegClaims {
  /** Component id -> for each of the 64 coefficients the bits still missing; 16 is "never seen". */
  missing: Map<number, Uint8Array>;
}

/** A JPEG that libvips decodes: 8-bit, baseline to progressive. Throws what is wrong with it or what it is instead. */
export function checkJpeg(opened: Pick<OpenedFile, 'file' | 'bytes'>): JpegClaims {
  const { file } = opened;
  const claims = walkJpeg(opened);
  const encoding = PROCESSES[claims.process] ?? (claims.bits === 12 ? '12-bit lossy JPEG' : null);
  if (encoding) throw new Problem('UNSUPPORTED_ENCODING', { file, encoding });
  if (claims.bits !== 8) throw new Problem('FILM_DAMAGED', { file });
  return claims;
}

/** Reads markers to the end of the picture (ITU T.81, B.1 and B.2; T.87 for JPEG-LS); throws what is wrong with it. */
export function walkJpeg({ file, bytes }: Pick<OpenedFile, 'file' | 'bytes'>): JpegClaims {
  const cutShort = () => new Problem('FILM_CUT_SHORT', { file });
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  let at = 2;
  let scans = 0;
  let frame: Frame | null = null;
  for (;;) {
    if (at + 1 >= bytes.length) throw cutShort();
    if (bytes[at] !== 0xff) throw damaged();
    while (bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (marker === undefined) throw cutShort();
    at += 2;
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (marker === 0x00 || marker === 0xd8) throw damaged();
    if (at + 2 > bytes.length) throw cutShort();
    const length = bytes.readUInt16BE(at);
    if (length < 2) throw damaged();
    if (at + length > bytes.length) throw cutShort();
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    if (isFrame(marker)) {
      if (frame) throw damaged();
      frame = readFrame(file, marker, segment);
    } else if (marker === 0xda) {
      if (!frame || ++scans > MAX_SCANS || !noteScan(frame, segment)) throw damaged();
      at = endOfScan(bytes, at, frame.process === JPEG_LS);
      if (at < 0) throw cutShort();
    }
  }
  if (!frame) throw damaged();
  for (const missing of frame.missing.values()) if (missing.some((bits) => bits > 0)) throw cutShort();
  const { width, height, components, bits, process, pointTransform } = frame;
  return { width, height, components, bits, process, pointTransform };
}

/** SOF0 to SOF15 and SOF55 (JPEG-LS), without DHT, JPG and DAC, which lie between them. */
function isFrame(marker: number): boolean {
  if (marker === 0xf7) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(file: string, process: number, segment: Buffer): Frame {
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  if (segment.length < 6) throw damaged();
  const bits = segment.readUInt8(0);
  const height = segment.readUInt16BE(1);
  const width = segment.readUInt16BE(3);
  const components = segment.readUInt8(5);
  const known = components === 1 || components === 3 || components === 4;
  if (width === 0 || height === 0 || !known || segment.length < 6 + 3 * components) throw damaged();
  const missing = new Map<number, Uint8Array>();
  for (let index = 0; index < components; index++) {
    missing.set(segment.readUInt8(6 + 3 * index), new Uint8Array(64).fill(16));
  }
  if (missing.size !== components) throw damaged();
  return { width, height, components, bits, process, pointTransform: 0, missing };
}

/** Notes which coefficients a scan brings and to which bit (T.81, B.2.3 and G.1.1): a picture may lack its last scans. */
function noteScan(frame: Frame, segment: Buffer): boolean {
  const count = segment[0] ?? 0;
  if (count < 1 || count > 4 || segment.length < 4 + 2 * count) return false;
  const progressive = frame.process === 0xc2 || frame.process === 0xca;
  const first = progressive ? segment.readUInt8(1 + 2 * count) : 0;
  const last = progressive ? segment.readUInt8(2 + 2 * count) : 63;
  const bit = progressive ? segment.readUInt8(3 + 2 * count) & 15 : 0;
  if (last > 63) return false;
  frame.pointTransform = segment.readUInt8(3 + 2 * count) & 15;
  for (let index = 0; index < count; index++) {
    const missing = frame.missing.get(segment.readUInt8(1 + 2 * index));
    if (!missing) return false;
    missing.fill(bit, first, last + 1);
  }
  return true;
}

/** Where the marker after entropy-coded bytes stands, or -1 where there is none. JPEG-LS stuffs a bit, not a byte (T.87, C.1). */
function endOfScan(bytes: Buffer, from: number, bitStuffed: boolean): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return -1;
    const next = bytes.readUInt8(at + 1);
    if (next === 0xff) at++;
    else if (next === 0 || (bitStuffed && next < 0x80) || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
}
