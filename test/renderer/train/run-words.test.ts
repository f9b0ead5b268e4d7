import { describe, expect, it } from 'vitest';
import { firstSentence, resultLine, runHeadline, runSentence, secondsLeft } from '#renderer/train/run-words.ts';
import { paperSettings } from '#renderer/train/settings-words.ts';
import { sampleCurve, sampleFigures } from '../charts/sample.ts';

const best = sampleCurve(9)[8]!;

describe('the headline of a run', () => {
  it('names the epoch it is at', () => {
    expect(runHeadline({ id: 14, state: 'running', best, error: null }, 16, 25, true)).toBe(
      'Run 14 is learning: epoch 17 of 25',
    );
    expect(runHeadline({ id: 14, state: 'running', best, error: null }, 25, 25, true)).toBe(
      'Run 14 is learning: epoch 25 of 25',
    );
  });

  it('says that films are prepared before the first batch', () => {
    expect(runHeadline({ id: 14, state: 'running', best: null, error: null }, 0, 25, false)).toBe(
      'Run 14 is getting its films ready',
    );
  });

  it('says when it broke off, with what was learned before', () => {
    const error = { code: 'LOSS_NOT_FINITE', message: '', next: '' };
    expect(runHeadline({ id: 2, state: 'stopped', best, error }, 11, 25, true)).toBe(
      'Run 2 broke off after 11 epochs: epoch 9 is kept',
    );
  });

  it('says how it ended and what is kept', () => {
    expect(runHeadline({ id: 14, state: 'done', best, error: null }, 25, 25, true)).toBe(
      'Run 14 is done: epoch 9 is kept',
    );
    expect(runHeadline({ id: 14, state: 'done', best, error: null }, 19, 25, true)).toBe(
      'Run 14 is done: it stopped by itself after 19 epochs, epoch 9 is kept',
    );
    expect(runHeadline({ id: 14, state: 'stopped', best, error: null }, 1, 25, true)).toBe(
      'Run 14 was stopped after 1 epoch: epoch 9 is kept',
    );
    expect(runHeadline({ id: 14, state: 'stopped', best: null, error: null }, 0, 25, true)).toBe(
      'Run 14 was stopped after 0 epochs: nothing was learned yet',
    );
    expect(runHeadline({ id: 14, state: 'failed', best, error: null }, 5, 25, true)).toBe(
      'Run 14 failed after epoch 5 of 25',
    );
    expect(runHeadline({ id: 14, state: 'failed', best: null, error: null }, 0, 25, false)).toBe('Run 14 failed');
  });
});

describe('the time left', () => {
  it('is the mean of the last three epochs for each that is to come', () => {
    const epochs = sampleCurve(10).map((epoch) => ({ ...epoch, seconds: epoch.epoch < 8 ? 100 : 2 }));
    expect(secondsLeft(epochs, 25)).toBeCloseTo(30);
  });

  it('is not known before an epoch has ended, and none after the last', () => {
    expect(secondsLeft([], 25)).toBeNull();
    expect(secondsLeft(sampleCurve(25), 25)).toBe(0);
  });

  it('is a most where it may stop early', () => {
    expect(runSentence('Paper preset', paperSettings, 499, 7)).toBe(
      'Paper preset, 28 × 28, 499 films. About 7 s left. You can leave this page and go on reading.',
    );
    expect(runSentence('Paper preset', { ...paperSettings, patience: 10 }, null, 7)).toContain('At most 7 s left.');
    expect(runSentence('Paper preset', paperSettings, 499, null)).not.toContain('left.');
  });
});

describe('what came of a run', () => {
  it('is the test figure with its interval', () => {
    expect(resultLine({ test: sampleFigures, checking: null })).toBe(
      '76.0 % of 50 judging films answered rightly, 62.6 to 85.7 % (95 % interval).',
    );
  });

  it('never poses a checking figure as the test figure', () => {
    const line = resultLine({ test: null, checking: { auc: 0.8, accuracy: 0.757, n: 107 } });
    expect(line).toMatch(/^The judging films are still sealed\. On 107 checking films/);
  });
});

it('takes the first sentence of a remark, past the points in its numbers', () => {
  expect(firstSentence('It has begun to memorise. Since epoch 9.')).toEqual({
    first: 'It has begun to memorise.',
    rest: 'Since epoch 9.',
  });
  expect(firstSentence('It is 57.3 % right. More.').first).toBe('It is 57.3 % right.');
  expect(firstSentence('No end')).toEqual({ first: 'No end', rest: '' });
});
