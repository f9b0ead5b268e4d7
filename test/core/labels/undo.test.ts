import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOfXray } from '#db/labels.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { decide } from '#core/labels/decide.ts';
import { undoable } from '#core/labels/show.ts';
import { redo, undo } from '#core/labels/undo.ts';
import { addFilms, testLibrary } from '#test/library.ts';

const labelsOf = ({ db }: OpenLibrary) =>
  Object.fromEntries(db.raw.prepare('SELECT xray_id, label FROM labels').raw().all() as [number, string | null][]);
const read = (library: OpenLibrary, xrays: number[], label: string | null, reader = 'a') =>
  decide(
    library,
    xrays.map((xray) => ({ xray, label })),
    { reader, why: 'read' },
  );

test('undo takes back across films, redo gives again, a new label clears redo', () => {
  const library = testLibrary();
  const [a = 0, b = 0] = addFilms(library, 2);
  read(library, [a], 'fracture');
  read(library, [b], 'whole');
  undo(library, 'a');
  expect(labelsOf(library)).toEqual({ [a]: 'fracture', [b]: null });
  undo(library, 'a');
  expect(labelsOf(library)).toEqual({ [a]: null, [b]: null });
  redo(library, 'a');
  expect(labelsOf(library)).toEqual({ [a]: 'fracture', [b]: null });
  read(library, [b], 'uncertain');
  expect(() => redo(library, 'a')).toThrow(/nothing to redo/i);
});

test('after an undo the label that came back can be decided, and is the decision of the reader', () => {
  const library = testLibrary();
  const [a = 0] = addFilms(library, 1);
  read(library, [a], 'fracture', 'table');
  read(library, [a], 'whole');
  undo(library, 'a');
  expect(read(library, [a], 'fracture')).toMatchObject([{ reader: 'a', why: 'read', after: 'fracture' }]);
  expect(undoable(library, 'a').undo).toBe(`Film ${a}: fracture`);
  const events = eventsOfXray(library.db, a).length;
  read(library, [a], 'fracture');
  expect(eventsOfXray(library.db, a).length).toBe(events);
});

test('undo and redo go on after a restart', () => {
  const library = testLibrary();
  const [a = 0] = addFilms(library, 1);
  read(library, [a], 'fracture');
  read(library, [a], 'whole');
  undo(library, 'a');
  library.close();
  const again = testLibrary(library.paths.folder);
  expect(undoable(again, 'a')).toEqual({ undo: `Film ${a}: fracture`, redo: `Film ${a}: whole` });
  redo(again, 'a');
  expect(labelsOf(again)).toEqual({ [a]: 'whole' });
});

test('many films are one step, and what another reader decided since is kept', () => {
  const library = testLibrary();
  const [a = 0, b = 0, c = 0] = addFilms(library, 3);
  read(library, [a, b, c], 'fracture');
  read(library, [b], 'whole', 'other');
  undo(library, 'a');
  expect(labelsOf(library)).toEqual({ [a]: null, [b]: 'whole', [c]: null });
});

test('what undo offers is what it takes back: nothing that another reader decided since', () => {
  const library = testLibrary();
  const [a = 0, b = 0, c = 0] = addFilms(library, 3);
  read(library, [a, c], 'fracture');
  read(library, [b], 'whole');
  read(library, [b], 'uncertain', 'other');
  expect(undoable(library, 'a').undo).toBe('2 films: fracture');
  read(library, [c], 'whole', 'other');
  expect(undoable(library, 'a').undo).toBe(`Film ${a}: fracture`);
  undo(library, 'a');
  expect(labelsOf(library)).toEqual({ [a]: null, [b]: 'uncertain', [c]: 'whole' });
  expect(undoable(library, 'a').undo).toBeNull();
  expect(() => undo(library, 'a')).toThrow(/nothing to undo/i);
});

test('any sequence of labels, undos, redos and restarts equals a plain stack of states', () => {
  const command = fc.oneof(
    fc.record({
      kind: fc.constant('read' as const),
      film: fc.nat(2),
      label: fc.constantFrom('fracture', 'whole', 'uncertain', null),
    }),
    fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const, 'restart' as const) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 14 }), (commands) => {
      let library = testLibrary();
      const films = addFilms(library, 3);
      const past: Record<number, string | null>[] = [];
      const future: Record<number, string | null>[] = [];
      let now: Record<number, string | null> = {};
      for (const step of commands) {
        if (step.kind === 'read') {
          const film = films[step.film] ?? 0;
          if ((now[film] ?? null) === step.label && decidedBySame(library, film)) continue;
          past.push(now);
          future.length = 0;
          now = { ...now, [film]: step.label };
          read(library, [film], step.label);
        } else if (step.kind === 'restart') {
          library.close();
          library = testLibrary(library.paths.folder);
        } else {
          const [from, to] = step.kind === 'undo' ? [past, future] : [future, past];
          const state = from.pop();
          if (!state) continue;
          to.push(now);
          now = state;
          (step.kind === 'undo' ? undo : redo)(library, 'a');
        }
      }
      const shown = labelsOf(library);
      for (const film of films) expect(shown[film] ?? null).toBe(now[film] ?? null);
      library.close();
    }),
    { numRuns: 60 },
  );
});

function decidedBySame(library: OpenLibrary, film: number): boolean {
  return library.db.raw.prepare('SELECT count(*) FROM labels WHERE xray_id = ?').pluck().get(film) === 1;
}
