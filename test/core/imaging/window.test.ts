// Window formulas against the values the standard works out itself, and the automatic window against counted films.
import { describe, expect, it } from 'vitest';
import { describedBytes, describePixels, pixelBytes, toDisplay } from '#core/imaging/display.ts';
import type { Film } from '#core/imaging/film.ts';
import { plainFilm } from '#core/imaging/plain-film.ts';
import {
  autoWindow,
  brightness,
  histogram,
  linear,
  linearExact,
  percentileBins,
  sigmoid,
  throughTable,
} from '#core/imaging/window.ts';

describe('LINEAR, with the notes of PS3.3 C.11.2.1.2.1', () => {
  it('c = 2048, w = 4096: 0 and below is 0, above 4095 is full, between ((x - 2047.5) / 4095 + 0.5)', () => {
    const window = { center: 2048, width: 4096 };
    expect(linear(0, window)).toBe(0);
    expect(linear(-7, window)).toBe(0);
    expect(linear(4096, window)).toBe(1);
    for (const x of [1, 1000, 2047, 2048, 4095]) expect(linear(x, window)).toBeCloseTo((x - 2047.5) / 4095 + 0.5, 12);
    expect(linear(4095, window)).toBeCloseTo(1, 12);
  });

  it('c = 2048, w = 1: up to 2047.5 is 0, above is full', () => {
    const window = { center: 2048, width: 1 };
    expect([2047, 2047.5, 2048].map((x) => linear(x, window))).toEqual([0, 0, 1]);
  });

  it('c = 0, w = 100: up to -50 is 0, above 49 is full, between ((x + 0.5) / 99 + 0.5)', () => {
    const window = { center: 0, width: 100 };
    expect(linear(-50, window)).toBe(0);
    expect(linear(49.1, window)).toBe(1);
    for (const x of [-49, 0, 17, 49]) expect(linear(x, window)).toBeCloseTo((x + 0.5) / 99 + 0.5, 12);
  });

  it('c = 0, w = 1: up to -0.5 is 0, above is full', () => {
    expect([-1, -0.5, 0].map((x) => linear(x, { center: 0, width: 1 }))).toEqual([0, 0, 1]);
  });
});

describe('LINEAR_EXACT and SIGMOID, PS3.3 C.11.2.1.3', () => {
  it('LINEAR_EXACT reaches from c - w/2 to c + w/2', () => {
    const window = { center: 100, width: 50 };
    expect(linearExact(75, window)).toBe(0);
    expect(linearExact(125.1, window)).toBe(1);
    expect(linearExact(100, window)).toBe(0.5);
    expect(linearExact(110, window)).toBeCloseTo(0.7, 12);
  });

  it('SIGMOID is 1 / (1 + exp(-4 (x - c) / w))', () => {
    const window = { center: 2653, width: 900 };
    expect(sigmoid(2653, window)).toBe(0.5);
    expect(sigmoid(2653 + 225, window)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(sigmoid(2653 - 450, window)).toBeCloseTo(0.11920292202211755, 12);
  });

  it('a VOI table holds its ends', () => {
    const table = { first: 10, bits: 12, values: Uint16Array.of(0, 1000, 4095) };
    expect([0, 10, 12, 500].map((value) => throughTable(value, table))).toEqual([0, 0, 1, 1]);
    expect(throughTable(11, table)).toBeCloseTo(1000 / 4095, 12);
  });
});

describe('the automatic window', () => {
  /** 1,000 values: four at 0, 990 from 100 to 199, six at 60000. */
  const spread = Uint16Array.from({ length: 1000 }, (_, at) => (at < 4 ? 0 : at < 994 ? 100 + (at % 100) : 60000));

  it('leaves out half a per cent at either end: four of a thousand at the bottom go, the fifth stays', () => {
    const counts = histogram(plainFilm(40, 25, 16, spread));
    expect(percentileBins(counts, 0.005)).toEqual([100, 60000]);
    expect(percentileBins(counts, 0.006)).toEqual([100, 199]);
  });

  it('gives 0 at its least and 1 at its greatest value, in modality values', () => {
    const film: Film = { ...plainFilm(40, 25, 16, spread), slope: 2, intercept: -1000 };
    const window = autoWindow(film);
    expect(window).toEqual({ center: (-800 + 119_000 + 1) / 2, width: 119_000 + 800 + 1 });
    expect(linear(-800, window)).toBe(0);
    expect(linear(119_000, window)).toBeCloseTo(1, 12);
  });

  it('passes over padding, unless there is nothing else', () => {
    const pixels = Uint16Array.from({ length: 400 }, (_, at) => (at < 200 ? 9 : 1000 + at));
    const film: Film = { ...plainFilm(20, 20, 12, pixels), padding: [0, 30] };
    expect(autoWindow(film)).toEqual({ center: 1300, width: 198 });
    const empty: Film = { ...plainFilm(20, 20, 12, new Uint16Array(400).fill(9)), padding: [0, 30] };
    expect(autoWindow(empty)).toEqual({ center: 9.5, width: 1 });
  });

  it('of one brightness is one wide', () => {
    expect(autoWindow(plainFilm(16, 16, 12, new Uint16Array(256).fill(700)))).toEqual({ center: 700.5, width: 1 });
  });
});

describe('display', () => {
  const ramp = Uint16Array.from({ length: 256 }, (_, at) => at * 16);
  const film = plainFilm(16, 16, 12, ramp);

  it('takes 8-bit pictures as they are', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(toDisplay(plainFilm(16, 16, 8, bytes)).pixels).toEqual(bytes);
  });

  it("takes the file's first window before its table, and its table before the automatic window", () => {
    const windows = [
      { center: 2048, width: 4096, name: '' },
      { center: 10, width: 20, name: '' },
    ];
    const voiLut = { first: 0, bits: 8, values: Uint16Array.of(0, 128, 255) };
    const windowed = toDisplay({ ...film, windows, voiLut }).pixels;
    expect([windowed[0], windowed[128], windowed[255]]).toEqual([0, 128, 254]);
    expect([...toDisplay({ ...film, voiLut }).pixels.slice(0, 2)]).toEqual([0, 255]);
    const auto = toDisplay(film).pixels;
    expect([auto[0], auto[1], auto[254], auto[255]]).toEqual([0, 0, 255, 255]);
  });

  it('turns MONOCHROME1 round, so that bone is white; a falling slope turns it too', () => {
    const windows = [{ center: 2048, width: 4096, name: '' }];
    const upright = toDisplay({ ...film, windows }).pixels;
    const inverted = toDisplay({ ...film, windows, inverted: true }).pixels;
    expect(inverted.every((value, at) => Math.abs(255 - value - upright[at]!) <= 1)).toBe(true);
    const falling = toDisplay({ ...film, windows, slope: -1, intercept: 4080 }).pixels;
    expect(falling[0]).toBe(254);
    expect(falling[255]).toBe(0);
  });

  it('follows the window function', () => {
    const windows = [{ center: 2048, width: 1024, name: '' }];
    const table = brightness({ ...film, windows, windowFunction: 'sigmoid' });
    expect(table[2048]).toBe(0.5);
    expect(table[2304]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(brightness({ ...film, windows, windowFunction: 'exact' })[2048]).toBe(0.5);
  });

  it('describes raw values and gives them little-endian', () => {
    const signed: Film = { ...film, pixels: Int16Array.of(-2, 258, 0, 5), width: 2, height: 2, slope: 2, intercept: 1 };
    expect(describePixels(signed)).toMatchObject({
      type: 'int16',
      min: -2,
      max: 258,
      slope: 2,
      intercept: 1,
      bits: 12,
    });
    expect([...pixelBytes(signed)]).toEqual([0xfe, 0xff, 0x02, 0x01, 0, 0, 5, 0]);
    expect(describePixels(film).type).toBe('uint16');
    const voiLut = { first: -1, bits: 12, values: Uint16Array.of(258, 4095) };
    expect([...describedBytes({ ...signed, voiLut })]).toEqual([...pixelBytes(signed), 2, 1, 0xff, 0x0f]);
    expect(describePixels({ ...signed, voiLut, windowFunction: 'exact' })).toMatchObject({
      windowFunction: 'exact',
      table: { first: -1, bits: 12, entries: 2 },
    });
    expect(describePixels(signed)).toMatchObject({ windowFunction: 'linear', table: null });
    expect(describedBytes(signed)).toEqual(pixelBytes(signed));
    expect(describePixels(plainFilm(2, 1, 8, Uint8Array.of(3, 9)))).toMatchObject({ type: 'uint8', min: 3, max: 9 });
  });
});
