// Series in words: mean and spread of what is open, and never of what is sealed.
import { expect, it } from 'vitest';
import type { Series } from '#api/series.ts';
import { paperSettings } from '#renderer/train/settings-words.ts';
import { seriesSentence, seriesTitle } from '#renderer/words/series.ts';

const series = (more: Partial<Series> = {}): Series => ({
  id: 2,
  kind: 'seeds',
  count: 3,
  state: 'done',
  title: '',
  settings: paperSettings,
  startedAt: '2026-11-23T10:00:00Z',
  seconds: 60,
  runs: [4, 5, 6],
  finished: 3,
  checking: { auc: { mean: 0.714, deviation: 0.021 }, accuracy: { mean: 0.68, deviation: 0.012 } },
  test: { auc: null, accuracy: null },
  ensemble: { checking: { auc: 0.74, accuracy: 0.701, n: 107 }, test: null, sentence: null },
  openings: 0,
  resumable: false,
  ...more,
});

it('says mean and spread on the checking films while the judging films are sealed', () => {
  expect(seriesSentence(series())).toBe(
    '3 runs, mean ± standard deviation: 68.0 ± 1.2 % of the checking films right, AUC 0.71 ± 0.02; together 70.1 % and 0.74.',
  );
});

it('says them on the judging films once all runs were judged, and nothing of an ensemble that was not', () => {
  const test = { auc: { mean: 0.7, deviation: 0.01 }, accuracy: { mean: 0.65, deviation: 0.02 } };
  expect(seriesSentence(series({ test }))).toBe(
    '3 runs, mean ± standard deviation: 65.0 ± 2.0 % of the judging films right, AUC 0.70 ± 0.01.',
  );
});

it('says no spread of one run', () => {
  expect(seriesSentence(series({ finished: 1, runs: [4] }))).toBe(
    '1 run: 68.0 % of the checking films right, AUC 0.71.',
  );
});

it('says how far it is', () => {
  expect(seriesTitle(series())).toBe('Series 2: 3 seeds');
  expect(seriesTitle(series({ state: 'stopped', finished: 1 }))).toBe('Series 2: 3 seeds, 1 of 3 done');
  const none = { auc: null, accuracy: null };
  expect(seriesSentence(series({ finished: 0, checking: none }))).toBe('None of its runs is finished yet.');
});
