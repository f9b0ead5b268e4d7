// The runs of a series over seeds answering together: threshold and cannot-tell band from the choosing films that all of
// them share, and the figures on the judging films, opened once and counted. Their answers are pooled (evaluation/pool.ts).
import { getSeries, insertSeriesFilms, runsOfSeries, updateSeries } from '#db/series.ts';
import type { SeriesRow } from '#db/series.ts';
import { runFilms } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import { pool } from '#core/evaluation/pool.ts';
import { cannotTellBand, chooseThreshold } from '#core/evaluation/threshold.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { checkingFigures } from '#core/runs/checking.ts';
import { askRun, countOpening, judge, judgingFilms } from '#core/runs/judge.ts';
import type { Checking } from '#core/runs/rows.ts';
import { isFinished } from './rows.ts';

/** Keeps what the runs together say of the choosing films, once all are finished; asks no network: their answers are kept. */
export function checkTogether({ db }: OpenLibrary, row: SeriesRow): void {
  const runs = runsOfSeries(db, row.id);
  if (row.kind !== 'seeds' || row.checking !== null || runs.length < row.count || !runs.every(isFinished)) return;
  const chosen = runs.map((run) => runFilms(db, run.id, 'choose'));
  const probabilities = pool(chosen.map((films) => films.map(({ probability }) => probability ?? Number.NaN)));
  const answered = (chosen[0] ?? []).map(({ label }, film) => ({
    label: label as 'fracture' | 'whole',
    probability: probabilities[film] ?? Number.NaN,
  }));
  const labels = answered.map(({ label }) => (label === 'fracture' ? 1 : 0));
  const threshold = chooseThreshold(labels, probabilities);
  const band = cannotTellBand(labels, probabilities, threshold);
  updateSeries(db, row.id, { checking: JSON.stringify(checkingFigures(answered, threshold, band)) });
}

/** Its runs with what they chose by together. @throws Problem FOLDS_DO_NOT_ANSWER, SERIES_NOT_DONE */
export function membersOf({ db }: OpenLibrary, row: SeriesRow): { runs: [RunRow, ...RunRow[]]; checking: Checking } {
  if (row.kind === 'folds') throw new Problem('FOLDS_DO_NOT_ANSWER', { series: row.id });
  const [first, ...others] = runsOfSeries(db, row.id);
  if (row.checking === null || !first) {
    const finished = [first, ...others].filter((run) => run && isFinished(run)).length;
    throw new Problem('SERIES_NOT_DONE', { series: row.id, finished, count: row.count });
  }
  return { runs: [first, ...others], checking: JSON.parse(row.checking) as Checking };
}

/** Judges them together; once done it is not done again. Throws what `membersOf` throws, MODEL_DAMAGED. */
export async function judgeTogether(
  library: OpenLibrary,
  row: SeriesRow,
  services: { decoders: Decoders; models: ModelProcess },
  control: JobControl,
): Promise<void> {
  const { runs, checking } = membersOf(library, row);
  if (row.test !== null) return;
  const [first] = runs;
  const judging = await judgingFilms(library, first, services, control);
  const members: Float32Array[] = [];
  for (const run of runs) members.push(await askRun(library, run, services, judging));
  const { answered, test } = judge(judging, pool(members), checking);
  const { db } = library;
  db.write(() => {
    // Another judging of this series may have come first; it gave the same answers and is counted.
    if (getSeries(db, row.id)?.test !== null) return;
    countOpening(library, first, row.id);
    insertSeriesFilms(db, row.id, answered);
    updateSeries(db, row.id, { test: JSON.stringify(test) });
  });
}
