import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochAxis, lossAxis, multiples, pleasantStep, shareAxis } from '#renderer/charts/scale.ts';

const texts = (axis: { ticks: { text: string }[] }) => axis.ticks.map(({ text }) => text);

describe('axis of shares', () => {
  it('goes from 40 to 100 % in tens while nothing lies below', () => {
    const axis = shareAxis([0.53, 0.94]);
    expect([axis.min, axis.max]).toEqual([0.4, 1]);
    expect(texts(axis)).toEqual(['40 %', '50 %', '60 %', '70 %', '80 %', '90 %', '100 %']);
  });

  it('goes down to the ten below the least value', () => {
    expect(shareAxis([0.31]).min).toBe(0.3);
    expect(shareAxis([0.3]).min).toBe(0.3);
    expect(shareAxis([0.02]).min).toBe(0);
  });

  it('ends its words at 100 %, whatever the step', () => {
    expect(texts(shareAxis([0.05]))).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']);
  });

  it('takes no notice of values that are no numbers', () => {
    expect(shareAxis([Number.NaN, 0.6]).min).toBe(0.4);
  });
});

describe('axis of a loss', () => {
  it('goes from 0 to a pleasant number above all values', () => {
    const axis = lossAxis([0.2, 0.79]);
    expect([axis.min, axis.max]).toEqual([0, 0.8]);
    expect(texts(axis)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8']);
  });

  it('names a step of two and a half by its half', () => {
    expect(texts(lossAxis([12]))).toEqual(['0.0', '2.5', '5.0', '7.5', '10.0', '12.5']);
    expect(texts(lossAxis([120]))).toEqual(['0', '25', '50', '75', '100', '125']);
  });

  it('holds every value and has few, distinct words, for any loss', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const axis = lossAxis(values);
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(...values));
        expect(axis.ticks.length).toBeGreaterThanOrEqual(3);
        expect(axis.ticks.length).toBeLessThanOrEqual(7);
        expect(new Set(texts(axis)).size).toBe(axis.ticks.length);
        for (const { at, text } of axis.ticks) expect(Number(text)).toBeCloseTo(at, 6);
      }),
    );
  });
});

describe('axis of epochs', () => {
  it('shows the first, fives and the last of 25', () => {
    expect(texts(epochAxis(25))).toEqual(['1', '5', '10', '15', '20', '25']);
  });

  it('keeps the last where there is room, and leaves it out where there is not', () => {
    expect(texts(epochAxis(23)).at(-1)).toBe('23');
    expect(texts(epochAxis(21)).at(-1)).toBe('20');
  });

  it('has a width even for one epoch', () => {
    const axis = epochAxis(1);
    expect(axis.max).toBeGreaterThan(axis.min);
  });

  it('rises, begins at 1 and never crowds, for any number of epochs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (epochs) => {
        const { ticks, max } = epochAxis(epochs);
        expect(ticks[0]?.at).toBe(1);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const [i, { at }] of ticks.entries()) {
          expect(at).toBeLessThanOrEqual(max);
          expect(at).toBeGreaterThan(ticks[i - 1]?.at ?? 0);
        }
      }),
    );
  });
});

it('counts in steps a person counts in', () => {
  expect(pleasantStep(1, 5)).toBeCloseTo(0.2);
  expect(pleasantStep(25, 6)).toBe(5);
  expect(pleasantStep(0.79, 5)).toBeCloseTo(0.2);
  expect(multiples(0.4, 1, 0.1)).toEqual([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
});
