// A13 of the trust plan: the record of decisions cannot be changed without it showing.
import { expect, test } from 'vitest';
import { eventsAfter } from '#db/labels.ts';
import { brokenLink } from '#core/labels/chain.ts';
import { decide } from '#core/labels/decide.ts';
import { backUp } from '#core/libraries/backup.ts';
import { checkDatabase, verify } from '#core/libraries/verify.ts';
import { random } from '#core/random.ts';
import { addFilms, testLibrary } from '#test/library.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';

const EVENTS = 60;

function labelled(): OpenLibrary {
  const library = testLibrary();
  const films = addFilms(library, 20);
  for (let i = 0; i < EVENTS; i++) {
    const label = (['fracture', 'whole', 'uncertain'] as const)[i % 3] ?? null;
    decide(library, [{ xray: films[i % films.length] ?? 0, label }], { reader: 'a', why: 'read' });
  }
  return library;
}

test('UPDATE and DELETE on decisions are refused by the database itself', () => {
  const { db } = labelled();
  expect(() => db.raw.exec("UPDATE events SET after = 'whole' WHERE seq = 3")).toThrow(/never changed/);
  expect(() => db.raw.exec('DELETE FROM events WHERE seq = 3')).toThrow(/never deleted/);
});

test('500 of 500 tamperings by raw SQL are found', () => {
  const { db } = labelled();
  expect(checkDatabase(db)).toBeNull();
  db.raw.exec('DROP TRIGGER events_never_change; DROP TRIGGER events_never_go;');
  const dice = random(13);
  const columns = ['at', 'reader', 'film', 'before', 'after', 'why', 'act', 'reverts', 'previous_hash', 'hash'];
  let found = 0;
  for (let i = 0; i < 500; i++) {
    const seq = 1 + dice.below(EVENTS - 1);
    db.raw.exec('BEGIN');
    if (i % 5 === 0) db.raw.prepare('DELETE FROM events WHERE seq = ?').run(seq);
    else if (i % 5 === 1) swap(db.raw, seq, (seq % (EVENTS - 1)) + 1);
    else {
      const column = columns[dice.below(columns.length)] ?? 'after';
      const value = column === 'act' || column === 'reverts' ? 99_999 : `forged ${i}`;
      db.raw.prepare(`UPDATE events SET ${column} = ? WHERE seq = ?`).run(value, seq);
    }
    if (brokenLink(eventsAfter(db, 0)) !== null) found++;
    db.raw.exec('ROLLBACK');
  }
  expect(found).toBe(500);
});

test('a tail cut off database and journal is found by the head a backup remembers', async () => {
  const library = labelled();
  await backUp(library);
  library.db.raw.exec('DROP TRIGGER events_never_go; PRAGMA foreign_keys = OFF; DELETE FROM events WHERE seq > 50;');
  expect(checkDatabase(library.db)).toBeNull();
  const report = await verify(library);
  expect(report.findings.map((finding) => finding.what)).toContain('record');
});

function swap(raw: OpenLibrary['db']['raw'], a: number, b: number): void {
  raw.exec(`UPDATE events SET seq = -1 WHERE seq = ${a}`);
  if (a !== b) raw.exec(`UPDATE events SET seq = ${a} WHERE seq = ${b}`);
  raw.exec(`UPDATE events SET seq = ${a === b ? 9999 : b} WHERE seq = -1`);
}
