// A8 of the trust plan: several programs label one library at once; nothing is lost and nobody is told to wait.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verify } from '#core/libraries/verify.ts';
import { addFilms, testLibrary } from '#test/library.ts';

const LABELS = Number(process.env['OSTEON_WRITES'] ?? 500);
const WRITERS = 2;
const FILMS = 12;
const labeller = fileURLToPath(new URL('labeller.ts', import.meta.url));

async function write(folder: string) {
  const child = spawn(process.execPath, [labeller, folder, String(FILMS), String(LABELS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let trouble = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (trouble += data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return { acknowledged: said.split('\n').slice(1).filter(Boolean), trouble };
}

test(`${WRITERS} programs give ${LABELS} labels each: all are there, none was refused`, async () => {
  const library = testLibrary();
  addFilms(library, FILMS);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => write(library.paths.folder)));
  expect(writers.map(({ trouble }) => trouble)).toEqual(Array(WRITERS).fill(''));
  const rows = library.db.raw.prepare('SELECT seq, xray_id, after FROM events ORDER BY seq').raw().all() as unknown[][];
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  console.log(`A8: ${WRITERS} writers, ${acknowledged.length} acknowledged, ${rows.length} in the record`);
  expect(rows).toHaveLength(WRITERS * LABELS);
  expect(new Set(rows.map((row) => row.join(' ')))).toEqual(new Set(acknowledged));
  expect((await verify(library)).findings.filter(({ what }) => what !== 'film')).toEqual([]);
}, 300_000);
