import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { insertMarks, insertXray } from '#db/imports.ts';
import { decide, recordDecisions } from '#core/labels/decide.ts';
import { backUp } from '#core/libraries/backup.ts';
import { readJournal } from '#core/libraries/journal.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { journalChanged } from '#core/libraries/record.ts';
import { verify } from '#core/libraries/verify.ts';
import { readersOf } from '#core/readers/readers.ts';
import { bringBack, putAway } from '#core/xrays/trash.ts';
import { addFilms, filmRow, testLibrary } from '#test/library.ts';

const table = ({ db }: OpenLibrary, sql: string) => db.raw.prepare(sql).all();
const events = (library: OpenLibrary) => table(library, 'SELECT seq, film, after, hash FROM events ORDER BY seq');
const journalled = ({ paths }: OpenLibrary) =>
  (readJournal(paths.labelJournal).rows as { seq: number }[]).map(({ seq }) => seq);

function loseDatabase({ paths }: OpenLibrary): void {
  for (const end of ['', '-wal', '-shm']) rmSync(paths.database + end, { force: true });
}

function label(library: OpenLibrary, xrays: number[], reader = 'a'): void {
  for (const xray of xrays)
    decide(library, [{ xray, label: xray % 2 ? 'whole' : 'fracture' }], { reader, why: 'read' });
}

/** What a process that is killed after its commit leaves: rows without their lines. */
function killedAfterCommit(library: OpenLibrary, xray: number): void {
  const by = { reader: 'killed', why: 'read' } as const;
  library.db.write(() => recordDecisions(library, [{ xray, label: 'uncertain' }], by));
}

test('who labels next also writes the line that a killed process could not', async () => {
  const library = testLibrary();
  const films = addFilms(library, 8);
  label(library, films.slice(0, 2));
  killedAfterCommit(library, 3);
  label(library, films.slice(3));
  expect(journalled(library)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect((await verify(library)).findings.filter(({ what }) => what === 'journal')).toEqual([]);
  const before = events(library);
  library.close();
  loseDatabase(library);
  expect(events(testLibrary(library.paths.folder))).toEqual(before);
});

test('a hole inside the journal is filled when the library is opened', () => {
  const library = testLibrary();
  label(library, addFilms(library, 6));
  const before = events(library);
  library.close();
  const lines = readFileSync(library.paths.labelJournal, 'utf8').split('\n');
  writeFileSync(library.paths.labelJournal, lines.filter((_, i) => i !== 2).join('\n'));
  const again = testLibrary(library.paths.folder);
  expect(journalled(again).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  again.close();
  loseDatabase(library);
  expect(events(testLibrary(library.paths.folder))).toEqual(before);
});

test('a line that was changed does not stand in the way of the right one', () => {
  const library = testLibrary();
  label(library, addFilms(library, 4));
  const before = events(library);
  library.close();
  const changed = readFileSync(library.paths.labelJournal, 'utf8').replace('"after":"fracture"', '"after":"whole"');
  writeFileSync(library.paths.labelJournal, changed);
  testLibrary(library.paths.folder).close();
  loseDatabase(library);
  expect(events(testLibrary(library.paths.folder))).toEqual(before);
});

test('labels go on being journalled after lines that do not join the record', () => {
  const library = testLibrary();
  const films = addFilms(library, 3);
  label(library, films.slice(0, 1));
  library.labelJournal.append([{ seq: 99, hash: 'x', previous_hash: 'y', film: 'z#0' }]);
  label(library, films.slice(1));
  expect(journalled(library)).toEqual([1, 99, 2, 3]);
});

test('films that nobody labelled come back, after a backup and without one', async () => {
  const library = testLibrary();
  const [first = 0] = addFilms(library, 5);
  label(library, [first]);
  await backUp(library);
  addFilms(library, 20);
  const films = 'SELECT id, sha256, file, patient FROM xrays ORDER BY id';
  const before = table(library, films);
  library.close();
  writeFileSync(library.paths.database, 'garbage');
  const again = testLibrary(library.paths.folder);
  expect(table(again, films)).toEqual(before);
  expect(again.notices.join(' ')).toMatch(/20 films were brought back/);
  again.close();
  rmSync(library.paths.backups, { recursive: true });
  loseDatabase(library);
  expect(table(testLibrary(library.paths.folder), films)).toEqual(before);
});

test('a film of a killed import is in the film journal before any decision about it', () => {
  const library = testLibrary();
  addFilms(library, 2);
  const row = { ...filmRow(7), fingerprint: Buffer.alloc(584, 7) };
  const mark = { kind: 'box', label: 'fracture', x: 1, y: 2, width: 3, height: 4, source: 'test' };
  library.db.write(() => insertMarks(library.db, insertXray(library.db, row), [mark]));
  label(library, [3]);
  library.close();
  loseDatabase(library);
  const again = testLibrary(library.paths.folder);
  expect(table(again, 'SELECT file FROM xrays ORDER BY id').at(-1)).toEqual({ file: row.file });
  expect(table(again, 'SELECT kind, label, x, y, width, height, source FROM marks')).toEqual([mark]);
  expect(events(again)).toHaveLength(1);
});

test('the trash is as it was when the database is lost, and readers and near-duplicates are known again', async () => {
  const library = testLibrary();
  const films = addFilms(library, 6, {
    fingerprint: Buffer.from(Array.from({ length: 584 }, (_, i) => (i * i * 37) % 251)),
  });
  label(library, films, 'A.K.');
  await backUp(library);
  putAway(library, films.slice(0, 4));
  bringBack(library, films.slice(1, 2));
  const trashed = 'SELECT id, trashed_at FROM xrays ORDER BY id';
  const before = table(library, trashed);
  expect(before.filter((row) => (row as { trashed_at: string | null }).trashed_at !== null)).toHaveLength(3);
  library.close();
  loseDatabase(library);
  const fromBackup = testLibrary(library.paths.folder);
  expect(table(fromBackup, trashed)).toEqual(before);
  fromBackup.close();
  loseDatabase(library);
  rmSync(library.paths.backups, { recursive: true });
  const fromJournals = testLibrary(library.paths.folder);
  expect(table(fromJournals, trashed)).toEqual(before);
  expect(table(fromJournals, 'SELECT id FROM xrays WHERE twin_group IS NOT NULL')).toHaveLength(3);
  expect(readersOf(fromJournals)).toMatchObject([{ name: 'Reader 1' }, { name: 'A.K.', labels: 6, person: true }]);
});

test('where the database was not lost it is right about the trash, and the journal learns it', () => {
  const library = testLibrary();
  const films = addFilms(library, 3);
  putAway(library, films.slice(0, 1));
  library.db.raw.exec(
    "UPDATE xrays SET trashed_at = NULL WHERE id = 1; UPDATE xrays SET trashed_at = 'then' WHERE id = 2",
  );
  library.close();
  testLibrary(library.paths.folder).close();
  loseDatabase(library);
  const again = testLibrary(library.paths.folder);
  expect(table(again, 'SELECT id FROM xrays WHERE trashed_at IS NOT NULL')).toEqual([{ id: 2 }]);
});

test('the last line about a film counts when it is brought back', () => {
  const library = testLibrary();
  const [film = 0] = addFilms(library, 3);
  library.db.raw.exec("UPDATE xrays SET patient = 'other' WHERE id = 1");
  journalChanged(library, [film]);
  const before = table(library, 'SELECT id, file, patient FROM xrays ORDER BY id');
  library.close();
  loseDatabase(library);
  expect(table(testLibrary(library.paths.folder), 'SELECT id, file, patient FROM xrays ORDER BY id')).toEqual(before);
});
