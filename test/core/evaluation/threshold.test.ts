import { describe, expect, it } from 'vitest';
import { cannotTellBand, chooseThreshold, inBand } from '#core/evaluation/threshold.ts';
import { random } from '#core/random.ts';

const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));

/** Films whose logits are normal around -distance / 2 (whole) and +distance / 2 (fracture). */
function draw(seed: number, count: number, distance: number) {
  const generator = random(seed);
  const labels = Array.from({ length: count }, (_, film) => film % 2);
  const probabilities = labels.map((label) => inverseLogit(generator.normal() + (label - 0.5) * distance));
  return { labels, probabilities };
}

/** The threshold with the greatest Youden index over the films as they are: what is left out is the smoothing. */
function rawThreshold({ labels, probabilities }: ReturnType<typeof draw>): number {
  const youden = (at: number) =>
    probabilities.reduce((sum, p, film) => sum + (p >= at ? (labels[film] === 1 ? 1 : -1) : 0), 0);
  return probabilities.reduce((best, at) => (youden(at) > youden(best) ? at : best), 0.5);
}

describe('chooseThreshold', () => {
  it('finds the middle between two like classes', () => {
    const { labels, probabilities } = draw(1, 4000, 2);
    expect(chooseThreshold(labels, probabilities)).toBeCloseTo(0.5, 1);
  });

  it('jumps about less than the raw optimum when films are few', () => {
    const spread = (choose: (films: ReturnType<typeof draw>) => number) => {
      const errors = Array.from({ length: 40 }, (_, seed) => (choose(draw(seed, 60, 1.5)) - 0.5) ** 2);
      return Math.sqrt(errors.reduce((a, b) => a + b) / errors.length);
    };
    const smoothed = spread(({ labels, probabilities }) => chooseThreshold(labels, probabilities));
    expect(smoothed).toBeLessThan(0.85 * spread(rawThreshold));
  });

  it('lies in the middle of the gap when the classes are wholly apart', () => {
    const threshold = chooseThreshold([0, 0, 0, 1, 1, 1], [0.1, 0.1, 0.1, 0.9, 0.9, 0.9]);
    expect(threshold).toBeCloseTo(0.5, 6);
  });

  it('is 0.5 where nothing can be chosen', () => {
    expect(chooseThreshold([1, 1], [0.2, 0.9])).toBe(0.5);
    expect(chooseThreshold([0, 1], [0.7, 0.7])).toBeCloseTo(0.7, 6);
  });

  it('stands certainty of 0 and 1', () => {
    expect(chooseThreshold([0, 0, 1, 1], [0, 0, 1, 1])).toBeCloseTo(0.5, 6);
  });
});

describe('cannotTellBand', () => {
  /** 40 films: 8 near the threshold that are a toss-up, the rest sure and right. */
  const near = [0.44, 0.46, 0.48, 0.49, 0.51, 0.52, 0.54, 0.56];
  const probabilities = [...near, ...Array<number>(16).fill(0.05), ...Array<number>(16).fill(0.95)];
  const labels = [1, 0, 1, 0, 0, 1, 0, 1, ...Array<number>(16).fill(0), ...Array<number>(16).fill(1)];

  it('spans the films that are a toss-up', () => {
    const band = cannotTellBand(labels, probabilities, 0.5);
    expect(band?.from).toBeCloseTo(0.44, 6);
    expect(band?.to).toBeCloseTo(0.56, 6);
    expect(near.every((p) => inBand(band, p))).toBe(true);
    expect(inBand(band, 0.95)).toBe(false);
  });

  it('never holds more than a quarter of the films', () => {
    const tossUp = draw(3, 400, 0);
    const band = cannotTellBand(tossUp.labels, tossUp.probabilities, 0.5);
    const inside = tossUp.probabilities.filter((p) => inBand(band, p)).length;
    expect(inside).toBeGreaterThan(50);
    expect(inside).toBeLessThanOrEqual(100);
  });

  it('is not there when the network can tell, or films are too few to know', () => {
    const sure = [...Array<number>(20).fill(0.4), ...Array<number>(20).fill(0.6)];
    expect(cannotTellBand([...Array<number>(20).fill(0), ...Array<number>(20).fill(1)], sure, 0.5)).toBeNull();
    // Eight of the ten nearest are right: better than a coin.
    const near = Array.from({ length: 40 }, (_, film) => 0.5 + (film % 2 === 0 ? -1 : 1) * 0.01 * (1 + film));
    const mostly = near.map((p, film) => (film === 4 || film === 7 ? Number(p < 0.5) : Number(p > 0.5)));
    expect(cannotTellBand(mostly, near, 0.5)).toBeNull();
    expect(cannotTellBand([1, 0, 1, 0], [0.4, 0.6, 0.4, 0.6], 0.5)).toBeNull();
    expect(inBand(null, 0.5)).toBe(false);
  });
});
