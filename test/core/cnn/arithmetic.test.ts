// Reference values: scipy 1.17.1 (log_expit, expit) for the loss, the published update rules in numpy 2.4.6 for the optimisers.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor1D, Variable } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { drawPlacement, placeFilm } from '#core/cnn/augment.ts';
import { batchOf, normalisationOf } from '#core/cnn/batches.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { binaryCrossEntropy, classWeightsOf, logistic } from '#core/cnn/loss.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { createOptimizer } from '#core/cnn/optimizer.ts';
import { predict } from '#core/cnn/predict.ts';
import { knowsNothing, surenessOf, toneDown } from '#core/cnn/sureness.ts';
import { random } from '#core/random.ts';
import { drawFilms } from './films.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('auto'));
});

describe('binaryCrossEntropy', () => {
  it('is exact from 0 to where naive forms overflow, with class weights', () => {
    const { loss, gradient } = binaryCrossEntropy([0, 2, -3, 40, -800, 1.5], [1, 0, 1, 1, 0, 1], [0.5, 2]);
    expect(loss).toBeCloseTo(1.491626604292394, 12);
    const expected = [-0.16666667, 0.07339976, -0.31752471, 0, 0, -0.06080851];
    expected.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 7));
    expect(logistic(-800)).toBe(0);
  });

  it('gives up on nothing that is no number', () => {
    expect(binaryCrossEntropy([Number.NaN, 1], [1, 0], [1, 1]).loss).toBeNaN();
  });

  it('weighs a rare class so that both count the same', () => {
    expect(classWeightsOf([1, 0, 0, 0], true)).toEqual([4 / 6, 2]);
    expect(classWeightsOf([1, 0, 0, 0], false)).toEqual([1, 1]);
  });
});

describe('surenessOf', () => {
  const labels = [1, 0, 1, 1, 0, 0, 1, 0];
  const logits = [4, 3, -2, 6, -5, -4, 1, -0.5];

  it('finds the factor with the smallest loss, and the loss', () => {
    // Reference: scipy.optimize.minimize_scalar over the factor, loss by log_expit.
    const { factor, loss } = surenessOf(logits, labels, [1, 1]);
    expect(factor).toBeCloseTo(0.35413485580514653, 5);
    expect(loss).toBeCloseTo(0.5390689228694898, 9);
    const weighted = surenessOf(logits, labels, [0.5, 2]);
    expect(weighted.factor).toBeCloseTo(0.3986005928083381, 5);
  });

  it('never makes a network surer, and nearly silences one that knows nothing', () => {
    expect(surenessOf([1, -1], [1, 0], [1, 1]).factor).toBe(1);
    const nothing = surenessOf([1, -1], [0, 1], [1, 1]);
    expect(nothing.factor).toBeCloseTo(0.02, 6);
    expect([knowsNothing(nothing), knowsNothing(surenessOf(logits, labels, [1, 1]))]).toEqual([true, false]);
    expect(surenessOf([Number.NaN], [1], [1, 1]).loss).toBeNaN();
  });

  it('goes into the weights: every logit times the factor', () => {
    const network = buildNetwork(tf, runSettings.parse({ size: 18 }));
    const { pixels } = drawFilms(6, 18, 1);
    const logitsNow = () =>
      Array.from(predict(tf, network, { mean: 0.3, deviation: 0.2 }, pixels, 18, false), (p) => Math.log(p / (1 - p)));
    const before = logitsNow();
    const tensors = tf.memory().numTensors;
    toneDown(tf, network, 0.25);
    expect(tf.memory().numTensors).toBe(tensors);
    logitsNow().forEach((logit, film) => expect(logit).toBeCloseTo(0.25 * before[film]!, 4));
  });
});

const plain = { weightDecay: 0, clipNorm: null, averaging: null };

describe('createOptimizer', () => {
  it.each([
    ['sgd', 0.01, [0.9039208, -1.80784159, 2.71176239]],
    ['momentum', 0.01, [0.74931649, -1.49863299, 2.24794948]],
    ['adam', 0.1, [0.50796419, -1.50295604, 2.50177963]],
  ] as const)('%s moves as published', (optimizer, learningRate, expected) => {
    const [a, b] = [tf.variable(tf.tensor2d([1, -2], [1, 2])), tf.variable(tf.tensor1d([3]))];
    const variables = [a, b] as Variable[];
    const moving = createOptimizer(tf, variables, { ...plain, optimizer });
    for (let step = 0; step < 5; step++) {
      tf.tidy(() => moving.step(tf.concat1d(variables.map((v) => v.flatten().mul(2) as Tensor1D)), learningRate));
    }
    const weights = [...a.dataSync(), ...b.dataSync()];
    expected.forEach((value, i) => expect(weights[i]).toBeCloseTo(value, 5));
    const before = tf.memory().numTensors;
    moving.dispose();
    expect(tf.memory().numTensors).toBeLessThan(before);
  });
});

describe('batches', () => {
  const pixels = Uint8Array.from([0, 0, 0, 0, 255, 255, 255, 255, 0, 255, 0, 255]);

  it('are normalised by the learning films alone', () => {
    const normalisation = normalisationOf(pixels, 2, [0, 1]);
    expect(normalisation).toEqual({ mean: 0.5, deviation: 0.5 });
    const batch = batchOf(tf, pixels, 2, [2, 0], normalisation);
    expect(batch.shape).toEqual([2, 2, 2, 1]);
    expect(Array.from(batch.dataSync())).toEqual([-1, 1, -1, 1, -1, -1, -1, -1]);
  });

  it('stand films without any contrast', () => {
    expect(normalisationOf(new Uint8Array(8), 2, [0, 1])).toEqual({ mean: 0, deviation: 1 });
  });
});

describe('augmentation', () => {
  const size = 9;
  const film = Uint8Array.from({ length: size * size }, (_, place) => (place * 7) % 256);
  const placed = (placement: Parameters<typeof placeFilm>[2]) => {
    const target = new Float32Array(size * size);
    placeFilm(film, size, placement, target, 0, 1, 0);
    return Array.from(target);
  };
  const tone = { contrast: 1, brightness: 0, grain: 0, seed: 1 };
  const still = { cos: 1, sin: 0, shiftX: 0, shiftY: 0, mirrored: false, tone };

  it('leaves a film alone when nothing is on', () => {
    const placement = drawPlacement(random(1), size, { augmentation: false, mirror: false, tones: false });
    expect(placed(placement)).toEqual(Array.from(film));
  });

  it('mirrors, turns and shifts to the pixel', () => {
    const at = (row: number, column: number) => film[row * size + column]!;
    expect(placed({ ...still, mirrored: true })[3 * size + 1]).toBe(at(3, 7));
    expect(placed({ ...still, cos: 0, sin: 1 })[2 * size + 3]).toBeCloseTo(at(3, 6), 4);
    expect(placed({ ...still, shiftX: 2 })[4 * size + 3]).toBe(at(4, 5));
    expect(placed({ ...still, shiftX: 0.5 })[4 * size + 3]).toBe((at(4, 3) + at(4, 4)) / 2);
    expect(placed({ ...still, shiftX: -3 })[4 * size]).toBe(at(4, 0));
  });

  it('changes contrast about the middle grey, then brightness, and cuts at black and white', () => {
    const changed = placed({ ...still, tone: { ...tone, contrast: 1.2, brightness: -10 } });
    const expected = Array.from(film, (grey) => Math.min(255, Math.max(0, (grey - 127.5) * 1.2 + 117.5)));
    changed.forEach((value, place) => expect(value).toBeCloseTo(expected[place]!, 4));
    expect(Math.min(...changed)).toBe(0);
  });

  it('lays grain over a film, other for another seed', () => {
    const side = 60;
    const even = new Uint8Array(side * side).fill(128);
    const grained = (seed: number) => {
      const target = new Float32Array(side * side);
      placeFilm(even, side, { ...still, tone: { ...tone, grain: 5, seed } }, target, 0, 1, 0);
      return target;
    };
    const values = grained(1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(128, 0);
    expect(deviation).toBeGreaterThan(4.7);
    expect(deviation).toBeLessThan(5.3);
    expect(grained(1)).toEqual(values);
    expect(grained(2)).not.toEqual(values);
  });

  it('stays small, uses both sides, and does not change its draws when one of two is off', () => {
    const all = { augmentation: true, mirror: true, tones: true };
    const [both, one, plain] = [random(4), random(4), random(4)];
    let mirrored = 0;
    for (let i = 0; i < 300; i++) {
      const placement = drawPlacement(both, 100, all);
      const turned = drawPlacement(one, 100, { ...all, mirror: false });
      expect(turned).toEqual({ ...placement, mirrored: false });
      expect(Math.abs(placement.shiftX)).toBeLessThanOrEqual(6);
      expect(drawPlacement(plain, 100, { ...all, tones: false })).toEqual({
        ...placement,
        tone: { contrast: 1, brightness: expect.closeTo(0) as number, grain: 0, seed: placement.tone.seed },
      });
      expect(Math.abs(Math.atan2(placement.sin, placement.cos))).toBeLessThanOrEqual((10 * Math.PI) / 180 + 1e-12);
      const factor = Math.hypot(placement.sin, placement.cos);
      expect(factor).toBeGreaterThan(1 / 1.1 - 1e-12);
      expect(factor).toBeLessThan(1.1 + 1e-12);
      expect(Math.abs(placement.tone.contrast - 1)).toBeLessThanOrEqual(0.15);
      expect(Math.abs(placement.tone.brightness)).toBeLessThanOrEqual(0.15 * 255);
      expect(placement.tone.grain).toBeLessThanOrEqual(0.03 * 255);
      if (placement.mirrored) mirrored++;
    }
    expect(mirrored).toBeGreaterThan(120);
    expect(mirrored).toBeLessThan(180);
  });
});
