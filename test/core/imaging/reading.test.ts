// Reading and keeping files.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINGERPRINT_BYTES } from '#core/imaging/fingerprint-layout.ts';
import { keepFile } from '#core/imaging/keep.ts';
import { readFilms } from '#core/imaging/reading.ts';
import { decodeFrame } from '#core/imaging/source.ts';
import { EXPLICIT, dicomFile, shapeFields, words } from '#test/fixtures/dicom.ts';
import { basePictures, greyPixels, tiffOf } from '#test/fixtures/pictures.ts';
import type { BasePicture } from '#test/fixtures/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'osteon-reading-'));
const thumbnails = join(folder, 'thumbnails');
mkdirSync(thumbnails);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: Uint8Array | string) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const read = (path: string, keepIdentity = false) => readFilms({ path, salt: 'salt', keepIdentity, thumbnails });

/** Size of a lossy WebP, from its header: once the imaging layer is loaded, libvips opens none in this process. */
function webpSize(path: string): [width: number, height: number] {
  const bytes = readFileSync(path);
  expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 15)]).toEqual(['RIFF', 'WEBPVP8']);
  return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
}

let bases: Map<string, BasePicture>;
beforeAll(async () => {
  bases = new Map((await basePictures()).map((base) => [base.name, base]));
});
const base = (name: string) => bases.get(name)!;

describe('pictures', () => {
  it('of 8 and 16 bits keep their values, alpha and palette become grey', async () => {
    const grey = greyPixels(96, 72);
    const film = async (name: string) => (await decodeFrame(write(name, base(name).bytes), 0)).film;
    expect((await film('grey.png')).pixels).toEqual(grey);
    expect((await film('interlaced.png')).pixels).toEqual(grey);
    expect((await film('grey.tif')).pixels).toEqual(grey);
    expect((await film('alpha.png')).pixels).toEqual(grey);
    for (const name of ['deep.png', 'deep.tif']) {
      const deep = await film(name);
      expect(deep.bits).toBe(16);
      expect(deep.pixels).toEqual(Uint16Array.from(grey, (value) => value * 257));
    }
    for (const name of ['colour.png', 'palette.png', 'cmyk.jpg', 'colour.jpg']) {
      expect(await film(name)).toMatchObject({ width: 96, height: 72, bits: 8 });
    }
  });

  it('are turned upright by their EXIF mark', async () => {
    const turned = (await decodeFrame(write('rotated.jpg', base('rotated.jpg').bytes), 0)).film;
    const lying = (await decodeFrame(write('grey.jpg', base('grey.jpg').bytes), 0)).film;
    expect([turned.width, turned.height]).toEqual([72, 96]);
    // orientation 6: the first row of what is stored stands on the right
    expect(turned.pixels[71]).toBe(lying.pixels[0]);
    expect(turned.pixels[95 * 72 + 71]).toBe(lying.pixels[95]);
  });

  it('of several pages are films of their own; smaller copies of a page are passed over', async () => {
    const pages = [1, 2, 3].map((seed) => ({ width: 40, height: 30, pixels: greyPixels(40, 30, seed) }));
    const reading = await read(write('pages.tif', tiffOf(pages)));
    expect(reading.frames.map(({ frame, width, height }) => [frame, width, height])).toEqual(
      [0, 1, 2].map((n) => [n, 40, 30]),
    );
    expect(new Set(reading.frames.map(({ pixelSha256 }) => pixelSha256)).size).toBe(3);
    const third = await decodeFrame(join(folder, 'pages.tif'), 2);
    expect(third.film.pixels).toEqual(pages[2]!.pixels);
    await expect(decodeFrame(join(folder, 'pages.tif'), 3)).rejects.toMatchObject({ code: 'FILM_DAMAGED' });
    await expect(read(write('small pages.tif', tiffOf(pages, [[254, 1]])))).rejects.toMatchObject({
      code: 'FILM_DAMAGED',
    });
  });

  it('of white for zero come out the right way round', async () => {
    const pixels = greyPixels(40, 30);
    const plain = (await decodeFrame(write('black.tif', tiffOf([{ width: 40, height: 30, pixels }])), 0)).film;
    const turned = tiffOf([{ width: 40, height: 30, pixels: pixels.map((value) => 255 - value) }], [[262, 0]]);
    expect((await decodeFrame(write('white.tif', turned), 0)).film.pixels).toEqual(plain.pixels);
  });

  it('are grey where they are grey and colourful where they are', async () => {
    const paint = (red: number, green: number, blue: number) =>
      sharp(
        Buffer.from(
          Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? [red, green, blue] : [90, 90, 90])).flat(),
        ),
        {
          raw: { width: 64, height: 64, channels: 3 },
        },
      )
        .png()
        .toBuffer();
    const colour = async (name: string, bytes: Buffer) => (await decodeFrame(write(name, bytes), 0, true)).colour;
    expect(await colour('neutral.png', await paint(40, 40, 40))).toBe(0);
    expect(await colour('tinted.png', await paint(90, 100, 120))).toBeLessThan(30);
    expect(await colour('poster.png', await paint(250, 10, 30))).toBeGreaterThan(80);
    expect((await decodeFrame(join(folder, 'poster.png'), 0)).colour).toBe(0);
  });
});

describe('reading', () => {
  it('tells what an import needs, and writes a small copy', async () => {
    const { bytes } = base('grey.jpg');
    const reading = await read(write('film.jpg', bytes));
    expect(reading).toMatchObject({
      mediaType: 'image/jpeg',
      bytes: bytes.length,
      sha256: sha256(bytes),
      facts: { patient: null, study: null, bodyPart: null },
      burnedIn: false,
      identifying: [],
    });
    expect(reading.frames).toHaveLength(1);
    expect(reading.frames[0]).toMatchObject({ frame: 0, width: 96, height: 72, bits: 8, blurred: false });
    expect(reading.frames[0]!.fingerprint).toHaveLength(FINGERPRINT_BYTES);
    expect(webpSize(join(thumbnails, `${reading.sha256}-0-160.webp`))).toEqual([96, 72]);
  });

  it('finds the same film in another file by its pixels', async () => {
    const [png, tiff] = await Promise.all(['grey.png', 'lzw.tif'].map((name) => read(write(name, base(name).bytes))));
    expect(png!.sha256).not.toBe(tiff!.sha256);
    expect(png!.frames[0]!.pixelSha256).toBe(tiff!.frames[0]!.pixelSha256);
    expect(png!.frames[0]!.fingerprint).toEqual(tiff!.frames[0]!.fingerprint);
  });

  it('tells of a DICOM file what it says of itself', async () => {
    const shape = shapeFields({ rows: 20, columns: 30, stored: 12, frames: 2 });
    const values = Array.from({ length: 1200 }, (_, at) => at & 4095);
    const bytes = dicomFile(EXPLICIT, [
      ...shape,
      [0x00100010, 'PN', 'Mustermann'],
      [0x00100020, 'LO', '4711'],
      [0x00180015, 'CS', 'WRIST'],
      [0x00181164, 'DS', '0.15\\0.15'],
      words(values),
    ]);
    const reading = await read(write('wrist.dcm', bytes));
    expect(reading).toMatchObject({
      mediaType: 'application/dicom',
      burnedIn: true,
      pixelSpacingMm: 0.15,
      pixelSpacingSource: 'detector spacing',
      identifying: ['Patient Name', 'Patient ID'],
      facts: { bodyPart: 'wrist' },
    });
    expect(reading.facts.patient).toMatch(/^P-/);
    expect(reading.frames.map(({ width, height, bits }) => [width, height, bits])).toEqual([
      [30, 20, 12],
      [30, 20, 12],
    ]);
    expect(JSON.stringify(reading)).not.toContain('Mustermann');
    expect((await read(join(folder, 'wrist.dcm'), true)).identifying).toEqual([]);
  });

  it('writes nothing for a file it refuses, not even for its first frames', async () => {
    const page = (seed: number) => ({ width: 40, height: 30, pixels: greyPixels(40, 30, seed) });
    const broken = tiffOf([page(51), { ...page(52), tags: [[259, 5]] }]);
    const before = readdirSync(thumbnails).sort();
    const path = write('second page broken.tif', broken);
    await expect(decodeFrame(path, 0)).resolves.toBeDefined();
    await expect(read(path)).rejects.toMatchObject({ name: 'Problem' });
    expect(readdirSync(thumbnails).sort()).toEqual(before);
  });

  it.each([
    ['what is not there', () => join(folder, 'nowhere.png'), 'it is not there'],
    ['a folder', () => thumbnails, 'it is not a file'],
    ['an empty file', () => write('empty.png', ''), 'it is empty'],
    ['a device', () => '/dev/zero', 'it is not a file'],
    [
      'a link to itself',
      () => (symlinkSync('loop', join(folder, 'loop')), join(folder, 'loop')),
      'its links go round in a circle',
    ],
    ['a name too long', () => join(folder, 'x'.repeat(300)), 'its name is too long'],
  ])('refuses %s', async (_, path, reason) => {
    await expect(read(path())).rejects.toMatchObject({ code: 'FILE_UNREADABLE', values: { reason } });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe nobody writes into', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(read(pipe)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('keeping', () => {
  it('a picture is keeping its bytes', async () => {
    const { bytes } = base('colour.jpg');
    const to = join(folder, 'kept.jpg');
    const kept = await keepFile({ path: write('source.jpg', bytes), to, salt: 's', keepIdentity: false });
    expect(readFileSync(to)).toEqual(bytes);
    expect(kept).toEqual({ sha256: sha256(bytes), bytes: bytes.length, sourceSha256: sha256(bytes) });
    await expect(keepFile({ path: join(folder, 'source.jpg'), to, salt: 's', keepIdentity: false })).rejects.toThrow(
      'EEXIST',
    );
  });

  it('a DICOM file is keeping it without identity, unless the library keeps identities', async () => {
    const shape = shapeFields({ rows: 16, columns: 16 });
    const bytes = dicomFile(EXPLICIT, [
      ...shape,
      [0x00100010, 'PN', 'Mustermann'],
      words(new Array<number>(256).fill(7)),
    ]);
    const path = write('named.dcm', bytes);
    const keep = (to: string, keepIdentity: boolean) =>
      keepFile({ path, to: join(folder, to), salt: 's', keepIdentity });
    const without = await keep('without.dcm', false);
    const written = readFileSync(join(folder, 'without.dcm'));
    expect(written.toString('latin1')).not.toContain('Mustermann');
    expect(without).toEqual({ sha256: sha256(written), bytes: written.length, sourceSha256: sha256(bytes) });
    expect(await keep('with.dcm', true)).toMatchObject({ sha256: sha256(bytes), sourceSha256: sha256(bytes) });
    expect(readFileSync(join(folder, 'with.dcm'))).toEqual(bytes);
  });
});
