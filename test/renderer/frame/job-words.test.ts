import { expect, test } from 'vitest';
import { howFar, share } from '#renderer/frame/job-words.ts';

test('how far, how much is left, and no guess at the very start', () => {
  expect(howFar({ done: 812, total: 4024, unit: 'films', secondsLeft: 100 })).toBe('812 of 4,024, 1 min 40 s left');
  expect(howFar({ done: 17, total: 25, unit: 'epochs', secondsLeft: 7 })).toBe('epoch 17 of 25, 7 s left');
  expect(howFar({ done: 0, total: 25, unit: 'epochs', secondsLeft: null })).toBe('getting ready');
  expect(howFar({ done: 1, total: 630, unit: 'files', secondsLeft: 900 })).toBe('1 of 630');
  expect(howFar({ done: 0, total: null, unit: 'files', secondsLeft: null })).toBe('');
});

test('a share is known only with the whole', () => {
  expect(share({ done: 1, total: 4 })).toBe(0.25);
  expect(share({ done: 1, total: null })).toBeNull();
  expect(share({ done: 0, total: 0 })).toBeNull();
});
