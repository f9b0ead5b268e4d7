// Films found again after they were re-saved, rescaled, brightened or cropped, and other films left apart.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { edgeSpread } from '#core/imaging/blur.ts';
import { reduced } from '#core/imaging/display.ts';
import { FINGERPRINT_BYTES } from '#core/imaging/fingerprint-layout.ts';
import { fingerprint } from '#core/imaging/fingerprint.ts';
import { nearDuplicates } from '#core/imaging/near-duplicates.ts';
import { recognised } from '#core/imaging/opened-file.ts';
import { plainFilm } from '#core/imaging/plain-film.ts';
import { decodeFrame, sourceOf } from '#core/imaging/source.ts';
import { random } from '#core/random.ts';
import { testData } from '#test/data.ts';

const [WIDTH, HEIGHT] = [180, 220];

/**
 * A film of discs at places of its own: as unlike another as two films of different parts. With `other` the discs lie a little
 * elsewhere, as the bones of another patient in the same place would.
 */
function drawn(seed: number, other = 0): Buffer {
  const dice = random(seed);
  const moved = random(1000 * seed + other);
  const away = () => (other === 0 ? 0 : 24 * (moved.uniform() - 0.5));
  const shapes = Array.from({ length: 12 }, () => ({
    x: dice.uniform() * WIDTH,
    y: dice.uniform() * HEIGHT,
    radius: 8 + 30 * dice.uniform(),
    light: 40 + 120 * dice.uniform(),
    tall: 0.3 + 2 * dice.uniform(),
  }));
  for (const shape of shapes) Object.assign(shape, { x: shape.x + away(), y: shape.y + away() });
  const pixels = Buffer.alloc(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      let light = 20;
      for (const shape of shapes) {
        if (Math.hypot(x - shape.x, (y - shape.y) / shape.tall) < shape.radius) light = Math.max(light, shape.light);
      }
      pixels[y * WIDTH + x] = Math.min(255, light + 6 * dice.uniform());
    }
  }
  return pixels;
}

const pipeline = (pixels: Buffer) =>
  sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');

async function printOf(bytes: Buffer): Promise<Uint8Array> {
  const { film } = await sourceOf(recognised('film', bytes)).decode(0);
  return fingerprint(reduced(film, 160));
}

const changes: Record<string, (film: Sharp) => Sharp> = {
  'saved as poor JPEG': (film) => film.jpeg({ quality: 30 }),
  'half the size': (film) => film.resize(90, 110).png(),
  'twice the size': (film) => film.resize(360, 440).jpeg(),
  brighter: (film) => film.linear(1.1, 20).png(),
  flatter: (film) => film.linear(0.7, 30).png(),
  'cropped by 2 % at each side': (film) => film.extract({ left: 4, top: 4, width: 172, height: 212 }).png(),
};

describe('near-duplicates', () => {
  it('of twenty films in seven forms are twenty groups of seven', async () => {
    const prints: Uint8Array[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      prints.push(await printOf(await pipeline(drawn(seed)).png().toBuffer()));
      for (const change of Object.values(changes)) {
        prints.push(await printOf(await change(pipeline(drawn(seed))).toBuffer()));
      }
    }
    expect(prints.every((print) => print.length === FINGERPRINT_BYTES)).toBe(true);
    const groups = nearDuplicates(prints);
    expect(groups).toEqual(
      Array.from({ length: 20 }, (_, film) => Array.from({ length: 7 }, (__, form) => 7 * film + form)),
    );
  });

  it('are told from films of other patients that lie alike', async () => {
    const prints: Uint8Array[] = [];
    for (let seed = 40; seed < 60; seed++) {
      for (const other of [0, 1, 2, 3]) prints.push(await printOf(await pipeline(drawn(seed, other)).png().toBuffer()));
    }
    const alike = nearDuplicates(
      prints.map((print) => Uint8Array.from([...prints[0]!.subarray(0, 8), ...print.subarray(8)])),
    );
    expect(alike).toEqual([]);
    expect(nearDuplicates(prints)).toEqual([]);
  });

  it('come by order of their first film, each film once, singles left out', async () => {
    const [a, b, c] = await Promise.all(
      [31, 32, 33].map(async (seed) => printOf(await pipeline(drawn(seed)).png().toBuffer())),
    );
    expect(nearDuplicates([a!, b!, c!, b!, a!, b!])).toEqual([
      [0, 4],
      [1, 3, 5],
    ]);
    expect(nearDuplicates([])).toEqual([]);
    expect(nearDuplicates([a!])).toEqual([]);
  });

  it('are not made of films without structure', () => {
    const plain = (value: number) => fingerprint({ width: 64, height: 64, pixels: new Uint8Array(4096).fill(value) });
    expect(nearDuplicates([plain(0), plain(90), plain(255), plain(90)])).toEqual([]);
  });

  const folder = testData('fracatlas-sample');
  it.skipIf(!folder)(
    'among real films: copies are found, other films stay apart (needs fracatlas-sample)',
    async () => {
      const images = join(folder!, 'images/Fractured');
      const prints: Uint8Array[] = [];
      let copies = 0;
      for (const name of readdirSync(images).sort().slice(40, 120)) {
        const { film } = await decodeFrame(join(images, name), 0).catch(() => ({ film: null }));
        if (!film) continue;
        prints.push(fingerprint(reduced(film, 160)));
        if (prints.length % 2 === 0) continue;
        const raw = { width: film.width, height: film.height, channels: 1 as const };
        const copy = await sharp(film.pixels as Uint8Array, { raw })
          .resize(300)
          .linear(1.05, 5)
          .jpeg({ quality: 60 })
          .toBuffer();
        prints.push(await printOf(copy));
        copies++;
      }
      const inGroups = nearDuplicates(prints).flat().length;
      expect(copies).toBeGreaterThan(20);
      expect(inGroups).toBeGreaterThanOrEqual(2 * copies * 0.97);
      expect(inGroups).toBeLessThanOrEqual(2 * copies + 8);
    },
  );
});

describe('blur', () => {
  /** A bright disc whose edge is spread by a Gaussian of the given width. */
  async function disc(spread: number): Promise<number> {
    const side = 400;
    const pixels = Buffer.from(
      Array.from({ length: side * side }, (_, at) =>
        Math.hypot((at % side) - 200, Math.floor(at / side) - 190) < 110 ? 210 : 30,
      ),
    );
    const sharpDisc = sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w');
    const blurred = await sharpDisc.blur(spread).toColourspace('b-w').raw().toBuffer();
    return edgeSpread({ width: side, height: side, pixels: blurred });
  }

  it('is measured in pixels of spread', async () => {
    for (const spread of [1, 1.5, 2, 3]) expect(Math.abs((await disc(spread)) - spread)).toBeLessThan(0.25 * spread);
  });

  it('of films without edges is not claimed', () => {
    expect(edgeSpread(reduced(plainFilm(64, 64, 8, new Uint8Array(4096).fill(90)), 64))).toBe(0);
    expect(edgeSpread(reduced(plainFilm(16, 16, 8, new Uint8Array(256).fill(90)), 16))).toBe(0);
  });
});
