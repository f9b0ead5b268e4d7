import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filmFeatures, measureFilm } from '#core/cnn/film-features.ts';
import { learnGuard, unlike } from '#core/cnn/guard.ts';
import type { Guard } from '#core/cnn/guard.ts';
import { cloudOf, distanceTo, quantile } from '#core/cnn/mahalanobis.ts';
import { drawPhantom } from '#core/imaging/phantom/film.ts';
import { plainFilm } from '#core/imaging/plain-film.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { decodeFrame } from '#core/imaging/source.ts';
import { random } from '#core/random.ts';
import { testData } from '#test/data.ts';

const size = 28;

function learn(films: Uint8Array[], side = size): Guard {
  const pixels = new Uint8Array(films.length * side * side);
  films.forEach((film, place) => pixels.set(film, place * side * side));
  return learnGuard(
    pixels,
    side,
    films.map((_, place) => place),
    new Float32Array(films.length),
  );
}

/** A picture of 0 to 1 across and down, 0 to 1 bright, prepared as a film would be. */
function picture(brightness: (x: number, y: number) => number, side = size): Uint8Array {
  const [wide, high] = [360, 480];
  const pixels = Uint8Array.from({ length: wide * high }, (_, place) => {
    const bright = brightness((place % wide) / wide, Math.floor(place / wide) / high);
    return Math.max(0, Math.min(255, Math.round(255 * bright)));
  });
  return prepare(plainFilm(wide, high, 8, pixels), side);
}

const noise = random(1);
const textLine = (x: number, y: number) => (y * 24) % 1 < 0.5 && Math.sin(170 * x + 40 * Math.floor(y * 24)) > 0;
const nothingLikeIt: [string, (x: number, y: number) => number][] = [
  ['noise', () => noise.uniform()],
  ['a slope of grey', (x, y) => (x + y) / 2],
  ['stripes', (x) => Math.floor(10 * x) % 2],
  ['a page of text', (x, y) => (x > 0.1 && x < 0.9 && textLine(x, y) ? 0.1 : 1)],
  ['a chess board', (x, y) => (Math.floor(8 * x) + Math.floor(8 * y)) % 2],
  ['a sky over a meadow', (x, y) => (y < 0.5 ? 0.95 - 0.3 * y : 0.35 + 0.2 * Math.sin(60 * x) * y)],
];

describe('the guard over drawn films', () => {
  const films = Array.from({ length: 42 }, (_, film) => {
    const { width, height, pixels } = drawPhantom(1, film);
    return prepare(plainFilm(width, height, 8, pixels), size);
  });
  const guard = learn(films.slice(0, 32));

  it('lets films of the same kind pass', () => {
    const refused = films.slice(32).filter((film) => unlike(guard, film, size, 0) !== null);
    expect(refused.length).toBeLessThanOrEqual(1);
  });

  it.each(nothingLikeIt)('turns away %s, with a reason', (_, brightness) => {
    expect(unlike(guard, picture(brightness), size, 0)).toMatch(/\w+ (they|theirs|white|contrast|black|page)/);
  });

  it('turns away films on which there is nothing, and colour', () => {
    const nothing = 'it is one even grey, with nothing on it';
    for (const grey of [0, 128, 255])
      expect(unlike(guard, new Uint8Array(size * size).fill(grey), size, 0)).toBe(nothing);
    expect(unlike(guard, films[0]!, size, 33)).toBe('it is in colour');
    expect(unlike(guard, films[0]!, size, 5)).toBeNull();
  });

  it('stands a learning set on which there is nothing', () => {
    const black = learn(Array.from({ length: 12 }, () => new Uint8Array(size * size)));
    expect(Number.isFinite(black.limit)).toBe(true);
    expect(unlike(black, films[0]!, size, 0)).not.toBeNull();
  });
});

const sample = testData('fracatlas-sample');
describe.skipIf(sample === null)('the guard over real films (skipped without the FracAtlas sample)', () => {
  it('lets films it did not learn from pass and turns everything else away', async () => {
    const folder = path.join(sample ?? '', 'images', 'Non_fractured');
    const films: Uint8Array[] = [];
    for (const file of readdirSync(folder).sort().slice(0, 120)) {
      const decoded = await decodeFrame(path.join(folder, file), 0).catch(() => null);
      if (decoded) films.push(prepare(decoded.film, size));
    }
    const guard = learn(films.filter((_, place) => place % 4 > 0));
    const asked = films.filter((_, place) => place % 4 === 0);
    const refused = asked.filter((film) => unlike(guard, film, size, 0) !== null);
    expect(asked.length).toBeGreaterThan(25);
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const name of ['a page of text', 'a chess board']) {
      const brightness = new Map(nothingLikeIt).get(name)!;
      expect(unlike(guard, picture(brightness), size, 0), name).not.toBeNull();
    }
    expect(
      asked.filter((film) =>
        unlike(
          guard,
          film.map((grey) => 255 - grey),
          size,
          0,
        ),
      ).length,
    ).toBe(asked.length);
  });
});

describe('mahalanobis', () => {
  it('is the distance in spreads, correlation taken into account', () => {
    // Two figures that always move together: along them is near, across them far.
    const generator = random(2);
    const points = Array.from({ length: 2000 }, () => {
      const both = generator.normal();
      return Float64Array.from([10 + 2 * both, 5 + both + 0.1 * generator.normal()]);
    });
    const cloud = cloudOf(points, [0.01, 0.01]);
    expect(cloud.centre[0]).toBeCloseTo(10, 0);
    const along = distanceTo(cloud, Float64Array.from([14, 7])).distance;
    const across = distanceTo(cloud, Float64Array.from([14, 3])).distance;
    expect(along).toBeGreaterThan(1.8);
    expect(along).toBeLessThan(2.3);
    expect(across).toBeGreaterThan(3 * along);
  });

  it('takes quantiles between values', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([7], 0.99)).toBe(7);
  });
});

describe('measureFilm', () => {
  const figure = (film: Uint8Array, name: string) =>
    measureFilm(film, 16)[filmFeatures.findIndex((feature) => feature.name === name)];

  it('gives the figures their names', () => {
    const halves = Uint8Array.from({ length: 256 }, (_, place) => (Math.abs((place % 16) - 7.5) < 4 ? 0 : 255));
    expect(figure(halves, 'mean')).toBeCloseTo(0.5);
    expect(figure(halves, 'deviation')).toBeCloseTo(0.5);
    expect(figure(halves, 'entropy')).toBeCloseTo(1);
    expect(figure(halves, 'black')).toBe(0.5);
    expect(figure(halves, 'white')).toBe(0.5);
    expect(figure(halves, 'wave 2 0')).toBeGreaterThan(0.2);
    expect(figure(halves, 'wave 1 0')).toBeCloseTo(0);
    expect(figure(halves, 'wave 0 2')).toBeCloseTo(0);
    expect(figure(halves, 'direction')).toBeGreaterThan(2);
    const margin = halves.map((grey, place) => (place % 16 < 2 || place % 16 > 13 ? 0 : grey));
    expect(figure(margin, 'black')).toBeCloseTo(8 / 12);
  });
});
