import { expect, test } from 'vitest';
import { fileName, labelClause, viewOf } from '#renderer/words/films.ts';

test('a view in the order it is said, nothing twice', () => {
  expect(viewOf({ bodyPart: 'Wrist', laterality: 'right', projection: 'frontal' })).toBe('Wrist, right, frontal');
  expect(viewOf({ bodyPart: 'Several', laterality: null, projection: 'several' })).toBe('Several in one film');
  expect(viewOf({ bodyPart: 'Breast', laterality: null, projection: 'mlo' })).toBe('Breast, MLO');
  expect(viewOf({ bodyPart: null, laterality: null, projection: null })).toBeNull();
});

test('the name of a file is its last part, with the frame where there are more', () => {
  expect(fileName({ file: 'a\\b/c.dcm', frame: 0, frames: 1 })).toBe('c.dcm');
  expect(fileName({ file: 'c.dcm', frame: 2, frames: 7 })).toBe('c.dcm, frame 3');
});

test('decisions end a sentence', () => {
  expect(labelClause('fracture')).toBe('is a fracture');
  expect(labelClause('fracture', 6)).toBe('are fractures');
  expect(labelClause('whole', 6)).toBe('are whole');
  expect(labelClause(null)).toBe('is not yet read');
});
