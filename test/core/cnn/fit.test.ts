import { beforeAll, describe, expect, it } from 'vitest';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Epoch, Step } from '#api/runs.ts';
import { epoch as epochShape, step as stepShape } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { fit } from '#core/cnn/fit.ts';
import { balancedOrder } from '#core/cnn/balanced-order.ts';
import { predict } from '#core/cnn/predict.ts';
import { train } from '#core/cnn/train.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { planOf } from './films.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('auto');
});

const weightsOf = (model: LayersModel) => model.getWeights().map((weight) => weight.dataSync().join());
const problemOf = (error: unknown) => (error instanceof Problem ? [error.code, error.values] : error);

/** One weight of whatever learns turns into no number, as a bad step would do it. */
function poison(): void {
  const variables = Object.values(engine.tf.engine().registeredVariables);
  for (const variable of variables) variable.assign(variable.mul(Number.NaN));
}

describe('fit', () => {
  it('learns, tells each epoch and step, and keeps the best epoch', async () => {
    const plan = planOf(240, { epochs: 5, seed: 2 });
    const [epochs, steps]: [Epoch[], Step[]] = [[], []];
    const { curve, best, ended, model, normalisation, problem } = await fit(engine, plan, {
      onEpoch: (epoch) => epochs.push(epochShape.parse(epoch)),
      onStep: (step) => steps.push(stepShape.parse(step)),
    });
    expect(epochs).toEqual(curve);
    expect([ended, problem, curve.length]).toEqual(['all epochs', null, 5]);
    expect(best).toBe(curve.findLast((epoch) => epoch.best));
    expect(curve[0]!.best).toBe(true);
    expect(best.valAccuracy).toBeGreaterThan(0.9);
    expect(best.valAuc).toBeGreaterThan(0.95);
    expect(steps.at(-1)).toMatchObject({ step: 55, steps: 55, batch: 11, batches: 11, learningRate: 0.001 });
    expect(steps.every((step) => step.gradientNorm !== null && step.gradientNorm > 0)).toBe(true);
    const answers = predict(engine.tf, model, normalisation, plan.pixels, 28, false);
    const judged = [...answers].filter((_, film) => plan.parts[film] === 2);
    const right = judged.filter((p, i) => p >= 0.5 === (i % 2 === 1)).length;
    expect(right / judged.length).toBeGreaterThan(0.85);
  });

  it('gives the same weights for the same seed, others for another, and never looks at the judging films', async () => {
    const settings = { epochs: 2, augmentation: true, mirror: true };
    const first = await fit(engine, planOf(60, settings), {});
    const blanked = planOf(60, settings);
    blanked.parts.forEach((part, film) => part === 2 && blanked.pixels.fill(255, film * 784, (film + 1) * 784));
    blanked.parts.forEach((part, film) => part === 2 && (blanked.labels[film] = 0));
    const second = await fit(engine, blanked, {});
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
    expect(second.normalisation).toEqual(first.normalisation);
    const other = planOf(60, settings);
    other.settings.seed = 9;
    expect(weightsOf((await fit(engine, other, {})).model)).not.toEqual(weightsOf(first.model));
  });

  it('keeps the weights of the best epoch, not the last', async () => {
    // Noise without anything to learn: the checking loss soon rises.
    const plan = planOf(60, { epochs: 6, learningRate: 0.002 });
    const noise = random(1);
    for (let i = 0; i < plan.pixels.length; i++) plan.pixels[i] = noise.below(256);
    const { best, model } = await fit(engine, plan, {});
    const again = { ...plan, settings: { ...plan.settings, epochs: best.epoch } };
    expect(best.epoch).toBeLessThan(6);
    const short = await fit(engine, again, {});
    expect(short.best).toMatchObject({ epoch: best.epoch, valLoss: best.valLoss });
    expect(weightsOf(short.model)).toEqual(weightsOf(model));
    const patient = { ...plan, settings: { ...plan.settings, patience: 2 } };
    const stopped = await fit(engine, patient, {});
    expect(stopped.ended).toBe('no gain');
    expect(stopped.curve.length).toBe(stopped.best.epoch + 2);
  });

  it('keeps the epoch with the highest AUC where the settings say so, and waits for that', async () => {
    const plan = planOf(60, { epochs: 8, learningRate: 0.002 });
    // Noise in several draws: by loss and by AUC are not the same everywhere.
    let differ = 0;
    for (let draw = 1; draw <= 5; draw++) {
      const noise = random(draw);
      for (let i = 0; i < plan.pixels.length; i++) plan.pixels[i] = noise.below(256);
      const byLoss = await fit(engine, plan, {});
      const byAuc = await fit(engine, { ...plan, settings: { ...plan.settings, bestBy: 'auc' } }, {});
      const highest = Math.max(...byAuc.curve.map(({ valAuc }) => valAuc ?? 0));
      expect(byAuc.best.valAuc).toBe(highest);
      // The same training, told apart by another figure.
      expect(byAuc.curve.map(({ valAuc }) => valAuc)).toEqual(byLoss.curve.map(({ valAuc }) => valAuc));
      if ((byLoss.best.valAuc ?? 0) < highest) differ++;
    }
    expect(differ).toBeGreaterThan(0);
  });

  it('learns a rare class by balanced batches, in like manner by either engine', async () => {
    const plan = planOf(240, { epochs: 4, balanced: true, seed: 2 });
    plan.parts.forEach((part, film) => part === 0 && film % 2 === 1 && film % 12 !== 1 && (plan.parts[film] = 2));
    const steps: Step[] = [];
    const { curve } = await fit(engine, plan, { onStep: (step) => steps.push(step) });
    const wholes = plan.labels.filter((label, film) => label === 0 && plan.parts[film] === 0).length;
    expect(steps[0]?.batches).toBe(Math.ceil((2 * wholes) / plan.settings.batch));
    expect(curve.at(-1)!.valAuc).toBeGreaterThan(0.8);
    const graph = await train(engine, { ...plan, settings: { ...plan.settings, engine: 'graph' } }, {});
    expect(Math.abs(graph.curve[0]!.loss - curve[0]!.loss)).toBeLessThan(0.01);
  });

  it('holds no more tensors after each epoch, and none but the model in the end', async () => {
    const { tf } = engine;
    const before = tf.memory().numTensors;
    const during: number[] = [];
    const onEpoch = () => during.push(tf.memory().numTensors);
    const { model } = await fit(engine, planOf(60, { epochs: 4, augmentation: true }), {
      onEpoch,
      onStep: () => undefined,
    });
    expect(new Set(during).size).toBe(1);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['sgd', 'momentum', 'adam'] as const)('goes down the loss by %s', async (optimizer) => {
    const learningRate = { sgd: 0.05, momentum: 0.01, adam: 0.001 }[optimizer];
    const { curve } = await fit(engine, planOf(80, { epochs: 3, optimizer, learningRate, batch: 8 }), {});
    expect(curve[2]!.loss).toBeLessThan(curve[0]!.loss);
  });

  it.each(['logistic', 'tanh', 'step'] as const)('trains the %s', async (activation) => {
    const { curve } = await fit(engine, planOf(40, { epochs: 2, activation, slope: 2 }), {});
    expect(Number.isFinite(curve[1]!.valLoss)).toBe(true);
  });

  it('stops between batches and keeps the best epoch', async () => {
    const abort = new AbortController();
    const { ended, curve } = await fit(engine, planOf(60, { epochs: 50 }), {
      onEpoch: ({ epoch }) => epoch === 2 && abort.abort(),
      signal: abort.signal,
    });
    expect([ended, curve.length]).toEqual(['stopped', 2]);
    const early = fit(engine, planOf(60), { signal: AbortSignal.abort() });
    expect(problemOf(await early.catch((error: unknown) => error))).toEqual(['CANCELLED', {}]);
  });

  it('stops with a code when the loss is no number, and keeps earlier epochs', async () => {
    const before = engine.tf.memory().numTensors;
    const wild = fit(engine, planOf(60, { optimizer: 'sgd', learningRate: 10, epochs: 5, batch: 4 }), {});
    expect(problemOf(await wild.catch((error: unknown) => error))).toEqual(['LOSS_NOT_FINITE', { epoch: 1 }]);
    expect(engine.tf.memory().numTensors).toBe(before);
    const fitted = await fit(engine, planOf(60, { epochs: 5 }), { onEpoch: ({ epoch }) => epoch === 2 && poison() });
    expect(fitted.ended).toBe('loss not finite');
    expect(problemOf(fitted.problem)).toEqual(['LOSS_NOT_FINITE', { epoch: 3 }]);
    expect(fitted.model.getWeights().every((weight) => weight.dataSync().every(Number.isFinite))).toBe(true);
  });

  it.each([
    ['one class only', planOf(40), (p: ReturnType<typeof planOf>) => p.labels.fill(1), 'ONE_CLASS_ONLY'],
    ['one film', planOf(1), () => undefined, 'TOO_FEW_FILMS'],
    ['black films', planOf(40), (p: ReturnType<typeof planOf>) => p.pixels.fill(0), 'FILMS_EMPTY'],
    ['nothing to choose by', planOf(40), (p: ReturnType<typeof planOf>) => p.parts.fill(0), 'PART_WITHOUT_BOTH'],
  ])('refuses %s', async (_, plan, spoil, code) => {
    spoil(plan);
    expect(problemOf(await fit(engine, plan, {}).catch((error: unknown) => error))).toMatchObject([code, {}]);
  });
});

describe('a balanced order', () => {
  it('has every film, and one of each class in every two', () => {
    const labels = Uint8Array.from({ length: 40 }, (_, film) => (film % 5 === 0 ? 1 : 0));
    const places = Uint32Array.from({ length: 33 }, (_, film) => film + 2);
    const order = balancedOrder(places, labels, random(1));
    expect(new Set(order)).toEqual(new Set(places));
    const counts = Map.groupBy(order, (place) => place);
    const times = (label: number) => [...counts].filter(([p]) => labels[p] === label).map(([, all]) => all.length);
    expect(new Set(times(0))).toEqual(new Set([1]));
    expect(Math.max(...times(1)) - Math.min(...times(1))).toBeLessThanOrEqual(1);
    for (let pair = 0; pair < order.length; pair += 2) {
      expect(labels[order[pair]!]! + labels[order[pair + 1]!]!).toBe(1);
    }
    expect([...balancedOrder(places, labels, random(1))]).toEqual([...order]);
    expect([...balancedOrder(places, labels, random(2))]).not.toEqual([...order]);
  });

  it('is none of one class', () => {
    const order = balancedOrder(Uint32Array.of(3, 4), new Uint8Array(9), random(1));
    expect([...new Set(order)].every((place) => [3, 4].includes(place))).toBe(true);
  });
});
