import { expect, test } from 'vitest';
import { count, many, percent, size } from '#renderer/words/figures.ts';

test('counts in thousands, one and many', () => {
  expect(count(4083)).toBe('4,083');
  expect(many(1, 'film')).toBe('1 film');
  expect(many(0, 'film')).toBe('0 films');
  expect(many(2, 'match', 'matches')).toBe('2 matches');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [14_200, '14 kB'],
  [1_300_000_000, '1.3 GB'],
  [210_400_000, '210 MB'],
])('%i bytes are %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});

test('a share with its digits', () => {
  expect(percent(0.71963)).toBe('72.0 %');
  expect(percent(1, 0)).toBe('100 %');
});
