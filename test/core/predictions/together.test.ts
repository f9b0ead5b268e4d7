// Several answers on one film as one: pooled probability, mean of the maps, and a refusal that holds for all.
import { expect, test } from 'vitest';
import type { Answered } from '#core/cnn/answer.ts';
import { answerTogether } from '#core/predictions/together.ts';

const answered = (probability: number, heat: number[]): Answered => ({
  refusal: null,
  probability,
  heat: Uint8Array.from(heat),
  gridSize: 2,
  layerSize: 1,
  box: null,
});

test('the maps are averaged and stretched, and the box is that of the mean', () => {
  const both = answerTogether([answered(0.8, [255, 0, 0, 51]), answered(0.1, [0, 0, 0, 255])], 2);
  expect(both).toMatchObject({ refusal: null, box: { x: 1, y: 1, width: 1, height: 1 } });
  if (both.refusal !== null) return;
  // Sums 255, 0, 0 and 306.
  expect([...both.heat]).toEqual([213, 0, 0, 255]);
  expect(both.probability).toBeCloseTo(0.4, 12);
});

test('where nobody found evidence there is none', () => {
  const none = answerTogether([answered(0.2, [0, 0, 0, 0]), answered(0.3, [0, 0, 0, 0])], 2);
  expect(none).toMatchObject({ box: null, heat: new Uint8Array(4) });
});

test('one alone answers as it is; a film that one turns away is turned away', () => {
  const one = answered(0.7, [1, 2, 3, 4]);
  expect(answerTogether([one], 2)).toBe(one);
  const refused: Answered = { refusal: 'it is in colour' };
  expect(answerTogether([one, refused], 2)).toBe(refused);
});
