// The decoding child: the imaging layer asked over the channel, as the core asks it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PixelDescription } from '#api/images.ts';
import { Asker } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { FileReading } from '#core/imaging/film.ts';
import { FINGERPRINT_BYTES } from '#core/imaging/fingerprint-layout.ts';
import { decodeFrame } from '#core/imaging/source.ts';
import { basePictures, greyPixels } from '#test/fixtures/pictures.ts';
import type { BasePicture } from '#test/fixtures/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'osteon-child-'));
const thumbnails = join(folder, 'thumbnails');
mkdirSync(thumbnails);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: Uint8Array | string) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

let bases: Map<string, BasePicture>;
beforeAll(async () => {
  bases = new Map((await basePictures()).map((base) => [base.name, base]));
});
const base = (name: string) => bases.get(name)!;

describe('the decoding child', () => {
  const child = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts')('decode');
  const asker = new Asker(child);
  afterAll(() => child.kill());

  it('reads, keeps and makes small copies', async () => {
    const path = write('child.png', base('deep.png').bytes);
    const reading = await asker.ask<FileReading>('read', { path, salt: 's', keepIdentity: false, thumbnails });
    expect(reading.frames[0]).toMatchObject({ width: 96, height: 72, bits: 16 });
    expect(reading.frames[0]!.fingerprint).toHaveLength(FINGERPRINT_BYTES);
    const to = join(folder, 'child.part');
    expect(await asker.ask('keep', { path, to, salt: 's', keepIdentity: false })).toMatchObject({
      sha256: reading.sha256,
    });
    await asker.ask('thumbnail', { path, frame: 0, side: 48, to: join(folder, 'child.webp') });
    // a lossy WebP has its size at 26 and 28
    const small = readFileSync(join(folder, 'child.webp'));
    expect([small.toString('latin1', 8, 15), small.readUInt16LE(26), small.readUInt16LE(28)]).toEqual([
      'WEBPVP8',
      48,
      36,
    ]);
  });

  it('gives raw pixels with their description', async () => {
    const path = join(folder, 'child.png');
    const { description, bytes } = await asker.ask<{ description: PixelDescription; bytes: Uint8Array }>('pixels', {
      path,
      frame: 0,
    });
    expect(description).toMatchObject({ width: 96, height: 72, bits: 16, type: 'uint16', slope: 1, intercept: 0 });
    expect(bytes.byteLength).toBe(96 * 72 * 2);
    expect(bytes[0]! + 256 * bytes[1]!).toBe(257 * greyPixels(96, 72)[0]!);
  });

  it('prepares films for a network, in order, and tells how far it is', async () => {
    const films = ['grey.png', 'deep.png', 'colour.png'].map((name) => ({
      path: write(`in-${name}`, base(name).bytes),
      frame: 0,
    }));
    const events: { done: number }[] = [];
    const { pixels, colour } = await asker.ask<{ pixels: Uint8Array; colour: Float32Array }, { done: number }>(
      'inputs',
      { films, size: 28 },
      { onEvent: (event) => events.push(event) },
    );
    expect(pixels).toHaveLength(3 * 28 * 28);
    expect(events).toEqual([{ done: 1 }, { done: 2 }, { done: 3 }]);
    const [grey, deep] = [pixels.subarray(0, 784), pixels.subarray(784, 1568)];
    expect(Math.max(...grey.map((value, at) => Math.abs(value - deep[at]!)))).toBeLessThanOrEqual(2);
    expect([colour[0], colour[1]]).toEqual([0, 0]);
    expect(colour[2]).toBeGreaterThan(5);
    const stop = new AbortController();
    stop.abort();
    await expect(asker.ask('inputs', { films, size: 28 }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('straightens a photographed film', async () => {
    const corners = [
      { x: 10, y: 6 },
      { x: 90, y: 6 },
      { x: 90, y: 66 },
      { x: 10, y: 66 },
    ];
    const to = join(folder, 'straight.png');
    const path = write('photo.png', base('grey.png').bytes);
    expect(await asker.ask('straighten', { path, corners, to })).toEqual({ width: 80, height: 60 });
    const { film } = await decodeFrame(to, 0);
    const source = greyPixels(96, 72);
    expect(film.pixels[0]).toBe(source[6 * 96 + 10]);
    expect(film.pixels[59 * 80 + 79]).toBe(source[65 * 96 + 89]);
    const crossed = [corners[0], corners[2], corners[1], corners[3]];
    await expect(asker.ask('straighten', { path, corners: crossed, to })).rejects.toMatchObject({
      code: 'BAD_CORNERS',
    });
  });

  it('refuses by code, and goes on', async () => {
    const path = write('half.jpg', base('grey.jpg').bytes.subarray(0, 700));
    const request = { path, salt: 's', keepIdentity: false, thumbnails };
    await expect(asker.ask('read', request)).rejects.toMatchObject({
      code: 'FILM_CUT_SHORT',
      values: { file: 'half.jpg' },
    });
    await expect(asker.ask('read', { ...request, path: join(folder, 'child.png') })).resolves.toBeDefined();
  });
});
