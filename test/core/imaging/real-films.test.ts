// Real radiographs, where they are at hand: what is refused, what stands upright, what is the same film.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { keepFile } from '#core/imaging/keep.ts';
import { pixelSha256 } from '#core/imaging/pixel-hash.ts';
import { readFilms } from '#core/imaging/reading.ts';
import { decodeFrame } from '#core/imaging/source.ts';
import { testData } from '#test/data.ts';

const folder = mkdtempSync(join(tmpdir(), 'osteon-real-'));
const thumbnails = join(folder, 'thumbnails');
mkdirSync(thumbnails);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFilms({ path, salt: 'salt', keepIdentity: false, thumbnails });

const fracatlas = testData('fracatlas-sample');
describe.skipIf(!fracatlas)('real films (needs fracatlas-sample)', () => {
  const images = () =>
    readdirSync(join(fracatlas!, 'images'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.jpg'))
      .sort();

  it('are read whole but for the eight that are cut short; some are there twice', async () => {
    const refused: string[] = [];
    const seen = new Map<string, number>();
    const all = images();
    expect(all.length).toBe(630);
    const reader = async () => {
      for (let name = all.pop(); name; name = all.pop()) {
        try {
          const key = pixelSha256((await decodeFrame(join(fracatlas!, 'images', name), 0)).film);
          seen.set(key, (seen.get(key) ?? 0) + 1);
        } catch (error) {
          refused.push((error as { code: string }).code);
        }
      }
    };
    await Promise.all([reader(), reader(), reader()]);
    expect(refused).toEqual(new Array(8).fill('FILM_CUT_SHORT'));
    expect([...seen.values()].filter((count) => count > 1).length).toBeGreaterThan(0);
  });

  it('of another orientation stand upright', async () => {
    let turned = 0;
    for (const name of images()) {
      const path = join(fracatlas!, 'images', name);
      const stored = await sharp(path).metadata();
      if ((stored.orientation ?? 1) < 5) continue;
      const { film } = await decodeFrame(path, 0);
      expect([film.width, film.height]).toEqual([stored.height, stored.width]);
      turned++;
    }
    expect(turned).toBeGreaterThan(3);
  });
});

const radiographs = testData('dicom-radiographs');
describe.skipIf(!radiographs)('real DICOM files (needs dicom-radiographs)', () => {
  const file = (name: string) => join(radiographs!, `${name}.dcm`);

  it('of one leg in five lossless packings have one hash, of two lossy ones others', async () => {
    const hash = async (name: string) => (await read(file(name))).frames[0]!.pixelSha256;
    const lossless = await Promise.all(['UNC', 'RLE', 'JPLL', 'JLSL', 'J2KR'].map((name) => hash(`RG3_${name}`)));
    expect(new Set(lossless).size).toBe(1);
    for (const name of ['RG3_JLSN', 'RG3_J2KI']) expect(await hash(name)).not.toBe(lossless[0]);
  });

  it('have the sums another reader finds, and 12-bit JPEG is refused by name', async () => {
    const sums: Record<string, [sum: number, bits: number]> = {
      RG3_UNC: [1030616989, 10],
      RG3_JLSN: [1031531208, 10],
      RG3_J2KI: [1030622924, 10],
      GH133: [5497827292, 12],
      'gdcm-CR-MONO1-10-chest': [97159572, 10],
    };
    for (const [name, [sum, bits]] of Object.entries(sums)) {
      const { film } = await decodeFrame(file(name), 0);
      let total = 0;
      for (const value of film.pixels) total += value;
      expect([name, total, film.bits]).toEqual([name, sum, bits]);
    }
    await expect(read(file('RG3_JPLY'))).rejects.toMatchObject({
      code: 'UNSUPPORTED_ENCODING',
      values: { encoding: '12-bit lossy JPEG' },
    });
  });

  it('keep their pixels and lose their names', async () => {
    for (const name of ['GH133', 'RG3_JPLL', 'CR-ModalitySequenceLUT']) {
      const to = join(folder, `${name}.kept`);
      await keepFile({ path: file(name), to, salt: 'salt', keepIdentity: false });
      const [before, after] = await Promise.all([read(file(name)), read(to)]);
      expect(after.frames).toEqual(before.frames);
      expect(after.facts).toEqual(before.facts);
      expect(after.identifying).toEqual([]);
      expect(readFileSync(to).toString('latin1')).not.toMatch(/CompressedSamples|ANON-1234|FO-DICOM|11RG3|XX\^XX/);
      expect(existsSync(join(thumbnails, `${before.sha256}-0-160.webp`))).toBe(true);
    }
  });
});
