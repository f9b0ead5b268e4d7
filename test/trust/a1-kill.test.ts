// A1 of the trust plan: a label that was acknowledged survives kill -9 of the program, at any moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { random } from '#core/random.ts';
import type { EventRow } from '#db/tables.ts';
import { readJournal } from '#core/libraries/journal.ts';
import { addFilms, testLibrary } from '#test/library.ts';

const KILLS = Number(process.env['OSTEON_KILLS'] ?? 200);
const FILMS = 12;
const labeller = fileURLToPath(new URL('labeller.ts', import.meta.url));

interface Round {
  acknowledged: { seq: number; xray: number; label: string }[];
}

/** Killed some moment after so many labels were acknowledged: 0 to 60 ms from the start where the computer is idle. */
interface Moment {
  labels: number;
  ms: number;
}

/** A process that labels until it is killed; `over` is what it acknowledged. */
function startLabeller(folder: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [labeller, folder, String(FILMS)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const over = new Promise((resolve) => child.on('close', resolve)).then((): Round => {
    const lines = said.slice(0, said.lastIndexOf('\n')).split('\n').slice(1).filter(Boolean);
    const acknowledged = lines.map((line) => {
      const [seq, xray, label = ''] = line.split(' ');
      return { seq: Number(seq), xray: Number(xray), label };
    });
    return { acknowledged };
  });
  const count = () => said.split('\n').length - 2;
  return {
    over,
    count,
    /** Ends when so many labels were acknowledged, or the process is gone. */
    reached: async (labels: number) => {
      while (count() < labels && (child.exitCode ?? child.signalCode) === null)
        await Promise.race([once(child.stdout, 'data'), over]);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

async function killOnce(folder: string, moment: Moment, environment: Record<string, string>): Promise<Round> {
  const process = startLabeller(folder, environment);
  await process.reached(moment.labels);
  await sleep(moment.ms);
  process.kill();
  return process.over;
}

async function kills(count: number, environment: Record<string, string>) {
  const library = testLibrary();
  addFilms(library, FILMS);
  const folder = library.paths.folder;
  library.close();
  const dice = random(1);
  const totals = { acknowledged: 0, lost: 0, broken: 0, extra: 0, worstExtra: 0 };
  let known = 0;
  for (let i = 0; i < count; i++) {
    const { acknowledged } = await killOnce(folder, { labels: dice.below(10), ms: dice.below(20) }, environment);
    const again = testLibrary(folder);
    const rows = again.db.raw.prepare('SELECT * FROM events ORDER BY seq').all() as EventRow[];
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    totals.acknowledged += acknowledged.length;
    totals.lost += acknowledged.filter(
      ({ seq, xray, label }) => bySeq.get(seq)?.xray_id !== xray || bySeq.get(seq)?.after !== label,
    ).length;
    const extra = rows.length - known - acknowledged.length;
    totals.worstExtra = Math.max(totals.worstExtra, extra);
    const journal = readJournal(again.paths.labelJournal).rows.length;
    if (again.notices.some((notice) => /rebuilt|replaced|not join/.test(notice)) || journal < rows.length)
      totals.broken++;
    known = rows.length;
    again.close();
  }
  return totals;
}

test(`${KILLS} kills: no acknowledged label lost, nothing broken, at most one unacknowledged extra each`, async () => {
  const totals = await kills(KILLS, {});
  console.log(`A1: ${KILLS} kills, ${totals.acknowledged} acknowledged, ${totals.lost} lost, ${totals.broken} broken`);
  expect(totals.acknowledged).toBeGreaterThan(KILLS);
  expect(totals).toMatchObject({ lost: 0, broken: 0 });
  expect(totals.worstExtra).toBeLessThanOrEqual(1);
}, 600_000);

/** The one dies, the other labels on and dies later; then the database is deleted and only the journals are left. */
async function killsOfTwo(rounds: number) {
  const library = testLibrary();
  addFilms(library, FILMS);
  const { folder, database } = library.paths;
  library.close();
  const dice = random(2);
  const acknowledged: Round['acknowledged'] = [];
  for (let i = 0; i < rounds; i++) {
    const [first, second] = [startLabeller(folder), startLabeller(folder)];
    await Promise.all([first.reached(1), second.reached(1)]);
    await sleep(dice.below(20));
    first.kill();
    const { acknowledged: ofFirst } = await first.over;
    await second.reached(second.count() + 5);
    second.kill();
    acknowledged.push(...ofFirst, ...(await second.over).acknowledged);
    for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
    testLibrary(folder).close();
  }
  const again = testLibrary(folder);
  const rows = again.db.raw.prepare('SELECT seq, xray_id, after FROM events').all() as EventRow[];
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const lost = acknowledged.filter(
    ({ seq, xray, label }) => bySeq.get(seq)?.xray_id !== xray || bySeq.get(seq)?.after !== label,
  );
  return { acknowledged: acknowledged.length, lost: lost.length, extra: rows.length - acknowledged.length };
}

const ROUNDS = Math.ceil(KILLS / 10);

test(`${ROUNDS} times one of two is killed and the database lost: every acknowledged label comes back`, async () => {
  const { acknowledged, lost, extra } = await killsOfTwo(ROUNDS);
  console.log(`A1: ${ROUNDS} rounds of two, ${acknowledged} acknowledged, ${lost} lost with the database`);
  expect(acknowledged).toBeGreaterThan(ROUNDS * 6);
  expect(lost).toBe(0);
  expect(extra).toBeLessThanOrEqual(2 * ROUNDS);
}, 600_000);

test('control: acknowledging before saving loses labels', async () => {
  const totals = await kills(40, { MUTANT: 'early' });
  expect(totals.lost).toBeGreaterThan(0);
}, 600_000);
