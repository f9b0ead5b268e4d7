// F1 of the trust plan, through the real decoding child: malformed films are refused by a code, the child lives on and
// stays small, the files stay as they are. What each refusal should be, and cuts anywhere: test/core/imaging/malformed.test.ts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { isProblemCode } from '#api/problems.ts';
import { Decoders } from '#core/children/decoders.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { FileReading } from '#core/imaging/film.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { malformedPictures } from '#test/fixtures/malformed-pictures.ts';
import { basePictures, pngHeader, pngOf } from '#test/fixtures/pictures.ts';
import { temporaryFolder } from '#test/library.ts';

const MUTATIONS = 300;
const MOST_KB = 300 * 1024;

/** The most memory a process has held so far, kB. */
function peakKb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Pictures that are small as files and large once unpacked: beyond what is read, and just below it. */
function swelling(): [string, Buffer][] {
  const png = (width: number, height: number) =>
    pngOf([
      ['IHDR', pngHeader(width, height, 8, 0)],
      ['IDAT', deflateSync(Buffer.alloc((width + 1) * height), { level: 9 })],
      ['IEND', Buffer.alloc(0)],
    ]);
  return [
    ['240 megapixels', png(16_000, 15_000)],
    ['15 megapixels, as a detector gives', png(4000, 3750)],
  ];
}

/** Whole pictures with some bytes changed. */
async function mutations(): Promise<[string, Buffer][]> {
  const bases = await basePictures();
  const dice = random(31);
  return Array.from({ length: MUTATIONS }, (_, i): [string, Buffer] => {
    const { name, bytes } = bases[i % bases.length]!;
    const changed = Buffer.from(bytes);
    for (let change = 0; change <= dice.below(6); change++) changed[dice.below(changed.length)] = dice.below(256);
    return [`${name} changed ${i}`, changed];
  });
}

test('malformed films, films that swell and films with changed bytes: a code each, one child of at most 300 MB', async () => {
  const corpus: [string, Buffer][] = (await malformedPictures()).map(({ name, bytes }) => [name, Buffer.from(bytes)]);
  expect(corpus.length).toBeGreaterThanOrEqual(300);
  const films = [...corpus, ...(await mutations()), ...swelling()];
  const folder = temporaryFolder();
  const pids = new Set<number>();
  const startChild = nodeChildren(new URL('../../core/children/', import.meta.url), '.ts');
  const decoders = new Decoders((kind, environment) => {
    const child = startChild(kind, environment);
    pids.add(child.pid ?? 0);
    return child;
  }, 1);
  onTestFinished(() => decoders.close());
  const thumbnails = join(folder, 'thumbnails');
  mkdirSync(thumbnails);
  const sums = films.map(([, bytes], i) => {
    writeFileSync(join(folder, `film-${i}`), bytes);
    return createHash('sha256').update(bytes).digest('hex');
  });
  const ends = new Map<string, number>();
  await Promise.all(
    films.map(async ([name], i) => {
      const request = { path: join(folder, `film-${i}`), salt: 's', keepIdentity: false, thumbnails };
      // Waiting in the queue counts for nothing: the clock of a film starts with its work.
      const end = await decoders.ask<FileReading>('read', request).then(
        ({ frames }) =>
          frames.every(({ width, height }) => width > 0 && height > 0) ? 'read' : `read in part: ${name}`,
        (error: unknown) => {
          if (error instanceof Problem && isProblemCode(error.code)) return error.code;
          return `not coded: ${name}: ${String(error)}`;
        },
      );
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }),
  );
  const [pid = 0] = pids;
  const peak = existsSync('/proc/self/status') ? peakKb(pid) : null;
  console.log(
    `F1: ${films.length} films, ${[...ends].map(([end, n]) => `${n} ${end}`).join(', ')}; peak ${peak ?? '?'} kB`,
  );
  expect([...ends.keys()].filter((end) => /in part|not coded|DECODER_DIED|FILM_TOO_SLOW|INTERNAL/.test(end))).toEqual(
    [],
  );
  expect(pids.size).toBe(1);
  if (peak !== null) expect(peak).toBeLessThanOrEqual(MOST_KB);
  const after = films.map((_, i) =>
    createHash('sha256')
      .update(readFileSync(join(folder, `film-${i}`)))
      .digest('hex'),
  );
  expect(after).toEqual(sums);
  expect(readdirSync(folder).filter((name) => !name.startsWith('film-'))).toEqual(['thumbnails']);
}, 240_000);

test.skipIf(!existsSync('/proc/self/status'))(
  'control: a process that unpacks such a film without a limit is seen',
  () => {
    const program = `
    const sharp = require('sharp');
    const { readFileSync } = require('node:fs');
    sharp({ create: { width: 12000, height: 10000, channels: 3, background: '#123' } }).raw().toBuffer().then(() => {
      console.log(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    });`;
    const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect(Number(stdout)).toBeGreaterThan(MOST_KB);
  },
);
