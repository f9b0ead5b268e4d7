// Several runs in words: what is to be done, how far it is, mean and spread at the end.
// Must not compute figures: they come from the series.
import type { Series, Several, Spread } from '#api/series.ts';
import { many, percent } from './figures.ts';

/** "3 seeds" */
export function severalWords({ count, kind }: Several): string {
  return `${count} ${kind}`;
}

/** "68.0 ± 1.2 %" */
export function percentSpread({ mean, deviation }: Spread): string {
  return `${(100 * mean).toFixed(1)} ± ${percent(deviation)}`;
}

/** "0.71 ± 0.02" */
export function plainSpread({ mean, deviation }: Spread): string {
  return `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
}

/** Mean and spread in one sentence: on the judging films where all runs were judged, else on the checking films. */
export function seriesSentence({ finished, checking, test, ensemble }: Series): string {
  const judged = test.accuracy !== null;
  const { accuracy, auc } = judged ? test : checking;
  if (!accuracy || !auc) return 'None of its runs is finished yet.';
  const films = judged ? 'judging films' : 'checking films';
  // One run has no spread.
  if (finished === 1) return `1 run: ${percent(accuracy.mean)} of the ${films} right, AUC ${auc.mean.toFixed(2)}.`;
  const together = judged ? ensemble?.test : ensemble?.checking;
  const end = together ? `; together ${percent(together.accuracy)} and ${together.auc.toFixed(2)}` : '';
  return `${many(finished, 'run')}, mean ± standard deviation: ${percentSpread(accuracy)} of the ${films} right, AUC ${plainSpread(auc)}${end}.`;
}

/** "Series 2: 3 seeds"; what became of it where it is not done. */
export function seriesTitle({ id, kind, count, state, finished }: Series): string {
  const end = state === 'done' ? '' : `, ${finished} of ${count} done`;
  return `Series ${id}: ${severalWords({ kind, count })}${end}`;
}
