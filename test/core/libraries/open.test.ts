import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openLibrary } from '#core/libraries/open.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { decide } from '#core/labels/decide.ts';
import { backUp } from '#core/libraries/backup.ts';
import { silent } from '#core/log.ts';
import { addFilms, temporaryFolder, testLibrary } from '#test/library.ts';

const labels = ({ db }: OpenLibrary) => db.raw.prepare('SELECT film, after FROM events ORDER BY seq').all();

function labelled(count = 30): OpenLibrary {
  const library = testLibrary();
  const films = addFilms(library, count);
  for (const film of films)
    decide(library, [{ xray: film, label: film % 2 ? 'fracture' : 'whole' }], { reader: 'a', why: 'read' });
  return library;
}

test('a folder with other files is not made a library, and a missing one only when asked', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'thesis.txt'), 'x');
  expect(() => openLibrary(folder, { create: true, log: silent })).toThrow(/other files/);
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
  expect(() => openLibrary(join(folder, 'none'), { log: silent })).toThrow(/no such folder/);
});

test.each([
  ['is missing', (path: string) => rmSync(path)],
  ['is empty', (path: string) => truncateSync(path, 0)],
  ['is no database', (path: string) => writeFileSync(path, 'hello world '.repeat(1000))],
  ['has a zeroed page', (path: string) => zeroPage(path)],
  ['is cut short', (path: string) => truncateSync(path, 9000)],
])('every label comes back from the journals when osteon.db %s', (_, damage) => {
  const library = labelled();
  const before = labels(library);
  library.close();
  rmSync(`${library.paths.database}-wal`, { force: true });
  damage(library.paths.database);
  const again = testLibrary(library.paths.folder);
  expect(labels(again)).toEqual(before);
  expect(again.notices.join(' ')).toMatch(/rebuilt|brought back|replaced/);
});

test('a backup is the start where there is one; nothing is thrown away', async () => {
  const library = labelled();
  await backUp(library);
  decide(library, [{ xray: 1, label: 'uncertain' }], { reader: 'a', why: 'read' });
  const before = labels(library);
  library.close();
  writeFileSync(library.paths.database, 'garbage');
  const again = testLibrary(library.paths.folder);
  expect(labels(again)).toEqual(before);
  const [aside = ''] = readdirSync(again.paths.quarantine);
  expect(readFileSync(join(again.paths.quarantine, aside, 'osteon.db'), 'utf8')).toBe('garbage');
});

test('a journal that lost its tail gets it back from the database', () => {
  const library = labelled();
  library.close();
  const whole = readFileSync(library.paths.labelJournal, 'utf8');
  truncateSync(library.paths.labelJournal, Math.floor(whole.length / 2));
  const again = testLibrary(library.paths.folder);
  expect(
    readFileSync(again.paths.labelJournal, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"')).length,
  ).toBeGreaterThanOrEqual(30);
  decide(again, [{ xray: 2, label: 'uncertain' }], { reader: 'a', why: 'read' });
  again.close();
  expect(testLibrary(library.paths.folder).notices).toEqual([]);
});

test('one decision in the journal that the database never had is brought back', () => {
  const library = labelled(5);
  const early = join(temporaryFolder(), 'early.db');
  library.db.raw.prepare('VACUUM INTO ?').run(early);
  decide(library, [{ xray: 1, label: 'uncertain' }], { reader: 'a', why: 'read' });
  const before = labels(library);
  library.close();
  for (const end of ['', '-wal', '-shm']) rmSync(library.paths.database + end, { force: true });
  copyFileSync(early, library.paths.database);
  const again = testLibrary(library.paths.folder);
  expect(labels(again)).toEqual(before);
});

test('lines that do not join the record are left where they are and said', () => {
  const library = labelled(3);
  library.close();
  appendFileSync(
    library.paths.labelJournal,
    `${JSON.stringify({ seq: 99, hash: 'x', previous_hash: 'y', film: 'z#0' })}\n`,
  );
  const again = testLibrary(library.paths.folder);
  expect(again.notices.join(' ')).toMatch(/does not join/);
  expect(labels(again)).toHaveLength(3);
});

test('what a closed or killed program left on its way in goes, everything else stays', () => {
  const library = labelled(1);
  writeFileSync(join(library.paths.incoming, 'mine'), 'x');
  library.close();
  expect(existsSync(library.paths.incoming)).toBe(false);
  const killed = dirname(library.paths.incoming);
  mkdirSync(join(killed, '12', 'uploads'), { recursive: true });
  writeFileSync(join(killed, '12', 'in-use'), '');
  mkdirSync(join(killed, 'uploads'));
  const again = testLibrary(library.paths.folder);
  expect(readdirSync(killed)).toEqual([basename(again.paths.incoming)]);
  expect(labels(again)).toHaveLength(1);
});

test('opening a library a second time leaves the first one its files on their way in', () => {
  const library = labelled(1);
  const file = join(library.paths.incoming, 'mine');
  writeFileSync(file, 'x');
  const second = testLibrary(library.paths.folder);
  expect(existsSync(file)).toBe(true);
  expect(second.paths.incoming).not.toBe(library.paths.incoming);
  second.close();
  expect(existsSync(file)).toBe(true);
});

function zeroPage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0, 4096, 8192);
  writeFileSync(path, bytes);
}
