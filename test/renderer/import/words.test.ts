import { expect, test } from 'vitest';
import { leftOut } from '#renderer/import/words.ts';

test('what is left out, by reason, the commonest first, each with its files', () => {
  const groups = leftOut({
    duplicates: [
      { path: 'a/1.png', as: '1.png', where: 'here', how: 'pixels' },
      { path: 'a/2.png', as: '1.png', where: 'here', how: 'file' },
      { path: 'a/3.png', as: 'film 9, 3.png', where: 'library', how: 'pixels' },
    ],
    refused: [
      { path: 'x.jpg', code: 'FILM_CUT_SHORT', reason: 'x.jpg breaks off early.' },
      { path: 'y.jpg', code: 'FILM_CUT_SHORT', reason: 'y.jpg breaks off early.' },
      { path: 'z.tif', code: 'FILM_TOO_LARGE', reason: 'z.tif claims 120 megapixels.' },
    ],
  });
  expect(groups[0]).toMatchObject({ films: 2, what: 'breaks off early', fate: 'listed' });
  expect(groups.map(({ what }) => what).sort()).toEqual([
    'already in this library',
    'breaks off early',
    'pixel for pixel the same',
    'the same file again',
    'too large for an X-ray',
  ]);
  expect(groups.find(({ key }) => key === 'FILM_TOO_LARGE')?.lines[0]?.why).toContain('120 megapixels');
});

test('a reason nobody foresaw is still listed with its words', () => {
  const [group] = leftOut({ duplicates: [], refused: [{ path: 'q', code: 'NEW_REASON', reason: 'because' }] });
  expect(group).toMatchObject({ what: 'cannot be read', lines: [{ path: 'q', why: 'because' }] });
});
