// Series as the contract shows them: state, mean and spread, and the figures of their runs together.
// Must not change anything.
import { runSettings } from '#api/runs.ts';
import type { RunDetail, RunSettings, TestFigures } from '#api/runs.ts';
import type { Series, SeriesKind } from '#api/series.ts';
import { countOpenings } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { getSeries, runsOfSeries } from '#db/series.ts';
import type { SeriesRow } from '#db/series.ts';
import { spreadOf } from '#core/evaluation/spread.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { checkingOf, sentenceOf, titleOf } from '#core/runs/rows.ts';
import type { Checking, RunPlanRow } from '#core/runs/rows.ts';

/** Throws SERIES_NOT_FOUND. */
export function seriesRow({ db }: Pick<OpenLibrary, 'db'>, series: number): SeriesRow {
  const row = getSeries(db, series);
  if (!row) throw new Problem('SERIES_NOT_FOUND', { series });
  return row;
}

/** Done, or judged as it was stopped: it is what it is. */
export function isFinished({ state, best_epoch: best, test }: RunRow): boolean {
  return state === 'done' || (best !== null && test !== null);
}

/** Settings of the run with this number, from 0. */
export function settingsOf(row: Pick<SeriesRow, 'kind' | 'count' | 'settings'>, number: number): RunSettings {
  const settings = runSettings.parse(JSON.parse(row.settings));
  if (row.kind === 'folds') return { ...settings, fold: { number: number + 1, of: row.count }, judge: false };
  return { ...settings, fold: null, seed: (settings.seed + number) % 2 ** 32 };
}

/** "3 seeds", "5 folds" */
export function countWords({ count, kind }: Pick<SeriesRow, 'count' | 'kind'>): string {
  return `${count} ${kind}`;
}

export function toSeries({ db }: Pick<OpenLibrary, 'db'>, row: SeriesRow): Series {
  const runs = runsOfSeries(db, row.id);
  const settings = settingsOf(row, 0);
  const finished = runs.filter(isFinished);
  const [checked, tested] = [finished.map(checkingOf), finished.map(testOf)];
  const state = stateOf(row, runs);
  return {
    id: row.id,
    kind: row.kind as SeriesKind,
    count: row.count,
    state,
    title: `${titleOf(settings)}, ${countWords(row)}`,
    settings,
    startedAt: row.started_at,
    seconds: runs.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    runs: runs.map(({ id }) => id),
    finished: finished.length,
    checking: {
      auc: spreadOf(checked.map((one) => one?.auc)),
      accuracy: spreadOf(checked.map((one) => one?.accuracy)),
    },
    test: { auc: spreadOf(tested.map((one) => one?.auc)), accuracy: spreadOf(tested.map((one) => one?.accuracy)) },
    ensemble: ensembleOf(row, runs),
    openings: countOpenings(db, settings.splitSeed),
    resumable: state === 'stopped' || state === 'failed',
  };
}

function stateOf(row: SeriesRow, runs: RunRow[]): Series['state'] {
  if (row.owner !== null) return 'running';
  if (runs.length === row.count && runs.every(isFinished) && (row.kind === 'folds' || row.checking !== null))
    return 'done';
  return runs.at(-1)?.state === 'failed' ? 'failed' : 'stopped';
}

function ensembleOf(row: SeriesRow, [first]: RunRow[]): Series['ensemble'] {
  if (row.checking === null || !first) return null;
  const { auc, accuracy, n } = JSON.parse(row.checking) as Checking;
  const test = testOf(row);
  const sentence = test && sentenceOf(test, JSON.parse(first.plan) as RunPlanRow);
  return { checking: { auc, accuracy, n }, test, sentence };
}

function testOf({ test }: Pick<RunRow, 'test'>): RunDetail['test'] {
  return test === null ? null : (JSON.parse(test) as TestFigures);
}
