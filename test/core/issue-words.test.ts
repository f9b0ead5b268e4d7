import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueInWords } from '#core/issue-words.ts';

const shape = z.object({
  settings: z.object({ epochs: z.number().int().min(1).max(1000), learningRate: z.number().positive() }),
  reader: z.string().min(1).max(64),
});

test.each([
  [{ settings: { epochs: 0, learningRate: 1 }, reader: 'a' }, 'the epochs must be at least 1'],
  [{ settings: { epochs: 2000, learningRate: 1 }, reader: 'a' }, 'the epochs must be at most 1,000'],
  [{ settings: { epochs: 1, learningRate: 0 }, reader: 'a' }, 'the learning rate must be greater than 0'],
  [{ settings: { epochs: 1, learningRate: 1 }, reader: '' }, 'the reader must not be empty'],
  [
    { settings: { epochs: 1, learningRate: 1 }, reader: 'a'.repeat(65) },
    'the reader must be no longer than 64 characters',
  ],
])('%j: %s', (given, words) => {
  expect(shape.safeParse(given).error?.issues.map(issueInWords)).toEqual([words]);
});
