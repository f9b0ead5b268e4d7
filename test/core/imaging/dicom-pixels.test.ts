// F3: pixels of DICOM files written by hand must come out as the values they were written with.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Film } from '#core/imaging/film.ts';
import { recognised } from '#core/imaging/opened-file.ts';
import { pixelSha256 } from '#core/imaging/pixel-hash.ts';
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
  octets,
  packedWay,
  shapeFields,
  words,
} from '#test/fixtures/dicom.ts';
import type { Field, Shape } from '#test/fixtures/dicom.ts';

/** 16 x 16, the least a film may be. The first sixteen values are the ones that matter, the rest counts up. */
const SIDE = 16;
const square: Shape = { rows: SIDE, columns: SIDE };
const filled = (start: number[], top: number) =>
  Array.from({ length: SIDE * SIDE }, (_, at) => start[at] ?? (at * 7) % (top + 1));

async function films(bytes: Buffer): Promise<Film[]> {
  const source = sourceOf(recognised('film.dcm', bytes));
  const all: Film[] = [];
  for (let frame = 0; frame < source.frames; frame++) all.push((await source.decode(frame)).film);
  return all;
}

async function film(bytes: Buffer): Promise<Film> {
  const [first] = await films(bytes);
  return first!;
}

async function refusal(bytes: Buffer): Promise<{ code: string; encoding: unknown }> {
  try {
    await films(bytes);
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, encoding: error.values['encoding'] };
    throw error;
  }
  return { code: 'decodes', encoding: undefined };
}

describe('uncompressed pixels', () => {
  const values = filled([0, 1, 2, 4095, 4094, 2048, 1000], 4095);

  it.each([
    ['implicit little endian', IMPLICIT],
    ['explicit little endian', EXPLICIT],
    ['explicit big endian', BIG_ENDIAN],
    ['deflated', DEFLATED],
  ])('are the values written, %s', async (_, way) => {
    const decoded = await film(dicomFile(way, [...shapeFields({ ...square, stored: 12 }), words(values)]));
    expect([...decoded.pixels]).toEqual(values);
    expect(decoded).toMatchObject({ width: 16, height: 16, bits: 12, slope: 1, intercept: 0, inverted: false });
  });

  it('are 10 and 16 bits deep', async () => {
    for (const stored of [10, 16]) {
      const top = 2 ** stored - 1;
      const deep = filled([0, top, top - 1], top);
      const decoded = await film(dicomFile(EXPLICIT, [...shapeFields({ ...square, stored }), words(deep)]));
      expect([...decoded.pixels]).toEqual(deep);
      expect(decoded.bits).toBe(stored);
    }
  });

  it('are bytes, and bytes in swapped pairs where a big-endian file writes them as words', async () => {
    const bytes = filled([0, 255, 128, 7], 255);
    const shape = shapeFields({ ...square, allocated: 8 });
    expect([...(await film(dicomFile(EXPLICIT, [...shape, octets(bytes)]))).pixels]).toEqual(bytes);
    const pairs = Buffer.from(bytes).swap16();
    const swapped = await film(dicomFile(BIG_ENDIAN, [...shape, [0x7fe00010, 'OW', pairs]]));
    expect([...swapped.pixels]).toEqual(bytes);
  });

  it('are signed where the file says so, at 12 bits and at 16', async () => {
    const signed12 = filled([-2048, 2047, -1, 0, 1], 2047);
    const twelve = shapeFields({ ...square, stored: 12, signed: true });
    const cut = signed12.map((value) => value & 0x0fff);
    expect([...(await film(dicomFile(EXPLICIT, [...twelve, words(cut)]))).pixels]).toEqual(signed12);
    const signed16 = filled([-32768, 32767, -1], 32767);
    const sixteen = shapeFields({ ...square, signed: true });
    const decoded = await film(dicomFile(EXPLICIT, [...sixteen, words(signed16)]));
    expect(decoded.pixels).toBeInstanceOf(Int16Array);
    expect([...decoded.pixels]).toEqual(signed16);
  });

  it('are taken without the overlay in the bits above them', async () => {
    const overlaid = values.map((value, at) => value | (at % 2 === 0 ? 0x8000 : 0x1000));
    const decoded = await film(dicomFile(EXPLICIT, [...shapeFields({ ...square, stored: 12 }), words(overlaid)]));
    expect([...decoded.pixels]).toEqual(values);
  });

  it('are taken from the upper bits where the high bit says so', async () => {
    const shifted = values.map((value) => (value << 4) | 0x000f);
    const shape = shapeFields({ ...square, stored: 12, high: 15 });
    expect([...(await film(dicomFile(EXPLICIT, [...shape, words(shifted)]))).pixels]).toEqual(values);
  });

  it('are taken frame by frame', async () => {
    const frames = [filled([1], 4095), filled([2], 4000), filled([3], 3000)];
    const shape = shapeFields({ ...square, stored: 12, frames: 3 });
    const decoded = await films(dicomFile(EXPLICIT, [...shape, words(frames.flat())]));
    expect(decoded.map(({ pixels }) => [...pixels])).toEqual(frames);
  });

  it('of MONOCHROME1 stay as stored and are marked as inverted', async () => {
    const shape = shapeFields({ ...square, photometric: 'MONOCHROME1', stored: 12 });
    const decoded = await film(dicomFile(EXPLICIT, [...shape, words(values)]));
    expect(decoded.inverted).toBe(true);
    expect([...decoded.pixels]).toEqual(values);
  });
});

describe('tables, rescale and windows', () => {
  const values = filled([0, 1, 2, 3, 4000], 4095);
  const shape = shapeFields({ ...square, stored: 12 });
  const lut = (tag: number, descriptor: number[], data: number[]): Field => [
    tag,
    'SQ',
    [
      [
        [0x00283002, 'US', descriptor],
        [0x00283003, 'LO', 'MUSTERMANN'],
        [0x00283004, 'LO', 'US'],
        [0x00283006, 'US', data],
      ],
    ],
  ];

  it('go through a modality LUT: values before and behind it take its ends', async () => {
    const decoded = await film(
      dicomFile(EXPLICIT, [...shape, lut(0x00283000, [3, 1, 16], [500, 600, 65535]), words(values)]),
    );
    expect([...decoded.pixels.slice(0, 5)]).toEqual([500, 500, 600, 65535, 65535]);
    expect(decoded.bits).toBe(16);
  });

  it('keep rescale as slope and intercept', async () => {
    const rescale: Field[] = [
      [0x00281052, 'DS', '-1024.5'],
      [0x00281053, 'DS', '2.5e-1'],
    ];
    const decoded = await film(dicomFile(IMPLICIT, [...shape, ...rescale, words(values)]));
    expect(decoded).toMatchObject({ slope: 0.25, intercept: -1024.5 });
    expect([...decoded.pixels]).toEqual(values);
  });

  it('hand on every window with its name, but no name that is not one of windows', async () => {
    const fields: Field[] = [
      [0x00281050, 'DS', '2048\\600.5\\40'],
      [0x00281051, 'DS', '4096\\1200\\0'],
      [0x00281055, 'LO', 'NORMAL\\Mustermann\\BONE'],
    ];
    const decoded = await film(dicomFile(EXPLICIT, [...shape, ...fields, words(values)]));
    expect(decoded.windows).toEqual([
      { center: 2048, width: 4096, name: 'NORMAL' },
      { center: 600.5, width: 1200, name: '' },
    ]);
    expect(decoded.windowFunction).toBeUndefined();
  });

  it('hand on the window function and the padding', async () => {
    const fields: Field[] = [
      [0x00281050, 'DS', '100'],
      [0x00281051, 'DS', '50'],
      [0x00281056, 'CS', 'SIGMOID'],
      [0x00280120, 'US', [0]],
      [0x00280121, 'US', [30]],
    ];
    const decoded = await film(dicomFile(EXPLICIT, [...shape, ...fields, words(values)]));
    expect(decoded).toMatchObject({ windowFunction: 'sigmoid', padding: [0, 30] });
  });

  it('hand on a VOI LUT, in words and in bytes', async () => {
    const wide = await film(
      dicomFile(BIG_ENDIAN, [...shape, lut(0x00283010, [4, 10, 12], [0, 9, 99, 4095]), words(values)]),
    );
    expect(wide.voiLut).toEqual({ first: 10, bits: 12, values: Uint16Array.of(0, 9, 99, 4095) });
    const bytes = [lut(0x00283010, [4, 10, 8], [0x0100, 0xff80])];
    const narrow = await film(dicomFile(EXPLICIT, [...shape, ...bytes, words(values)]));
    expect(narrow.voiLut).toEqual({ first: 10, bits: 8, values: Uint16Array.of(0, 1, 128, 255) });
  });

  it('are refused where a table is shorter than it says', async () => {
    for (const sequence of [0x00283000, 0x00283010]) {
      const short = dicomFile(EXPLICIT, [...shape, lut(sequence, [4096, 0, 16], [1, 2, 3]), words(values)]);
      expect((await refusal(short)).code).toBe('FILM_DAMAGED');
    }
  });
});

describe('compressed pixels', () => {
  const deep = filled([0, 1023, 512, 511, 3], 1023);
  const bytes = filled([0, 255, 128], 255);
  const packed = (uid: string, shape: Shape, fragments: Buffer[], offsets: number[] = []) =>
    dicomFile(packedWay(uid), shapeFields(shape), { tail: encapsulated(fragments, offsets) });
  const ten = { ...square, stored: 10 };

  it('of RLE come out as packed: literal runs, repeats and two planes', async () => {
    const high = Buffer.from(deep.map((value) => value >> 8));
    const low = Buffer.from(deep.map((value) => value & 255));
    const decoded = await film(packed('1.2.840.10008.1.2.5', ten, [rleOf([high, low])]));
    expect([...decoded.pixels]).toEqual(deep);
    // 128 nines, no operation, then 128 by hand: the header counts 1 - n for repeats and n - 1 for literals
    const plane = Buffer.concat([Buffer.of(129, 9, 128, 127), Buffer.from(bytes.slice(128))]);
    const repeated = packed('1.2.840.10008.1.2.5', { ...square, allocated: 8 }, [rleFrame([plane])]);
    expect([...(await film(repeated)).pixels]).toEqual([...new Array<number>(128).fill(9), ...bytes.slice(128)]);
  });

  it('of JPEG lossless come out as coded by hand', async () => {
    const frame = losslessJpeg(deep, SIDE, SIDE, 10);
    for (const uid of ['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.70']) {
      expect([...(await film(packed(uid, ten, [frame]))).pixels]).toEqual(deep);
    }
    const sixteen = filled([0, 65535, 0, 32768], 65535);
    const whole = packed('1.2.840.10008.1.2.4.70', square, [losslessJpeg(sixteen, SIDE, SIDE, 16)]);
    expect([...(await film(whole)).pixels]).toEqual(sixteen);
  });

  it('of JPEG-LS and JPEG 2000 come out as they went into the encoder, signed ones too', async () => {
    const ls = await jpegLs(Uint16Array.from(deep), SIDE, SIDE, 10);
    expect([...(await film(packed('1.2.840.10008.1.2.4.80', ten, [ls]))).pixels]).toEqual(deep);
    const j2k = await jpeg2000(Uint16Array.from(deep), SIDE, SIDE, 10);
    expect([...(await film(packed('1.2.840.10008.1.2.4.90', ten, [j2k]))).pixels]).toEqual(deep);
    const below = filled([-512, 511, -1, 0], 511);
    const signed = await jpeg2000(Int16Array.from(below), SIDE, SIDE, 10, true);
    const shape = { ...ten, signed: true };
    expect([...(await film(packed('1.2.840.10008.1.2.4.90', shape, [signed]))).pixels]).toEqual(below);
  });

  it('of 8-bit JPEG are what libjpeg makes of the frame', async () => {
    const frame = await sharp(Buffer.from(bytes), { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality: 90 })
      .toBuffer();
    const expected = await sharp(frame).toColourspace('b-w').raw().toBuffer();
    const shape = { ...square, allocated: 8 };
    const decoded = await film(packed('1.2.840.10008.1.2.4.50', shape, [frame]));
    expect([...decoded.pixels]).toEqual([...expected]);
  });

  it('of several frames are found by fragment, by offset table and by the first mark of a picture', async () => {
    const frames = [deep, filled([7], 900), filled([9], 800)];
    const coded = frames.map((values) => losslessJpeg(values, SIDE, SIDE, 10));
    const shape = { ...ten, frames: 3 };
    const whole = (fragments: Buffer[], offsets: number[] = []) =>
      packed('1.2.840.10008.1.2.4.70', shape, fragments, offsets);
    const even = coded.map((bytes) => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)])));
    const halves = even.flatMap((bytes) => [bytes.subarray(0, 100), bytes.subarray(100)]);
    const offsets = [0, 16 + even[0]!.length, 32 + even[0]!.length + even[1]!.length];
    for (const file of [whole(even), whole(halves, offsets), whole(halves)]) {
      expect((await films(file)).map(({ pixels }) => [...pixels])).toEqual(frames);
    }
    const wrong = whole(halves, [0, 10, 20]);
    expect((await refusal(wrong)).code).toBe('FILM_DAMAGED');
  });

  it('of the same film have the same hash in every packing, and another once inverted', async () => {
    const plain = dicomFile(EXPLICIT, [...shapeFields(ten), words(deep)]);
    const lossless = packed('1.2.840.10008.1.2.4.70', ten, [losslessJpeg(deep, SIDE, SIDE, 10)]);
    const ls = packed('1.2.840.10008.1.2.4.80', ten, [await jpegLs(Uint16Array.from(deep), SIDE, SIDE, 10)]);
    const hashes = await Promise.all([plain, lossless, ls].map(async (bytes) => pixelSha256(await film(bytes))));
    expect(new Set(hashes).size).toBe(1);
    const inverted = dicomFile(EXPLICIT, [...shapeFields({ ...ten, photometric: 'MONOCHROME1' }), words(deep)]);
    expect(pixelSha256(await film(inverted))).not.toBe(hashes[0]);
    const falling: Field = [0x00281053, 'DS', '-1'];
    const turned = dicomFile(EXPLICIT, [...shapeFields(ten), falling, words(deep)]);
    expect(pixelSha256(await film(turned))).toBe(pixelSha256(await film(inverted)));
  });
});

describe('colour', () => {
  const count = SIDE * SIDE;
  const red = filled([255, 0, 0, 10], 255);
  const green = filled([0, 255, 0, 20], 200);
  const blue = filled([0, 0, 255, 30], 100);
  const grey = red.map((r, at) => Math.round(0.299 * r + 0.587 * green[at]! + 0.114 * blue[at]!));
  const colour = { ...square, allocated: 8, samples: 3, photometric: 'RGB' };
  const interleaved = red.flatMap((r, at) => [r, green[at]!, blue[at]!]);

  it('of RGB becomes luminance, by pixel and by plane', async () => {
    expect(grey.slice(0, 4)).toEqual([76, 150, 29, 18]);
    const byPixel = [...shapeFields(colour), [0x00280006, 'US', [0]] as Field, octets(interleaved)];
    const byPlane = [...shapeFields(colour), [0x00280006, 'US', [1]] as Field, octets([...red, ...green, ...blue])];
    for (const fields of [byPixel, byPlane])
      expect([...(await film(dicomFile(EXPLICIT, fields))).pixels]).toEqual(grey);
  });

  it('of YBR_FULL and YBR_FULL_422 is its luminance', async () => {
    const full = [...shapeFields({ ...colour, photometric: 'YBR_FULL' }), octets(interleaved)];
    expect([...(await film(dicomFile(EXPLICIT, full))).pixels]).toEqual(red);
    const halved = Array.from({ length: count / 2 }, (_, pair) => [
      red[2 * pair]!,
      red[2 * pair + 1]!,
      128,
      128,
    ]).flat();
    const fields = [...shapeFields({ ...colour, photometric: 'YBR_FULL_422' }), octets(halved)];
    expect([...(await film(dicomFile(EXPLICIT, fields))).pixels]).toEqual(red);
  });

  it('of a palette goes through it; an index beyond it takes its last entry', async () => {
    const entries = [0, 65535, 32768];
    const palette: Field[] = [0, 1, 2].flatMap((index): Field[] => [
      [0x00281101 + index, 'US', [3, 0, 16]],
      [0x00281201 + index, 'OW', entries],
    ]);
    const shape = shapeFields({ ...square, allocated: 8, photometric: 'PALETTE COLOR' });
    const decoded = await film(dicomFile(EXPLICIT, [...shape, ...palette, octets(filled([0, 1, 2, 200], 2))]));
    expect([...decoded.pixels.slice(0, 4)]).toEqual([0, 255, 128, 128]);
  });
});

describe('what is not decoded', () => {
  const values = filled([1, 2, 3], 4095);
  const body = (uid: string) =>
    dicomFile(packedWay(uid), shapeFields(square), { tail: encapsulated([Buffer.alloc(64, 1)]) });

  it.each([
    ['1.2.840.10008.1.2.4.201', 'high-throughput JPEG 2000'],
    ['1.2.840.10008.1.2.4.100', 'MPEG-2 video'],
    ['1.2.840.10008.1.2.4.100.1', 'MPEG-2 video'],
    ['1.2.840.10008.1.2.4.108', 'HEVC video'],
    ['1.2.840.10008.1.2.4.110', 'JPEG XL'],
    ['1.2.840.10008.1.2.4.92', 'JPEG 2000 part 2'],
    ['1.2.3.4.5', 'transfer syntax 1.2.3.4.5'],
    ['', 'a transfer syntax without a valid name'],
  ])('is named: %s', async (uid, encoding) => {
    expect(await refusal(body(uid))).toEqual({ code: 'UNSUPPORTED_ENCODING', encoding });
  });

  it('is named: bits, floats, colours, processes', async () => {
    const plain = (shape: Shape, extra: Field[] = []) =>
      dicomFile(EXPLICIT, [...shapeFields(shape), ...extra, words(values)]);
    const named = async (bytes: Buffer) => {
      const { code, encoding } = await refusal(bytes);
      expect(code).toBe('UNSUPPORTED_ENCODING');
      return encoding;
    };
    expect(await named(plain({ ...square, allocated: 32 }))).toBe('32 bits a pixel');
    expect(await named(plain({ ...square, allocated: 1 }))).toBe('1 bits a pixel');
    expect(await named(plain({ ...square, photometric: 'HSV' }))).toBe('pixels as HSV');
    const rgb = dicomFile(EXPLICIT, [
      ...shapeFields({ ...square, samples: 3, photometric: 'RGB' }),
      words([...values, ...values, ...values]),
    ]);
    expect(await named(rgb)).toBe('colour of more than 8 bits');
    const float = dicomFile(EXPLICIT, [...shapeFields(square), [0x7fe00008, 'OF', Buffer.alloc(1024)]]);
    expect(await named(float)).toBe('floating-point pixels');
    const jpeg = (bytes: Buffer, uid: string) =>
      dicomFile(packedWay(uid), shapeFields({ ...square, stored: 12 }), { tail: encapsulated([bytes]) });
    const twelve = losslessJpeg(values, SIDE, SIDE, 12);
    twelve[3] = 0xc1;
    expect(await named(jpeg(twelve, '1.2.840.10008.1.2.4.51'))).toBe('12-bit lossy JPEG');
    const pointed = losslessJpeg(values, SIDE, SIDE, 12, 1);
    expect(await named(jpeg(pointed, '1.2.840.10008.1.2.4.57'))).toBe('JPEG lossless with a point transform');
  });

  it('is told apart: a report holds no picture', async () => {
    expect((await refusal(dicomFile(EXPLICIT, shapeFields(square)))).code).toBe('NO_PIXELS');
  });
});
