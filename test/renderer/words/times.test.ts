import { expect, test } from 'vitest';
import { day, lately, moment, span } from '#renderer/words/times.ts';

// Moments without a zone are local, so that the test says the same everywhere.
const now = new Date('2026-11-23T18:00:00');

test('today by the hour, earlier by the day, other years with their year', () => {
  expect(moment('2026-11-23T14:31:00', now)).toBe('today, 14:31');
  expect(moment('2026-11-19T09:05:00', now)).toBe('19 Nov, 09:05');
  expect(lately('2026-11-23T14:31:00', now)).toBe('today, 14:31');
  expect(lately('2026-11-19T09:05:00', now)).toBe('19 Nov');
  expect(day('2025-10-02T09:05:00', now)).toBe('2 Oct 2025');
});

test.each([
  [0.2, '1 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [100, '1 min 40 s'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words);
});
