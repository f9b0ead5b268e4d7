import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { insertRun, updateRun } from '#db/runs.ts';
import { decide } from '#core/labels/decide.ts';
import { backUp } from '#core/libraries/backup.ts';
import { dailyFolder, listBackups } from '#core/libraries/backups.ts';
import { backUpDaily } from '#core/libraries/daily.ts';
import { modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { verify } from '#core/libraries/verify.ts';
import { addFilms, testLibrary } from '#test/library.ts';

const HOUR_MS = 3600 * 1000;

/** A library whose clock the test turns. */
function labelled(count = 6) {
  const clock = { at: Date.parse('2026-03-01T10:00:00Z') };
  const library = testLibrary(undefined, () => new Date(clock.at));
  const label = (xray: number, word: string) => decide(library, [{ xray, label: word }], { reader: 'a', why: 'read' });
  for (const film of addFilms(library, count)) label(film, film % 2 ? 'fracture' : 'whole');
  return { library, clock, label };
}

const events = ({ db }: OpenLibrary) => db.raw.prepare('SELECT seq, hash FROM events ORDER BY seq').all();
const splits = ({ db }: OpenLibrary) => db.raw.prepare('SELECT count(*) FROM split_films').pluck().get();
const split = ({ db }: OpenLibrary) =>
  void db.raw.exec("INSERT OR IGNORE INTO split_films SELECT 1, id, 'judge' FROM xrays");

function run(library: OpenLibrary): number {
  const row = { state: 'done', owner: null, engine: null, seconds: null, best_epoch: 1, checking: null, test: null };
  const facts = { started_at: '', films: 0, plan: '{}', record: '{"card":null}', error: null, settings: '{}' };
  const id = insertRun(library.db, { ...row, ...facts });
  mkdirSync(modelPath(library.paths, id), { recursive: true });
  writeFileSync(join(modelPath(library.paths, id), 'osteon.json'), '{}');
  return id;
}

function loseDatabase({ paths }: OpenLibrary): void {
  for (const end of ['', '-wal', '-shm']) rmSync(paths.database + end, { force: true });
}

test('the newest backup is the start, wherever it lies and whatever its folder is called', async () => {
  const { library, clock } = labelled();
  const later = clock.at + HOUR_MS;
  clock.at = later;
  split(library);
  await backUp(library, dailyFolder(library.paths.backups));
  clock.at -= 2 * HOUR_MS;
  library.db.raw.exec('DELETE FROM split_films');
  await backUp(library);
  expect(listBackups(library.paths.backups).map(({ at }) => Date.parse(at))).toEqual([later, clock.at]);
  library.close();
  writeFileSync(library.paths.database, 'garbage');
  const again = testLibrary(library.paths.folder);
  expect(splits(again)).toBe(6);
  expect(again.notices.join(' ')).toMatch(/replaced from a backup.*since the backup of 2026-03-01T11:00:00.000Z/s);
});

test('the head that a daily backup remembers shows a record that was cut', async () => {
  const { library } = labelled(2);
  await backUp(library, dailyFolder(library.paths.backups));
  expect((await verify(library)).findings).toEqual([]);
  library.close();
  loseDatabase(library);
  rmSync(library.paths.labelJournal);
  rmSync(library.paths.filmJournal);
  writeFileSync(library.paths.labelJournal, '');
  const [aside = ''] = readdirSync(dailyFolder(library.paths.backups));
  truncateSync(join(dailyFolder(library.paths.backups), aside, 'osteon.db'), 100);
  const again = testLibrary(library.paths.folder);
  expect((await verify(again)).findings).toMatchObject([{ what: 'record', name: join('daily', aside) }]);
});

test('a backup is made each day also while the library stays open, and none where nothing was decided', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { library, clock, label } = labelled(2);
  const stop = backUpDaily(library);
  const made = async (count: number) => {
    await vi.waitFor(() => expect(listBackups(library.paths.backups)).toHaveLength(count), 30_000);
  };
  await made(1);
  clock.at += 25 * HOUR_MS;
  vi.advanceTimersByTime(HOUR_MS);
  expect(readdirSync(dailyFolder(library.paths.backups))).toHaveLength(1);
  label(1, 'uncertain');
  vi.advanceTimersByTime(HOUR_MS);
  await made(2);
  stop();
});

test('pseudonyms stay the same when the database is lost: their secret is in a file of its own', () => {
  const { library } = labelled();
  expect(statSync(library.paths.salt).mode & 0o077).toBe(0);
  library.close();
  loseDatabase(library);
  const again = testLibrary(library.paths.folder);
  expect(again.salt).toBe(library.salt);
  expect(again.notices.join(' ')).not.toMatch(/secret/);
});

test('a secret that is in a backup alone is found there; a new one is said', async () => {
  const { library } = labelled();
  const backup = await backUp(library);
  library.close();
  truncateSync(join(backup.folder, 'osteon.db'), 5000);
  loseDatabase(library);
  rmSync(library.paths.salt);
  const again = testLibrary(library.paths.folder);
  expect(again.salt).toBe(library.salt);
  again.close();
  rmSync(library.paths.backups, { recursive: true });
  loseDatabase(library);
  rmSync(library.paths.salt);
  const without = testLibrary(library.paths.folder);
  expect(without.salt).toMatch(/^[0-9a-f]{64}$/);
  expect(without.salt).not.toBe(library.salt);
  expect(without.notices.join(' ')).toMatch(/secret .* was lost/);
});

test.each([
  ['is empty', (path: string) => truncateSync(path, 0)],
  ['is a new database', (path: string) => (rmSync(path), new Database(path).exec('VACUUM').close())],
  ['is a folder', (path: string) => (rmSync(path), mkdirSync(path))],
  ['lacks a table', (path: string) => new Database(path).exec('DROP TABLE epochs').close()],
])('a database that %s beside a journal is replaced from the backup', async (_, damage) => {
  const { library } = labelled();
  split(library);
  await backUp(library);
  const before = events(library);
  library.close();
  damage(library.paths.database);
  const again = testLibrary(library.paths.folder);
  expect(splits(again)).toBe(6);
  expect(events(again)).toEqual(before);
  expect(again.salt).toBe(library.salt);
  expect(existsSync(join(again.paths.quarantine, readdirSync(again.paths.quarantine)[0] ?? '', 'osteon.db'))).toBe(
    true,
  );
});

test('what SQLite would clear away beside an empty database goes to quarantine with it', () => {
  const { library } = labelled();
  library.close();
  truncateSync(library.paths.database, 0);
  writeFileSync(`${library.paths.database}-wal`, 'decisions');
  const again = testLibrary(library.paths.folder);
  const [aside = ''] = readdirSync(again.paths.quarantine);
  expect(readFileSync(join(again.paths.quarantine, aside, 'osteon.db-wal'), 'utf8')).toBe('decisions');
});

test('a run after a rebuild does not write over the model of a run that was lost', () => {
  const { library } = labelled();
  const lost = run(library);
  library.close();
  loseDatabase(library);
  const again = testLibrary(library.paths.folder);
  expect(again.notices.join(' ')).toMatch(/Not restored: runs.* Models without their run are in quarantine: 1/);
  expect(existsSync(modelPath(again.paths, lost))).toBe(false);
  const [aside = ''] = readdirSync(again.paths.quarantine);
  expect(readFileSync(join(again.paths.quarantine, aside, 'models', String(lost), 'osteon.json'), 'utf8')).toBe('{}');
  expect(run(again)).toBe(lost);
});

test.each([
  ['cannot be opened', 'FOLDER_UNREADABLE', blockOpening],
  ['is held by another program', 'LIBRARY_LOCKED', holdDatabase],
])('a sound database that %s is said and left where it is', (_, code, block) => {
  const { library } = labelled();
  const before = events(library);
  library.close();
  const release = block(library.paths.database);
  expect(() => testLibrary(library.paths.folder)).toThrow(expect.objectContaining({ code }) as Error);
  release();
  expect(existsSync(library.paths.quarantine)).toBe(false);
  expect(events(testLibrary(library.paths.folder))).toEqual(before);
});

test('a database that someone works with is not replaced under their hands', () => {
  const { library } = labelled();
  rmSync(library.paths.database);
  expect(() => testLibrary(library.paths.folder)).toThrow(expect.objectContaining({ code: 'LIBRARY_LOCKED' }) as Error);
  library.close();
  expect(testLibrary(library.paths.folder).notices.join(' ')).toMatch(/rebuilt/);
});

function blockOpening(database: string): () => void {
  mkdirSync(`${database}-wal`);
  return () => rmSync(`${database}-wal`, { recursive: true });
}

function holdDatabase(database: string): () => void {
  const raw = new Database(database);
  raw.pragma('locking_mode = EXCLUSIVE');
  raw.exec('BEGIN EXCLUSIVE; COMMIT');
  return () => void raw.close();
}

test('the model of a run that is in the backup stays, whatever its folder is called', async () => {
  const { library } = labelled();
  const kept = run(library);
  updateRun(library.db, kept, { record: JSON.stringify({ card: null, folder: `${kept}.1` }) });
  renameSync(modelPath(library.paths, kept), modelPath(library.paths, kept, `${kept}.1`));
  await backUp(library);
  library.close();
  loseDatabase(library);
  const again = testLibrary(library.paths.folder);
  expect(again.notices.join(' ')).toMatch(/from a backup/);
  expect(readFileSync(join(modelPath(again.paths, kept, `${kept}.1`), 'osteon.json'), 'utf8')).toBe('{}');
});
