// What a series trains next: on the films, labels and parts its first run began with, whatever was labelled meanwhile.
// Must not start a training.
import { candidates } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { runsOfSeries } from '#db/series.ts';
import type { SeriesRow } from '#db/series.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { beginAgain, beginAs, beginOn, filmsOf, goOnWith } from '#core/runs/begin.ts';
import { labelledFilms, splitOf } from '#core/runs/films.ts';
import type { RunFilm } from '#core/runs/films.ts';
import { isResumable } from '#core/runs/rows.ts';
import type { Training } from '#core/runs/train.ts';
import { isFinished, settingsOf } from './rows.ts';

/**
 * The run that was stopped or broke off, else the next that is missing, written down; null when all are finished.
 * @throws Problem RESUME_CHANGED where a film is gone, and for a first run what choosing films throws
 */
export function nextOf(library: OpenLibrary, row: SeriesRow, version: string): Training | null {
  const runs = runsOfSeries(library.db, row.id);
  const open = runs.find((run) => !isFinished(run));
  if (open) return isResumable(library.paths, open) ? goOnWith(library, open) : beginAgain(library, open);
  if (runs.length >= row.count) return null;
  const settings = settingsOf(row, runs.length);
  const [first] = runs;
  if (!first) return beginAs(library, settings, version, row.id);
  const films = row.kind === 'folds' ? foldOf(library, row, first, runs.length) : filmsOf(library, first);
  return beginOn(library, settings, films, { version, series: row.id });
}

/** Every fold must be one that can be learned from and chosen by. @throws what choosing films throws */
export function checkFolds(library: OpenLibrary, row: Pick<SeriesRow, 'kind' | 'count' | 'settings'>): void {
  if (row.kind !== 'folds') return;
  for (let number = 0; number < row.count; number++) {
    const settings = settingsOf(row, number);
    splitOf(labelledFilms(library, settings).films, settings);
  }
}

/** The films of the first fold, parted anew for another. */
function foldOf(library: OpenLibrary, row: SeriesRow, first: RunRow, number: number): RunFilm[] {
  const settings = settingsOf(row, number);
  const labels = new Map(filmsOf(library, first).map(({ id, label }) => [id, label]));
  const films = candidates(library.db, settings.splitSeed).flatMap((film) => {
    const label = labels.get(film.id);
    return label ? [{ ...film, label }] : [];
  });
  if (films.length < labels.size) throw new Problem('RESUME_CHANGED');
  return splitOf(films, settings).films;
}
