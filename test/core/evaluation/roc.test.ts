// Reference values: scikit-learn 1.9.0 (roc_auc_score, roc_curve) and DeLong's variance over all pairs in numpy 2.4.6.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, aucWithInterval, rocPoints } from '#core/evaluation/roc.ts';

const labels = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.7, 0.5, 0.5, 0.4, 0.2, 0.1, 0.05];

describe('auc', () => {
  it('counts ties half', () => {
    expect(auc(labels, scores)).toBeCloseTo(0.8214285714285714, 14);
  });

  it('has the interval of DeLong on the logit scale', () => {
    const area = aucWithInterval(labels, scores);
    expect(area?.interval95[0]).toBeCloseTo(0.4792393912311543, 10);
    expect(area?.interval95[1]).toBeCloseTo(0.9583216959193692, 10);
  });

  it('agrees on 200 films with many ties', () => {
    let x = 1n;
    const films = Array.from({ length: 200 }, (_, film) => {
      x = (x * 1103515245n + 12345n) % 2n ** 31n;
      const fracture = film % 3 === 0;
      return { label: fracture ? 1 : 0, score: Math.round((Number(x) / 2 ** 31 + (fracture ? 0.25 : 0)) * 50) / 50 };
    });
    const area = aucWithInterval(
      films.map((film) => film.label),
      films.map((film) => film.score),
    );
    expect(area?.value).toBeCloseTo(0.6853888452474469, 12);
    expect(area?.interval95[0]).toBeCloseTo(0.6053666925245356, 9);
    expect(area?.interval95[1]).toBeCloseTo(0.7557319192937552, 9);
  });

  it('is the share of pairs in the right order, for any films', () => {
    const film = fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(fc.array(film, { maxLength: 30 }), (films) => {
        const pairs = films
          .filter((f) => f.label === 1)
          .flatMap((f) => films.filter((w) => w.label === 0).map((w) => (Math.sign(f.score - w.score) + 1) / 2));
        const value = auc(
          films.map((f) => f.label),
          films.map((f) => f.score),
        );
        if (pairs.length === 0) expect(value).toBeNull();
        else expect(value).toBeCloseTo(pairs.reduce((a, b) => a + b) / pairs.length, 12);
      }),
    );
  });

  it('keeps its interval honest where the classes are wholly apart, and says nothing of one class', () => {
    const apart = aucWithInterval([0, 0, 0, 0, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(apart).toEqual({ value: 1, interval95: [0.25, 1] });
    expect(aucWithInterval([1, 1], [0.2, 0.3])).toBeNull();
  });
});

describe('rocPoints', () => {
  it('are the corners of the curve', () => {
    const points = rocPoints(labels, scores);
    const falseAlarms = [0, 0, 0, 1 / 7, 1 / 7, 3 / 7, 4 / 7, 4 / 7, 5 / 7, 6 / 7, 1];
    const found = [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 5 / 6, 1, 1, 1, 1];
    expect(points.map((point) => point.falseAlarms)).toEqual(falseAlarms);
    expect(points.map((point) => point.found)).toEqual(found);
    expect(points.slice(1).map((point) => point.threshold)).toEqual([
      0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05,
    ]);
    expect(points[0]?.threshold).toBeGreaterThan(0.9);
  });
});
