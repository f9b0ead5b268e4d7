// A child draws a film into a PNG: 8-bit grey, no metadata, the very pixels, the same in another process.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { drawPhantom } from '#core/imaging/phantom/film.ts';
import { phantomMethods } from '#core/imaging/phantom/methods.ts';

const folder = mkdtempSync(join(tmpdir(), 'osteon-phantom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes the film as 8-bit grey without metadata and says what is on it', async () => {
  const to = join(folder, 'film.png');
  const facts = await phantomMethods.phantom({ seed: 1, index: 0, to });
  const { pixels, ...expected } = drawPhantom(1, 0);
  expect(facts).toEqual(expected);
  expect(facts.patient).toBe('D-0001');
  const picture = sharp(to);
  const { format, width, height, channels, depth, exif, icc, xmp, density, comments } = await picture.metadata();
  expect({ format, width, height, channels, depth }).toEqual({
    format: 'png',
    width: facts.width,
    height: facts.height,
    channels: 1,
    depth: 'uchar',
  });
  expect([exif, icc, xmp, density, comments]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  const raw = await picture.toColourspace('b-w').raw().toBuffer();
  expect(raw.equals(pixels)).toBe(true);
});

it('draws the same pixels in another process', () => {
  const source = pathToFileURL(join(import.meta.dirname, '../../../../core/imaging/phantom/film.ts')).href;
  const script = `import { createHash } from 'node:crypto';
    import { drawPhantom } from ${JSON.stringify(source)};
    process.stdout.write(createHash('sha256').update(drawPhantom(1, 36).pixels).digest('hex'));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(printed).toBe(createHash('sha256').update(drawPhantom(1, 36).pixels).digest('hex'));
});
