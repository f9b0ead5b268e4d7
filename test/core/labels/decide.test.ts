import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Problem } from '#core/problem.ts';
import { decide } from '#core/labels/decide.ts';
import { historyOf } from '#core/labels/show.ts';
import { currentReader, readerNamed } from '#core/readers/readers.ts';
import { addFilms, testLibrary } from '#test/library.ts';

const lines = (path: string) => readFileSync(path, 'utf8').trim().split('\n').filter(Boolean);

test('a decision stands in the database and in the journal when it returns', () => {
  const library = testLibrary();
  const [film = 0] = addFilms(library, 2);
  const reader = currentReader(library).key;
  const [event] = decide(library, [{ xray: film, label: 'fracture' }], { reader, why: 'read' });
  expect(event).toMatchObject({ seq: 1, xray_id: film, before: null, after: 'fracture', reader });
  expect(lines(library.paths.labelJournal).map((line) => (JSON.parse(line) as { hash: string }).hash)).toEqual([
    event?.hash,
  ]);
});

test('history keeps who, when, old and new; the same decision twice adds nothing', () => {
  const library = testLibrary(undefined, () => new Date('2026-01-02T03:04:05Z'));
  const [film = 0] = addFilms(library, 1);
  const a = currentReader(library).key;
  const b = readerNamed(library, 'M.L.').key;
  decide(library, [{ xray: film, label: 'uncertain' }], { reader: b, why: 'read' });
  decide(library, [{ xray: film, label: 'fracture' }], { reader: a, why: 'read' });
  const [again] = decide(library, [{ xray: film, label: 'fracture' }], { reader: a, why: 'read' });
  expect(again?.seq).toBe(2);
  expect(historyOf(library, film)).toMatchObject([
    { seq: 2, reader: 'Reader 1', before: 'uncertain', after: 'fracture', at: '2026-01-02T03:04:05.000Z' },
    { seq: 1, reader: 'M.L.', before: null, after: 'uncertain' },
  ]);
});

test('a film that is not there refuses the whole act', () => {
  const library = testLibrary();
  const [film = 0] = addFilms(library, 1);
  const act = () =>
    decide(
      library,
      [
        { xray: film, label: 'whole' },
        { xray: 99, label: 'whole' },
      ],
      { reader: 'x', why: 'read' },
    );
  expect(act).toThrow(Problem);
  expect(historyOf(library, film)).toEqual([]);
});

test('pixel-identical films with both labels are marked, and no longer when one is changed', () => {
  const library = testLibrary();
  const [a = 0, b = 0] = addFilms(library, 2, { pixel_sha256: 'f'.repeat(64) });
  const flags = () => library.db.raw.prepare('SELECT two_labels FROM xrays ORDER BY id').pluck().all();
  decide(
    library,
    [
      { xray: a, label: 'fracture' },
      { xray: b, label: 'whole' },
    ],
    { reader: 'x', why: 'import' },
  );
  expect(flags()).toEqual([1, 1]);
  decide(library, [{ xray: b, label: 'fracture' }], { reader: 'x', why: 'read' });
  expect(flags()).toEqual([0, 0]);
});

test('a film named twice in one act gets one event, with the label named last', () => {
  const library = testLibrary();
  const [film = 0] = addFilms(library, 1);
  const twice = (['whole', 'fracture'] as const).map((label) => ({ xray: film, label }));
  expect(decide(library, twice, { reader: 'x', why: 'read' })).toMatchObject([{ before: null, after: 'fracture' }]);
  expect(historyOf(library, film)).toHaveLength(1);
});
