// F2: DICOM files that lie about lengths, sizes, depths and tables. Refused by name, in steps and memory bounded by the file.
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblemCode } from '#api/problems.ts';
import { factsOf, identifyingNames } from '#core/imaging/dicom/facts.ts';
import { deidentified } from '#core/imaging/dicom/deidentify.ts';
import { recognised } from '#core/imaging/opened-file.ts';
import { sourceOf } from '#core/imaging/source.ts';
import { Problem } from '#core/problem.ts';
import { jpeg2000, jpegLs, losslessJpeg, rleFrame, rleOf } from '#test/fixtures/dicom-frames.ts';
import {
  BIG_ENDIAN,
  DEFLATED,
  EXPLICIT,
  IMPLICIT,
  dicomFile,
  encapsulated,
  fieldBytes,
  fieldHead,
  octets,
  packedWay,
  shapeFields,
  tagBytes,
  uint,
  words,
} from '#test/fixtures/dicom.ts';
import type { Field, Shape } from '#test/fixtures/dicom.ts';

async function verdict(bytes: Buffer): Promise<string> {
  try {
    const source = sourceOf(recognised('film.dcm', bytes));
    for (let frame = 0; frame < source.frames; frame++) await source.decode(frame);
    if (source.dicom) {
      factsOf(source.dicom.data, 'salt', false);
      identifyingNames(source.dicom.data, () => false);
      deidentified(source.dicom, 'salt');
    }
    return 'decodes';
  } catch (error) {
    if (error instanceof Problem && isProblemCode(error.code)) return error.code;
    throw error;
  }
}

const square: Shape = { rows: 16, columns: 16 };
const values = Array.from({ length: 256 }, (_, at) => (at * 13) & 1023);
const bytesOf256 = values.map((value) => value & 255);
const plain = (extra: Field[] = [], shape = square) =>
  dicomFile(EXPLICIT, [...shapeFields(shape), ...extra, words(values)]);
const packed = (uid: string, frame: Buffer, shape: Shape = { ...square, stored: 10 }) =>
  dicomFile(packedWay(uid), shapeFields(shape), { tail: encapsulated([frame]) });
const RLE = '1.2.840.10008.1.2.5';
const LOSSLESS = '1.2.840.10008.1.2.4.70';

/** Attributes with one of them replaced. */
function changed(shape: Shape, tag: number, vr: string, value: Field[2]): Field[] {
  return shapeFields(shape).map((field): Field => (field[0] === tag ? [tag, vr, value] : field));
}

describe('a DICOM file that lies', () => {
  it('about the length of an element is cut short', async () => {
    const tail = Buffer.concat([fieldHead(EXPLICIT, 0x7fe00010, 'OW', 0x7ffffff0), Buffer.alloc(512)]);
    expect(await verdict(dicomFile(EXPLICIT, shapeFields(square), { tail }))).toBe('FILM_CUT_SHORT');
    const early = Buffer.concat([fieldHead(EXPLICIT, 0x00091000, 'UN', 0xfffffff0), Buffer.alloc(64)]);
    expect(await verdict(dicomFile(EXPLICIT, [], { tail: early }))).toBe('FILM_CUT_SHORT');
  });

  it('by swelling when inflated is refused before it does', async () => {
    const zeros = Buffer.concat([
      fieldBytes(EXPLICIT, shapeFields(square)),
      fieldHead(EXPLICIT, 0x7fe00010, 'OW', 300_000_000),
      Buffer.alloc(300_000_000),
    ]);
    const head = dicomFile({ ...DEFLATED, deflated: false }, []);
    const bomb = Buffer.concat([head, deflateRawSync(zeros, { level: 1 })]);
    expect(bomb.length).toBeLessThan(3_000_000);
    expect(await verdict(bomb)).toBe('FILM_DAMAGED');
  });

  it('about rows and columns is refused before anything is allocated', async () => {
    expect(await verdict(plain([], { rows: 65535, columns: 65535 }))).toBe('FILM_TOO_LARGE');
    expect(await verdict(plain([], { rows: 9000, columns: 9000 }))).toBe('FILM_CUT_SHORT');
    expect(await verdict(plain([], { rows: 0, columns: 16 }))).toBe('FILM_DAMAGED');
    expect(await verdict(plain([], { rows: 8, columns: 32 }))).toBe('FILM_TOO_SMALL');
    const long = changed(square, 0x00280010, 'UL', [0x00010010]);
    expect(await verdict(dicomFile(EXPLICIT, [...long, words(values)]))).toBe('FILM_DAMAGED');
  });

  it('about the number of frames is refused before anything is allocated', async () => {
    for (const frames of ['4294967295', '999999999999', '2', '1e9']) {
      expect(await verdict(plain([[0x00280008, 'IS', frames]]))).toBe('FILM_CUT_SHORT');
    }
    for (const frames of ['0', '-1', '1.5'])
      expect(await verdict(plain([[0x00280008, 'IS', frames]]))).toBe('FILM_DAMAGED');
    const many = dicomFile(packedWay(RLE), shapeFields({ ...square, frames: 1_000_000 }), {
      tail: encapsulated([Buffer.alloc(64), Buffer.alloc(64)]),
    });
    expect(await verdict(many)).toBe('FILM_CUT_SHORT');
  });

  it('about its bits is refused', async () => {
    for (const [stored, high] of [
      [16, 20],
      [12, 3],
      [0, 0],
      [17, 16],
    ] as const) {
      expect(await verdict(plain([], { ...square, stored, high }))).toBe('FILM_DAMAGED');
    }
  });

  it('in its RLE header or runs is refused', async () => {
    const shape = { ...square, allocated: 8 };
    const whole = Buffer.from(bytesOf256);
    const frames: [Buffer, string][] = [
      [rleOf([whole]), 'decodes'],
      [rleOf([whole, whole]), 'FILM_DAMAGED'],
      [rleOf([whole.subarray(0, 200)]), 'FILM_CUT_SHORT'],
      [rleFrame([Buffer.of(129)]), 'FILM_CUT_SHORT'],
      [rleFrame([Buffer.alloc(40, 128)]), 'FILM_CUT_SHORT'],
      [Buffer.alloc(20), 'FILM_CUT_SHORT'],
    ];
    for (const [frame, expected] of frames) expect(await verdict(packed(RLE, frame, shape))).toBe(expected);
    const outside = rleOf([whole]);
    outside.writeUInt32LE(0xfffffff0, 4);
    expect(await verdict(packed(RLE, outside, shape))).toBe('FILM_DAMAGED');
    const claims = { rows: 9000, columns: 9000, allocated: 8 };
    expect(await verdict(packed(RLE, rleOf([whole]), claims))).toBe('FILM_CUT_SHORT');
  });

  it('in its palette is refused, and an index beyond the palette harms nobody', async () => {
    const palette = (entries: number, data: Buffer): Field[] =>
      [0, 1, 2].flatMap((index): Field[] => [
        [0x00281101 + index, 'US', [entries, 0, 16]],
        [0x00281201 + index, 'OW', data],
      ]);
    const shape = shapeFields({ ...square, allocated: 8, photometric: 'PALETTE COLOR' });
    const file = (fields: Field[]) => dicomFile(EXPLICIT, [...shape, ...fields, octets(bytesOf256)]);
    expect(await verdict(file(palette(0, Buffer.alloc(64))))).toBe('FILM_DAMAGED');
    expect(await verdict(file(palette(256, Buffer.alloc(64))))).toBe('FILM_DAMAGED');
    expect(await verdict(file(palette(4, Buffer.alloc(8))))).toBe('decodes');
    expect(await verdict(file([]))).toBe('FILM_DAMAGED');
  });

  it('in the header of its compressed frame is refused before a codec allocates', async () => {
    const j2k = await jpeg2000(Uint16Array.from(values), 16, 16, 10);
    const ls = await jpegLs(Uint16Array.from(values), 16, 16, 10);
    const lossless = losslessJpeg(values, 16, 16, 10);
    const huge = (frame: Buffer, at: number, bytes: 2 | 4) => {
      const lied = Buffer.from(frame);
      lied.writeUIntBE(bytes === 2 ? 0xffff : 0x7fffffff, at, bytes);
      return lied;
    };
    expect(await verdict(packed('1.2.840.10008.1.2.4.90', huge(j2k, 8, 4)))).toBe('FILM_DAMAGED');
    const tiny = Buffer.from(j2k);
    tiny.writeUInt32BE(0, 24);
    expect(await verdict(packed('1.2.840.10008.1.2.4.90', tiny))).toBe('FILM_DAMAGED');
    const at = (frame: Buffer, marker: number) => frame.indexOf(Buffer.of(0xff, marker)) + 5;
    expect(await verdict(packed('1.2.840.10008.1.2.4.80', huge(ls, at(ls, 0xf7), 2)))).toBe('FILM_DAMAGED');
    expect(await verdict(packed(LOSSLESS, huge(lossless, at(lossless, 0xc3), 2)))).toBe('FILM_DAMAGED');
  });

  it('by cutting its compressed frame short is found out', async () => {
    const frames: [string, Buffer][] = [
      [LOSSLESS, losslessJpeg(values, 16, 16, 10)],
      ['1.2.840.10008.1.2.4.80', await jpegLs(Uint16Array.from(values), 16, 16, 10)],
      ['1.2.840.10008.1.2.4.90', await jpeg2000(Uint16Array.from(values), 16, 16, 10)],
    ];
    for (const [uid, frame] of frames) {
      expect(await verdict(packed(uid, frame))).toBe('decodes');
      for (const share of [0.3, 0.6, 0.9]) {
        const cut = frame.subarray(0, Math.floor(frame.length * share));
        const closed = Buffer.concat([cut, Buffer.of(0xff, 0xd9)]);
        for (const bytes of [cut, closed]) {
          expect(['FILM_CUT_SHORT', 'FILM_DAMAGED'], `${uid} ${share}`).toContain(await verdict(packed(uid, bytes)));
        }
      }
    }
  });

  it('by nesting without end, or by items that never close, is refused', async () => {
    const open = Buffer.concat([
      tagBytes(EXPLICIT, 0x00081115),
      Buffer.from('SQ\0\0'),
      uint(EXPLICIT, 0xffffffff, 4),
      tagBytes(EXPLICIT, 0xfffee000),
      uint(EXPLICIT, 0xffffffff, 4),
    ]);
    const nested = Buffer.concat(new Array<Buffer>(5000).fill(open));
    expect(await verdict(dicomFile(EXPLICIT, [], { tail: nested }))).toBe('FILM_DAMAGED');
    expect(await verdict(dicomFile(EXPLICIT, [], { tail: open }))).toBe('FILM_CUT_SHORT');
    const stray = Buffer.concat([tagBytes(EXPLICIT, 0xfffee00d), uint(EXPLICIT, 0, 4)]);
    expect(await verdict(dicomFile(EXPLICIT, [], { tail: stray }))).toBe('FILM_DAMAGED');
  });

  it('about where its frames lie is refused', async () => {
    const native = dicomFile(EXPLICIT, shapeFields(square), { tail: encapsulated([Buffer.alloc(512)]) });
    expect(await verdict(native)).toBe('FILM_DAMAGED');
    const open = dicomFile(packedWay(RLE), [...shapeFields(square), words(values)]);
    expect(await verdict(open)).toBe('FILM_DAMAGED');
    expect(await verdict(packed(RLE, Buffer.alloc(0)))).toBe('FILM_CUT_SHORT');
  });

  it('is walked in time that grows with its bytes, not faster', async () => {
    const empties = fieldBytes(
      EXPLICIT,
      Array.from({ length: 40_000 }, (_, index): Field => [0x00090000 + (index & 0xffff), 'LO', '']),
    );
    const zeros = Buffer.alloc(4_000_000);
    expect(await verdict(dicomFile(EXPLICIT, [...shapeFields(square)], { tail: empties }))).toBe('NO_PIXELS');
    expect(await verdict(Buffer.concat([plain(), zeros]))).toBe('decodes');
    expect(await verdict(Buffer.concat([plain(), zeros, Buffer.of(1)]))).toBe('FILM_DAMAGED');
  });
});

describe('a DICOM file cut or changed anywhere', () => {
  const bases = [
    dicomFile(IMPLICIT, [...shapeFields({ ...square, stored: 12 }), words(values)]),
    plain(),
    dicomFile(BIG_ENDIAN, [...shapeFields(square), words(values)]),
    dicomFile(DEFLATED, [...shapeFields(square), words(values)]),
    packed(RLE, rleOf([Buffer.from(bytesOf256)]), { ...square, allocated: 8 }),
    packed(LOSSLESS, losslessJpeg(values, 16, 16, 10)),
  ];

  it('is refused when cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bases.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), async (which, share) => {
        const base = bases[which]!;
        const cut = base.subarray(0, Math.min(base.length - 1, Math.floor(share * base.length)));
        expect(await verdict(cut)).not.toBe('decodes');
      }),
      { seed: 30, numRuns: 500 },
    );
  });

  it('decodes or is refused when bytes change', async () => {
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(bases.length - 1), changes, async (which, list) => {
        const bytes = Buffer.from(bases[which]!);
        // the first 132 bytes say only that it is DICOM
        for (const [share, value] of list) bytes[132 + Math.floor(share * (bytes.length - 132))] = value;
        expect(isProblemCode(await verdict(bytes)) || (await verdict(bytes)) === 'decodes').toBe(true);
      }),
      { seed: 31, numRuns: 1500 },
    );
  });
});
