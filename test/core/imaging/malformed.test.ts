// F1: malformed pictures. No crash, no hang, no half film taken for a whole one, every refusal coded.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isProblemCode } from '#api/problems.ts';
import { pictureFrom } from '#core/imaging/libvips.ts';
import { recognised } from '#core/imaging/opened-file.ts';
import { checkPng } from '#core/imaging/picture/png.ts';
import { sourceOf } from '#core/imaging/source.ts';
import { Problem } from '#core/problem.ts';
import { malformedPictures } from '#test/fixtures/malformed-pictures.ts';
import type { Malformed } from '#test/fixtures/malformed-pictures.ts';
import { basePictures, pngChunks, pngOf } from '#test/fixtures/pictures.ts';
import type { BasePicture } from '#test/fixtures/pictures.ts';

/** The code of the refusal, or "decodes" once every frame is decoded. Anything else that is thrown is a fault of ours. */
async function verdict(bytes: Buffer): Promise<string> {
  try {
    const source = sourceOf(recognised('film', bytes));
    for (let frame = 0; frame < source.frames; frame++) {
      const { film } = await source.decode(frame);
      if (film.pixels.length !== film.width * film.height) return 'decoded in part';
    }
    return 'decodes';
  } catch (error) {
    if (error instanceof Problem && isProblemCode(error.code)) return error.code;
    throw error;
  }
}

const REFUSALS = [
  'NOT_A_FILM',
  'FILM_CUT_SHORT',
  'FILM_DAMAGED',
  'FILM_TOO_LARGE',
  'FILM_TOO_SMALL',
  'UNSUPPORTED_ENCODING',
];

describe('malformed pictures', () => {
  let corpus: Malformed[];
  let bases: BasePicture[];
  beforeAll(async () => {
    corpus = await malformedPictures();
    bases = await basePictures();
  });

  it('are refused by the right name, all of the corpus', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(300);
    const wrong: string[] = [];
    for (const { name, bytes, expected } of corpus) {
      const got = await verdict(bytes);
      if (!expected.includes(got)) wrong.push(`${name}: ${got}, not ${expected.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it('never reach libvips as what it is not to open, nor with texts it would unpack', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="9" height="9"/></svg>',
    );
    await expect(pictureFrom(svg).raw().toBuffer()).rejects.toThrow(/unsupported/);
    const swelling = corpus.find(({ name }) => name === 'PNG with a text that swells')!;
    expect(checkPng({ file: 'film', bytes: swelling.bytes }).decodable.includes('zTXt')).toBe(false);
  });

  it('stand beside whole ones that decode', async () => {
    const verdicts = await Promise.all(bases.map(({ bytes }) => verdict(bytes)));
    expect(verdicts).toEqual(bases.map(() => 'decodes'));
  });

  it('are never taken for whole when cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bases.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), async (which, share) => {
        const { bytes } = bases[which]!;
        const end = Math.min(bytes.length - 1, Math.floor(share * bytes.length));
        expect(['FILM_CUT_SHORT', 'FILM_DAMAGED', 'NOT_A_FILM']).toContain(await verdict(bytes.subarray(0, end)));
      }),
      { seed: 20, numRuns: 400 },
    );
  });

  it('decode whole or are refused when bytes change', async () => {
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(bases.length - 1), changes, async (which, list) => {
        const bytes = Buffer.from(bases[which]!.bytes);
        for (const [share, value] of list) bytes[Math.floor(share * bytes.length)] = value;
        expect(['decodes', ...REFUSALS]).toContain(await verdict(bytes));
      }),
      { seed: 21, numRuns: 600 },
    );
  });

  it('decode whole or are refused when the bytes in a PNG change and its sums are right', async () => {
    const pngs = bases.filter(({ name }) => name.endsWith('.png'));
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    const got = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(pngs.length - 1), changes, async (which, list) => {
        const { bytes } = pngs[which]!;
        const chunks = pngChunks(bytes).map(({ type, start, length }): [string, Buffer] => {
          return [type, Buffer.from(bytes.subarray(start + 8, start + 8 + length))];
        });
        const data = Buffer.concat(chunks.map(([, part]) => part));
        for (const [share, value] of list) data[Math.floor(share * data.length)] = value;
        let at = 0;
        const changed = chunks.map(([type, part]): [string, Buffer] => [type, data.subarray(at, (at += part.length))]);
        const verdictOf = await verdict(pngOf(changed));
        got.add(verdictOf);
        expect(['decodes', ...REFUSALS]).toContain(verdictOf);
      }),
      { seed: 22, numRuns: 400 },
    );
    expect(got.size).toBeGreaterThan(1);
  });
});
