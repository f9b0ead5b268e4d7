import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LayersModel } from '@tensorflow/tfjs';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { times } from '#core/cnn/graph/ops.ts';
import { rules } from '#core/cnn/graph/rules/index.ts';
import type { RuleName } from '#core/cnn/graph/rules/index.ts';
import type { Rule } from '#core/cnn/graph/rules/rule.ts';
import { random } from '#core/random.ts';
import { byGraph, byLayers, distance, plain, randomFilms } from './compare.ts';
import { networkAround, wires } from './networks.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('graph'));
});

const learningRate = 0.02;
const names = Object.keys(rules) as RuleName[];
const settingsFor = (draw: ReturnType<typeof random>) => ({ ...plain, size: 6 + draw.below(5) });

/** A rule whose gradients by the inputs, or by the weights, have the wrong sign. */
const flipped =
  (rule: Rule, what: 'inputs' | 'weights'): Rule =>
  (c, use) => {
    const { output, backward } = rule(c, use);
    const wrong = (dy: Parameters<typeof backward>[0]) => {
      const { inputs, weights } = backward(dy);
      if (what === 'inputs') return { inputs: inputs.map((x) => x && times(c.g, x, -1)), weights };
      return {
        inputs,
        weights: weights.map(({ weight, gradient }) => ({ weight, gradient: times(c.g, gradient, -1) })),
      };
    };
    return { output, backward: wrong };
  };

function apart(model: LayersModel, settings: typeof plain, seed: number) {
  const films = randomFilms(settings, seed);
  const graph = byGraph(tf, model, settings, films, learningRate);
  const layers = byLayers(tf, model, settings, films, learningRate);
  model.dispose();
  return distance(graph, layers);
}

const cases = names
  .flatMap((name) => wires[name].map((wire, way) => ({ name, wire, way })))
  .filter(({ name, way }) => !(name === 'Dropout' && way === 1));

describe('learning through a layer equals tfjs', () => {
  it.each(cases)('$name, way $way', ({ wire }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const draw = random(seed);
        const settings = settingsFor(draw);
        const found = apart(networkAround(tf, wire, draw, settings.size), settings, seed);
        expect(found.worst, JSON.stringify(found)).toBeLessThan(1);
      }),
      { numRuns: 2 },
    );
  });
});

describe('the comparison finds a rule with a wrong sign', () => {
  it.each(names.map((name) => ({ name })))('$name', ({ name }) => {
    for (const what of ['inputs', 'weights'] as const) {
      const hasWeights = /Conv2D$|Dense|BatchNormalization/.test(name);
      if (what === 'weights' && !hasWeights) continue;
      const wire = wires[name][0]!;
      const wrong = { ...rules, [name]: flipped(rules[name], what) };
      const found = apart(networkAround(tf, wire, random(1), plain.size), { ...plain, rules: wrong }, 1);
      expect(found.gradients, what).toBeGreaterThan(10);
      expect(found.weights, what).toBeGreaterThan(10);
    }
  });
});
