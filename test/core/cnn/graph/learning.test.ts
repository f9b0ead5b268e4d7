import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { losses } from '#core/cnn/graph/losses.ts';
import type { LossName } from '#core/cnn/graph/losses.ts';
import { times } from '#core/cnn/graph/ops.ts';
import { optimizers } from '#core/cnn/graph/optimizers.ts';
import type { OptimizerName } from '#core/cnn/graph/optimizers.ts';
import type { ProgramSettings } from '#core/cnn/graph/program.ts';
import { rules } from '#core/cnn/graph/rules/index.ts';
import type { RuleName } from '#core/cnn/graph/rules/index.ts';
import { random } from '#core/random.ts';
import { byGraph, byLayers, distance, openGraph, plain, randomFilms, stepFed, weightsIn } from './compare.ts';
import { networkAround, wires } from './networks.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('graph'));
});

const smooth = wires.Activation[5]!; // hyperbolic tangent

function apart(settings: ProgramSettings, learningRate: number, classes = 1, wrong: Partial<ProgramSettings> = {}) {
  const model = networkAround(tf, smooth, random(3), settings.size, classes);
  const films = randomFilms(settings, 3, Math.max(2, classes));
  const graph = byGraph(tf, model, { ...settings, ...wrong }, films, learningRate);
  const layers = byLayers(tf, model, settings, films, learningRate);
  model.dispose();
  return { ...distance(graph, layers), right: graph.right.every((count, step) => count === layers.right[step]) };
}

const rates: Record<OptimizerName, number> = {
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  rmsprop: 0.002,
  adam: 0.003,
  adamw: 0.003,
};
const optimizerNames = Object.keys(optimizers) as OptimizerName[];
const extras: Partial<ProgramSettings>[] = [
  {},
  { weightDecay: 0.01 },
  { clipNorm: 0.3, weightDecay: 0.02, averaging: 0.7 },
];

describe('an optimiser moves weights as the layers engine does', () => {
  it.each(optimizerNames.flatMap((optimizer) => extras.map((extra) => ({ optimizer, extra }))))(
    '$optimizer $extra',
    ({ optimizer, extra }) => {
      const found = apart({ ...plain, ...extra, optimizer }, rates[optimizer]);
      expect(found.worst, JSON.stringify(found)).toBeLessThan(1);
    },
  );

  it.each(optimizerNames)('%s going up the gradient is found', (optimizer) => {
    const rule = optimizers[optimizer];
    const wrong = {
      ...rule,
      apply: (...[g, weight, slots, gradient, figures]: Parameters<typeof rule.apply>) =>
        rule.apply(g, weight, slots, times(g, gradient, -1), figures),
    };
    expect(apart({ ...plain, optimizer }, rates[optimizer], 1, { optimizerRule: wrong }).weights).toBeGreaterThan(10);
  });

  it('a wrong decay, clip or average is found', () => {
    expect(apart({ ...plain, weightDecay: 0.01 }, 0.1, 1, { weightDecay: 0.02 }).weights).toBeGreaterThan(10);
    expect(apart({ ...plain, clipNorm: 0.3 }, 0.1, 1, { clipNorm: 0.4 }).weights).toBeGreaterThan(10);
    expect(apart({ ...plain, averaging: 0.7 }, 0.1, 1, { averaging: 0.6 }).weights).toBeGreaterThan(10);
  });
});

describe('a loss and its gradient equal tfjs', () => {
  const cases: { loss: LossName; classes: number; labelSmoothing: number }[] = [
    { loss: 'binary', classes: 1, labelSmoothing: 0 },
    { loss: 'binary', classes: 1, labelSmoothing: 0.2 },
    { loss: 'categorical', classes: 3, labelSmoothing: 0 },
    { loss: 'categorical', classes: 4, labelSmoothing: 0.1 },
  ];
  it.each(cases)('$loss, $classes units, smoothed by $labelSmoothing', ({ classes, labelSmoothing }) => {
    const found = apart({ ...plain, labelSmoothing }, 0.1, classes);
    expect(found.worst, JSON.stringify(found)).toBeLessThan(1);
    expect(found.right).toBe(true);
  });

  it.each(cases.filter(({ labelSmoothing }) => labelSmoothing > 0))(
    '$loss with a wrong sign is found',
    ({ loss, classes, labelSmoothing }) => {
      const wrong: ProgramSettings['lossRule'] = (g, input) => {
        const right = losses[loss](g, input);
        return { ...right, gradient: times(g, right.gradient, -1) };
      };
      const found = apart({ ...plain, labelSmoothing }, 0.1, classes, { lossRule: wrong });
      expect(Math.min(found.gradients, found.weights)).toBeGreaterThan(10);
    },
  );
});

describe('gradients are the slopes of the loss', () => {
  const names = (Object.keys(rules) as RuleName[]).map((name) => ({ name, wire: wires[name][0]! }));
  const dropping = { name: 'Dropout that drops', wire: wires.Dropout[1]! };
  // tfjs refuses the gradient of a dilated convolution, so slopes are the only judge.
  const dilated = {
    name: 'Conv2D, dilated',
    wire: ((_, x) => tf.layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2 }).apply(x)) as typeof smooth,
  };
  it.each([...names, dropping, dilated])('through $name', ({ wire }) => {
    const model = networkAround(tf, wire, random(5), plain.size);
    const session = openGraph(tf, model, plain, randomFilms(plain, 5));
    try {
      const places = Int32Array.from({ length: 12 }, (_, film) => film);
      const lossAt = (weights: Float32Array[]) => {
        session.run(
          'restore',
          named(
            weights,
            model.weights.map(({ shape }) => shape as number[]),
          ),
        );
        return session.run('step', stepFed(0, places, 0))['losses']?.values[0] ?? Number.NaN;
      };
      const run = session.run('step', stepFed(0, places, 0));
      const at = weightsIn(session, model.weights.length);
      const gradients = at.map((weights, place) => run[`gradient${place}`]?.values ?? weights.map(() => 0));
      const length = Math.sqrt(
        gradients.reduce((sum, one) => sum + [...one].reduce((all, value) => all + value * value, 0), 0),
      );
      const moved = (by: number) =>
        at.map((weights, place) => weights.map((w, i) => w + (by * (gradients[place]?.[i] ?? 0)) / length));
      const step = 0.004;
      const slope = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
      expect(length).toBeGreaterThan(0.01);
      expect(Math.abs(slope / length - 1)).toBeLessThan(0.03);
    } finally {
      session.close();
      model.dispose();
    }
  });
});

const named = (weights: Float32Array[], shapes: number[][]) =>
  Object.fromEntries(weights.map((values, place) => [`weight${place}`, { values, shape: shapes[place] ?? [] }]));
