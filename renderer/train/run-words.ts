// A run in words: what it is doing, how far it is, how it ended.
// Must not compute figures: they come from the run.
import type { Epoch, Run, RunDetail, RunSettings } from '#api/runs.ts';
import { count, many, percent } from '#renderer/words/figures.ts';
import { percentRange } from '#renderer/charts/words.ts';
import { span } from '#renderer/words/times.ts';

/** Epoch at work, from 1; the planned last one while the end is being written. */
export function epochAtWork(finished: number, planned: number): number {
  return Math.min(finished + 1, planned);
}

/** The line of the page while a run lives and after it ended. */
export function runHeadline(
  run: Pick<Run, 'id' | 'state' | 'best' | 'error'>,
  finished: number,
  planned: number,
  began: boolean,
): string {
  const name = `Run ${run.id}`;
  if (run.state === 'running') {
    if (!began) return `${name} is getting its films ready`;
    return `${name} is learning: epoch ${count(epochAtWork(finished, planned))} of ${count(planned)}`;
  }
  if (run.state === 'failed')
    return `${name} failed${finished > 0 ? ` after epoch ${count(finished)} of ${count(planned)}` : ''}`;
  const kept = run.best ? `epoch ${run.best.epoch} is kept` : 'nothing was learned yet';
  if (run.error) return `${name} broke off after ${many(finished, 'epoch')}: ${kept}`;
  if (run.state === 'stopped') return `${name} was stopped after ${many(finished, 'epoch')}: ${kept}`;
  if (finished < planned) return `${name} is done: it stopped by itself after ${many(finished, 'epoch')}, ${kept}`;
  return `${name} is done: ${kept}`;
}

/** "Paper preset, 28 × 28, 499 films. At most 7 s left. You can leave this page and go on reading." */
export function runSentence(
  title: string,
  settings: RunSettings,
  learning: number | null,
  secondsLeft: number | null,
): string {
  const films = learning === null ? '' : `, ${many(learning, 'film')}`;
  const most = settings.patience === null ? 'About' : 'At most';
  const left = secondsLeft === null ? '' : ` ${most} ${span(secondsLeft)} left.`;
  return `${title}, ${settings.size} × ${settings.size}${films}.${left} You can leave this page and go on reading.`;
}

/** What came of a finished run: the test figure, or that it is still sealed. */
export function resultLine({ test, checking }: Pick<RunDetail, 'test' | 'checking'>): string {
  if (test) {
    return `${percent(test.accuracy)} of ${many(test.n, 'judging film')} answered rightly, ${percentRange(test.interval95)} (95 % interval).`;
  }
  const checked = checking
    ? ` On ${many(checking.n, 'checking film')} it was right in ${percent(checking.accuracy)} at its own threshold; its best epoch was chosen by them.`
    : '';
  return `The judging films are still sealed.${checked}`;
}

/** Time left, s: epochs to come times the mean of the last three; null before the first has ended. */
export function secondsLeft(epochs: readonly Epoch[], planned: number): number | null {
  const recent = epochs.slice(-3);
  if (recent.length === 0) return null;
  const mean = recent.reduce((sum, { seconds }) => sum + seconds, 0) / recent.length;
  return mean * Math.max(0, planned - epochs.length);
}

/** "25, best 9" */
export function epochsWord({ epochs, best }: Pick<Run, 'epochs' | 'best'>): string {
  return best ? `${epochs}, best ${best.epoch}` : String(epochs);
}

/** The first sentence of a remark apart from the rest, so that it can stand out. A point inside a number ends nothing. */
export function firstSentence(remark: string): { first: string; rest: string } {
  const end = /[.!?](?=\s)/.exec(remark);
  if (!end) return { first: remark, rest: '' };
  return { first: remark.slice(0, end.index + 1), rest: remark.slice(end.index + 1).trim() };
}
