// The way from a film to a network's input, against cases worked out by hand.
import { describe, expect, it } from 'vitest';
import type { Film } from '#core/imaging/film.ts';
import { plainFilm } from '#core/imaging/plain-film.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { averageAreas, everySecondRow, fitInside } from '#core/imaging/resample.ts';

const identity = Float32Array.from({ length: 256 }, (_, value) => value);
const film = (width: number, height: number, values: number[]) => plainFilm(width, height, 8, Uint8Array.from(values));
const rows = (bytes: Uint8Array, size: number) =>
  Array.from({ length: size }, (_, row) => [...bytes.subarray(row * size, (row + 1) * size)]);

describe('area averaging', () => {
  it('is the mean of the pixels covered', () => {
    const four = film(4, 2, [10, 20, 30, 40, 50, 60, 70, 80]);
    expect([...averageAreas(four, identity, 0, { width: 2, height: 1 })]).toEqual([35, 55]);
  });

  it('counts a pixel on the border with the share of it that is covered', () => {
    // 3 -> 2: each new pixel covers one and a half old ones
    const three = film(3, 1, [0, 90, 240]);
    expect([...averageAreas(three, identity, 0, { width: 2, height: 1 })]).toEqual([30, 190]);
    const five = averageAreas(film(5, 1, [10, 20, 30, 40, 50]), identity, 0, { width: 3, height: 1 });
    [(10 + 20 * (2 / 3)) / (5 / 3), 30, (40 * (2 / 3) + 50) / (5 / 3)].forEach((value, at) =>
      expect(five[at]).toBeCloseTo(value, 4),
    );
  });

  it('makes larger by repeating, and keeps the mean', () => {
    expect([...averageAreas(film(2, 1, [10, 30]), identity, 0, { width: 4, height: 2 })]).toEqual([
      10, 10, 30, 30, 10, 10, 30, 30,
    ]);
    const wave = film(
      37,
      23,
      Array.from({ length: 37 * 23 }, (_, at) => (at * 31) % 256),
    );
    const small = averageAreas(wave, identity, 0, { width: 7, height: 5 });
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    expect(mean(small)).toBeCloseTo(mean(wave.pixels), 3);
  });

  it('looks values up from the least one a film has room for', () => {
    const table = new Float32Array(65536);
    table[32768 - 5] = 7;
    table[32768 + 5] = 9;
    const signed = { width: 2, height: 1, pixels: Int16Array.of(-5, 5) };
    expect([...averageAreas(signed, table, -32768, { width: 1, height: 1 })]).toEqual([8]);
  });

  it('takes every second row where asked, and fits sides without making larger', () => {
    const tall = film(1, 5, [10, 99, 20, 99, 30]);
    expect([...averageAreas(everySecondRow(tall), identity, 0, { width: 1, height: 1 })]).toEqual([15]);
    expect(fitInside(2304, 2880, 160)).toEqual({ width: 128, height: 160 });
    expect(fitInside(100, 50, 160)).toEqual({ width: 100, height: 50 });
    expect(fitInside(5000, 16, 160)).toEqual({ width: 160, height: 1 });
  });
});

describe('prepare', () => {
  it('keeps the aspect and centres on black', () => {
    // 4 x 2 into 4 x 4: one row of black above and below; 0 and 200 are spread to 0 and 255
    const wide = film(4, 2, [0, 200, 200, 0, 200, 200, 200, 200]);
    expect(rows(prepare(wide, 4), 4)).toEqual([
      [0, 0, 0, 0],
      [0, 255, 255, 0],
      [255, 255, 255, 255],
      [0, 0, 0, 0],
    ]);
    const tall = film(2, 4, [0, 200, 200, 200, 200, 200, 200, 200]);
    expect(rows(prepare(tall, 4), 4).map((row) => [row[0], row[3]])).toEqual(new Array(4).fill([0, 0]));
  });

  it('averages areas after the values are spread, not before', () => {
    // 50 and 150 become 0 and 255; each new pixel is the mean of two of them
    const stripes = film(4, 4, [50, 150, 50, 50, 50, 150, 50, 50, 150, 150, 150, 50, 150, 150, 150, 50]);
    expect(rows(prepare(stripes, 2), 2)).toEqual([
      [128, 0],
      [255, 128],
    ]);
  });

  it('cuts half a per cent off at either end: one white pixel in a thousand does not dim the rest', () => {
    const values: number[] = Array.from({ length: 1024 }, (_, at) => (at % 2 === 0 ? 40 : 90));
    const quiet = prepare(film(32, 32, values), 32);
    values[0] = 255;
    values[1] = 0;
    const spotted = prepare(film(32, 32, values), 32);
    expect([...quiet.slice(2, 6)]).toEqual([0, 255, 0, 255]);
    expect([...spotted.slice(2, 6)]).toEqual([0, 255, 0, 255]);
    expect([spotted[0], spotted[1]]).toEqual([255, 0]);
  });

  it('is the same for a film, its rescaled values and its negative marked as such', () => {
    const values = Array.from({ length: 1024 }, (_, at) => 100 + ((at * 37) % 800));
    const base = plainFilm(32, 32, 12, Uint16Array.from(values));
    const expected = prepare(base, 28);
    const rescaled: Film = { ...base, slope: 0.5, intercept: -300 };
    const negative: Film = { ...base, pixels: Uint16Array.from(values, (value) => 4095 - value), inverted: true };
    const signed: Film = { ...base, pixels: Int16Array.from(values, (value) => value - 1000), intercept: 1000 };
    for (const other of [rescaled, negative, signed]) {
      const got = prepare(other, 28);
      expect(Math.max(...got.map((value, at) => Math.abs(value - expected[at]!)))).toBeLessThanOrEqual(1);
    }
  });

  it('looks through the window of the file', () => {
    const values = Array.from({ length: 256 }, (_, at) => at * 16);
    const windows = [{ center: 1024, width: 512, name: '' }];
    const prepared = prepare({ ...plainFilm(16, 16, 12, Uint16Array.from(values)), windows }, 16);
    expect(prepared[40]).toBe(0);
    expect(prepared[90]).toBe(255);
    expect(prepared[64]).toBeGreaterThan(120);
    expect(prepared[64]).toBeLessThan(136);
  });

  it('makes small films larger to the same frame, and leaves plain ones plain', () => {
    const small = prepare(
      film(
        16,
        16,
        Array.from({ length: 256 }, (_, at) => at),
      ),
      32,
    );
    expect(small.length).toBe(1024);
    expect(small[1023]).toBe(255);
    expect(new Set(prepare(film(16, 16, new Array(256).fill(77)), 28))).toEqual(new Set([77]));
  });
});
