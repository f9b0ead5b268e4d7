import { describe, expect, test } from 'vitest';
import { matchTitle, rank } from '#renderer/frame/palette-search.ts';

const marked = (title: string, typed: string) =>
  matchTitle(title, typed)
    ?.map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join('');

describe('what typed letters find', () => {
  test.each([
    ['Window preset: bone', 'wind', '[Wind]ow preset: bone'],
    ['Light or dark window', 'wind', 'Light or dark [wind]ow'],
    ['Window preset: bone', 'bone win', '[Win]dow preset: [bone]'],
    ['Back up this library now', 'up', 'Back [up] this library now'],
    ['Keys in this window', '', 'Keys in this window'],
    ['Invert (i)', '(', 'Invert [(]i)'],
  ])('%s under “%s”', (title, typed, expected) => {
    expect(marked(title, typed)).toBe(expected);
  });

  test('every word must be found', () => {
    expect(matchTitle('Undo', 'undo x')).toBeNull();
  });
});

test('a title that begins with it stands before one that holds it', () => {
  expect(rank({ title: 'Window preset' }, 'win')).toBeLessThan(rank({ title: 'Fit to window' }, 'win'));
  expect(rank({ title: 'Undo' }, 'win')).toBe(Number.MAX_SAFE_INTEGER);
});
