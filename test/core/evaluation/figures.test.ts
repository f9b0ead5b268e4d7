import { describe, expect, it } from 'vitest';
import { testFigures as apiFigures } from '#api/runs.ts';
import { majorityOf, sureFractures, testFigures } from '#core/evaluation/figures.ts';
import type { JudgedFilm } from '#core/evaluation/figures.ts';

const film = (
  label: 'fracture' | 'whole',
  probability: number,
  patient: string | null,
  bodyPart: string | null = 'hand',
) => ({ label, probability, patient, bodyPart }) satisfies JudgedFilm;

const films = [
  film('fracture', 0.9, 'a'),
  film('fracture', 0.8, 'a'),
  film('fracture', 0.3, 'b', 'hip'),
  film('fracture', 0.2, 'b', 'hip'),
  film('whole', 0.1, 'c'),
  film('whole', 0.6, 'd', 'hip'),
  film('whole', 0.2, null),
  film('whole', 0.3, null, null),
  film('whole', 0.55, 'd', 'hip'),
];

describe('testFigures', () => {
  const figures = testFigures(films, 0.5, { from: 0.5, to: 0.58 });

  it('counts films and patients in the matrix', () => {
    expect(figures.matrix).toEqual({
      fractureFound: 2,
      fractureMissed: 2,
      falseAlarm: 2,
      wholeRight: 3,
      patientsMissed: 1,
      patientsFalseAlarm: 1,
    });
    expect([figures.n, figures.patients]).toEqual([9, 6]);
  });

  it('gives every share with what it is of', () => {
    const shares = Object.fromEntries(Object.entries(figures.shares).map(([name, s]) => [name, [s.right, s.of]]));
    expect(shares).toEqual({
      accuracy: [5, 9],
      sensitivity: [2, 4],
      specificity: [3, 5],
      ppv: [2, 4],
      npv: [3, 5],
    });
    expect(figures.accuracy).toBeCloseTo(5 / 9);
    expect(figures.majority).toBeCloseTo(5 / 9);
  });

  it('puts the weakest body part first and counts the films it cannot tell', () => {
    expect(figures.bodyParts.map(({ bodyPart, share }) => [bodyPart, share.right, share.of])).toEqual([
      ['hip', 0, 4],
      ['hand', 4, 4],
      ['unknown', 1, 1],
    ]);
    expect(figures.cannotTell).toEqual({ from: 0.5, to: 0.58, films: 1 });
  });

  it('is what the contract asks for, also where a share is of nothing', () => {
    const never = testFigures([film('fracture', 0.1, null), film('whole', 0.2, null)], 0.5, null);
    expect(never.shares.ppv).toMatchObject({ right: 0, of: 0, value: 0 });
    expect(never).toMatchObject({ auc: 0.5, aucInterval95: [0, 1] });
    for (const some of [figures, never]) expect(apiFigures.parse(JSON.parse(JSON.stringify(some)))).toEqual(some);
  });
});

describe('majorityOf', () => {
  it('names the commoner class, whole of equals', () => {
    expect(majorityOf(['fracture', 'fracture', 'whole'])).toEqual({ label: 'fracture', share: 2 / 3 });
    expect(majorityOf(['fracture', 'whole'])).toEqual({ label: 'whole', share: 0.5 });
  });
});

describe('sureFractures', () => {
  it('leaves out what it cannot tell', () => {
    expect(sureFractures(films, 0.5, null)).toEqual({ films: 4, right: 2 });
    expect(sureFractures(films, 0.5, { from: 0.4, to: 0.7 })).toEqual({ films: 2, right: 2 });
  });
});
