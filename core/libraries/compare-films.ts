// What the database says of films against what their journal says. Must only read.
import type { Verification } from '#api/libraries.ts';
import { filmsAfter } from '#db/imports.ts';
import { firstOf, many } from '#core/many.ts';
import { readJournal } from './journal.ts';
import type { OpenLibrary } from './open.ts';
import { filmLine, filmsNotIn, keyOf } from './record.ts';
import type { FilmLine } from './record.ts';

type Finding = Verification['findings'][number];

/** One finding a film of which the two say different things; those that one of them lacks together. */
export function compareFilms({ db, paths }: Pick<OpenLibrary, 'db' | 'paths'>): Finding[] {
  const { rows, unreadable } = readJournal(paths.filmJournal);
  const films = filmsAfter(db, 0);
  // The last line about a film counts.
  const lines = new Map(
    (rows as Partial<FilmLine>[]).flatMap((row) => (isFilmLine(row) ? [[keyOf(row.film), row]] : [])),
  );
  const findings: Finding[] = [];
  const say = (sentence: string) => findings.push({ what: 'journal', name: 'films.ndjson', sentence });
  if (unreadable > 0) say(`${many(unreadable, 'line')} of films.ndjson cannot be read.`);
  const lacking = filmsNotIn(films, rows);
  if (lacking.length > 0)
    say(`${many(lacking.length, 'film')} missing from films.ndjson: ${firstOf(lacking.map(({ file }) => file))}.`);
  for (const film of films) {
    const line = lines.get(keyOf(film));
    lines.delete(keyOf(film));
    const other = line ? differing(filmLine({ db }, film), line) : [];
    if (other.length > 0) findings.push(otherwise(film.file, other));
  }
  const beyond = [...lines.values()].map(({ film }) => film.file);
  if (beyond.length > 0) say(`${many(beyond.length, 'film')} of films.ndjson not in the database: ${firstOf(beyond)}.`);
  return findings;
}

function isFilmLine(row: Partial<FilmLine>): row is FilmLine {
  return row.film !== undefined;
}

function otherwise(file: string, fields: string[]): Finding {
  const sentence = `What the database says of ${file} is not what films.ndjson says: ${fields.join(', ')}.`;
  return { what: 'film', name: file, sentence };
}

/** Names of what differs. A line written before a field came to be says nothing of it. */
function differing(row: FilmLine, line: FilmLine): string[] {
  const fields = Object.entries(row.film) as [keyof FilmLine['film'], unknown][];
  const other = fields.filter(([name, value]) => line.film[name] !== undefined && line.film[name] !== value);
  const marks = JSON.stringify(row.marks) === JSON.stringify(line.marks) ? [] : ['marks'];
  return [...other.map(([name]) => name.replaceAll('_', ' ')), ...marks];
}
