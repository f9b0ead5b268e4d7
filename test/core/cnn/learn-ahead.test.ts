// What networks learn without a gradient: the polynomials are the right ones, chosen on films they were not fitted to, and
// nothing but learning films is looked at.
import { beforeAll, describe, expect, it } from 'vitest';
import type { LayersModel } from '@tensorflow/tfjs';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { normalisationOf } from '#core/cnn/batches.ts';
import { placesOf } from '#core/cnn/check-plan.ts';
import { learnAhead } from '#core/cnn/learn-ahead.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { answersAt } from '#core/cnn/networks/network.ts';
import { findPatterns } from '#core/cnn/patterns.ts';
import { answersOf, growLayer } from '#core/cnn/polynomial-units.ts';
import { train } from '#core/cnn/train.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';
import { random } from '#core/random.ts';
import { planOf } from './films.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('graph');
});

describe('polynomial units', () => {
  const rows = 200;
  const draw = random(1);
  const columns = 5;
  const values = Float32Array.from({ length: rows * columns }, () => 3 + 2 * draw.normal());
  const at = (row: number, column: number) => ((values[row * columns + column] as number) - 3) / 2;
  const fitted = Uint32Array.from({ length: 100 }, (_, row) => row);
  const checked = Uint32Array.from({ length: 100 }, (_, row) => 100 + row);

  it('find the pair whose product decides, and answer by it', () => {
    const targets = Array.from({ length: rows }, (_, row) => (at(row, 1) * at(row, 3) > 0 ? 1 : -1));
    const layer = growLayer({ values, columns }, targets, fitted, checked, 3);
    const [best, second] = layer.units;
    expect([best?.first, best?.second].sort()).toEqual([1, 3]);
    expect(best!.error).toBeLessThan(second!.error);
    const answers = answersOf({ values, columns }, layer);
    const right = checked.filter((row) => answers.values[row * 3]! > 0 === targets[row]! > 0).length;
    expect(right).toBeGreaterThan(90);
  });

  it('are chosen by films they were not fitted to', () => {
    // Column 0 tells all on the fitted films and nothing on the others, column 2 most of it on both.
    const targets = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 1 : -1));
    const told = Float32Array.from(values);
    for (let row = 0; row < rows; row++) {
      told[row * columns] = row < 100 ? targets[row]! : draw.normal();
      told[row * columns + 2] = targets[row]! + draw.normal();
    }
    const [best] = growLayer({ values: told, columns }, targets, fitted, checked, 2).units;
    expect([best?.first, best?.second]).toContain(2);
    expect([best?.first, best?.second]).not.toContain(0);
  });

  it('leave a column that never changes alone', () => {
    const flat = Float32Array.from(values, (value, place) => (place % columns === 0 ? 7 : value));
    const targets = Array.from({ length: rows }, (_, row) => Math.sign(at(row, 2)) || 1);
    const layer = growLayer({ values: flat, columns }, targets, fitted, checked, 4);
    expect(answersOf({ values: flat, columns }, layer).values.every(Number.isFinite)).toBe(true);
  });
});

describe('patterns', () => {
  it('are found in patches that mix strengths, noise and nothing', () => {
    const draw = random(2);
    const [across, down] = [
      [1, 1, 1, 0, 0, 0, -1, -1, -1],
      [1, 0, -1, 1, 0, -1, 1, 0, -1],
    ];
    const patches = Array.from({ length: 300 }, (_, row) => {
      const strength = row % 3 === 0 ? 0.01 : 1 + 3 * draw.uniform();
      return (row % 2 === 0 ? across : down).map((value) => strength * value + 0.05 * draw.normal());
    });
    const found = findPatterns({ values: Float32Array.from(patches.flat()), length: 9 }, 2, 0.6, draw);
    const cosines = [across, down].map((pattern) => {
      return [0, 1].map(
        (one) => pattern.reduce((sum, value, at) => sum + value * found[one * 9 + at]!, 0) / Math.sqrt(6),
      );
    });
    for (const likenesses of cosines) expect(Math.max(...likenesses)).toBeGreaterThan(0.99);
  });

  it('are as many as asked for, even of patches that are all alike', () => {
    const found = findPatterns({ values: new Float32Array(90).fill(1), length: 9 }, 4, 0.6, random(3));
    for (let one = 0; one < 4; one++) {
      const length = Math.hypot(...found.subarray(9 * one, 9 * one + 9));
      expect(length).toBeCloseTo(1, 5);
    }
  });
});

const taught = (plan: TrainingPlan): LayersModel => {
  const model = buildNetwork(engine.tf, plan.settings);
  const normalisation = normalisationOf(plan.pixels, plan.settings.size, placesOf(plan, 'learn'));
  learnAhead(engine.tf, model, plan, normalisation);
  return model;
};
const weightsOf = (model: LayersModel) => model.getWeights().map((weight) => weight.dataSync().join());

it('the layers of the polynomial network answer as its polynomials were fitted to', () => {
  const plan = planOf(120, { preset: 'polynomial', seed: 3, depth: 3 });
  const model = taught(plan);
  const places = placesOf(plan, 'learn');
  const normalisation = normalisationOf(plan.pixels, plan.settings.size, places);
  const films = { pixels: plan.pixels, labels: plan.labels, size: 28, places, normalisation, seed: 3 };
  for (const layer of ['polynomials1', 'polynomials2']) {
    answersAt(engine.tf, model, layer, films, (answer) => {
      const [rows, units] = answer.shape as [number, number];
      const values = answer.dataSync();
      // Targets are 1 and -1: nothing known errs by 1, and so far the best units know something.
      const errors = Array.from({ length: units }, (_, unit) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const target = plan.labels[places[row]!] === 1 ? 1 : -1;
          sum += (values[row * units + unit]! - target) ** 2;
        }
        return sum / rows;
      });
      for (const error of errors) expect(error, layer).toBeLessThan(1);
    });
  }
});

describe.each(['polynomial', 'neocognitron'])('%s', (preset) => {
  const plan = planOf(120, { preset, seed: 3, epochs: 2 });

  it('learns ahead from learning films alone', () => {
    const known = taught(plan);
    const other: TrainingPlan = {
      ...plan,
      labels: plan.labels.map((label, film) => (plan.parts[film] === 0 ? label : 1 - label)),
      pixels: plan.pixels.map((grey, at) => (plan.parts[Math.floor(at / 784)] === 0 ? grey : 255 - grey)),
    };
    const same = taught(other);
    expect(weightsOf(same)).toEqual(weightsOf(known));
    const others = taught({ ...plan, pixels: plan.pixels.map((grey, at) => (at % 3 === 0 ? 255 - grey : grey)) });
    expect(weightsOf(others)).not.toEqual(weightsOf(known));
  });

  it('is taught the same by either engine, and no epoch moves what it learned ahead', async () => {
    const before = taught(plan);
    for (const kind of ['graph', 'layers'] as const) {
      const { model } = await train(engine, { ...plan, settings: { ...plan.settings, engine: kind } }, {});
      for (const layer of before.layers.filter(({ trainable }) => !trainable)) {
        const [was, is] = [layer, model.getLayer(layer.name)].map((one) => one.getWeights().map((w) => w.dataSync()));
        expect(is, layer.name).toEqual(was);
      }
      const logit = (one: LayersModel) => one.getLayer('logit').getWeights()[0]!.dataSync().join();
      expect(logit(model)).not.toBe(logit(before));
      model.dispose();
    }
  });
});
