// Labels as a CSV table that a spreadsheet opens without running anything in it.
import { dirname, resolve } from 'node:path';
import { readerNames } from '#db/readers.ts';
import { listXrays } from '#db/xrays.ts';
import { writeDurably } from '#core/libraries/durable.ts';
import { reasonOf } from '#core/imports/scan.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { scopeOf, toXray } from '#core/xrays/filter.ts';
import { csv } from './csv.ts';

const COLUMNS = [
  'id',
  'sha256',
  'frame',
  'file',
  'label',
  'labelled_by',
  'labelled_at',
  'patient',
  'study',
  'body_part',
  'projection',
  'laterality',
  'source',
  'width',
  'height',
  'bits',
  'synthetic',
];

/** Writes one row a film and returns how many. */
export function exportLabels(library: OpenLibrary, file: string): number {
  const readers = readerNames(library.db);
  const films = listXrays(library.db, scopeOf(library.db), {}, 'imported', 0, -1).map((row) => toXray(row, readers));
  const rows = films.map((film) => [
    film.id,
    film.sha256,
    film.frame,
    film.file,
    film.label,
    film.labelledBy,
    film.labelledAt,
    film.patient,
    film.study,
    film.bodyPart,
    film.projection,
    film.laterality,
    film.source,
    film.width,
    film.height,
    film.bits,
    film.synthetic ? 'yes' : 'no',
  ]);
  writeWhole(file, csv(COLUMNS, rows));
  return films.length;
}

function writeWhole(file: string, table: string): void {
  try {
    writeDurably(file, table);
  } catch (error) {
    if (toProblem(error)) throw error;
    throw new Problem(
      'FOLDER_UNREADABLE',
      { folder: dirname(resolve(file)), reason: reasonOf(error) },
      { cause: error },
    );
  }
}
