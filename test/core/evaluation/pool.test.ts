// Answers pooled: by hand, at the edges, and never of films that are not the same.
import { expect, test } from 'vitest';
import { pool } from '#core/evaluation/pool.ts';
import { spreadOf } from '#core/evaluation/spread.ts';

test('the odds of the pool are the geometric mean of the odds', () => {
  // Odds 4 and 1/9: the root of 4/9 is 2/3, which is a probability of 0.4.
  expect(pool([[0.8], [0.1]])[0]).toBeCloseTo(0.4, 12);
  expect(pool([[0.8, 0.3]])).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.3, 12)]);
  expect(pool([[0.9], [0.1]])[0]).toBeCloseTo(0.5, 12);
});

test('one that is quite sure does not outweigh all others', () => {
  expect(pool([[1], [0.2], [0.2], [0.2], [0.2], [0.2], [0.2], [0.2]])[0]).toBeLessThan(0.5);
  expect(pool([[0], [1]])[0]).toBeCloseTo(0.5, 12);
});

test('answers on different films are not pooled, nor those of nobody', () => {
  expect(() => pool([[0.5, 0.5], [0.5]])).toThrow();
  expect(() => pool([])).toThrow();
});

test('mean and standard deviation of a sample; null where one is not known', () => {
  expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) });
  expect(spreadOf([0.7])).toEqual({ mean: 0.7, deviation: 0 });
  expect(spreadOf([0.7, undefined])).toBeNull();
  expect(spreadOf([])).toBeNull();
});
