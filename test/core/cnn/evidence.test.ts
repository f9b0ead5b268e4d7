import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SymbolicTensor, Tensor4D } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { boxOfHalf } from '#core/cnn/evidence-box.ts';
import type { Box } from '#api/box.ts';
import { explain } from '#core/cnn/explain.ts';
import { fit } from '#core/cnn/fit.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { predict } from '#core/cnn/predict.ts';
import { fieldOf, placeCells } from '#core/cnn/receptive-field.ts';
import { gapsOf, planOf } from './films.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('auto');
});

describe('boxOfHalf', () => {
  const sumIn = (heat: Uint8Array, size: number, { x, y, width, height }: Box) => {
    let sum = 0;
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) sum += heat[row * size + column]!;
    }
    return sum;
  };

  it('is the smallest box that holds half, of equals the fullest', () => {
    const grids = fc
      .integer({ min: 1, max: 7 })
      .chain((size) =>
        fc.tuple(fc.constant(size), fc.uint8Array({ minLength: size * size, maxLength: size * size, max: 9 })),
      );
    fc.assert(
      fc.property(grids, ([size, heat]) => {
        const total = heat.reduce((a, b) => a + b, 0);
        const box = boxOfHalf(heat, size);
        if (total === 0) {
          expect(box).toBeNull();
          return;
        }
        const every: Box[] = [];
        for (let y = 0; y < size; y++)
          for (let x = 0; x < size; x++)
            for (let height = 1; y + height <= size; height++)
              for (let width = 1; x + width <= size; width++) every.push({ x, y, width, height });
        const enough = every.filter((one) => sumIn(heat, size, one) >= total / 2);
        const smallest = Math.min(...enough.map(({ width, height }) => width * height));
        const fullest = Math.max(
          ...enough.filter((b) => b.width * b.height === smallest).map((b) => sumIn(heat, size, b)),
        );
        expect(box!.width * box!.height).toBe(smallest);
        expect(sumIn(heat, size, box!)).toBe(fullest);
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});

describe('fieldOf', () => {
  it.each([
    [28, 3],
    [64, 5],
  ] as const)('agrees with what a cell at %i px, kernel %i, really answers to', (size, kernel) => {
    const { tf } = engine;
    const network = buildNetwork(tf, runSettings.parse({ size, kernel, activation: 'tanh', slope: 2 }));
    const last = network.layers.findLastIndex((layer) => layer.getClassName() === 'Conv2D');
    const field = fieldOf(network.layers[last]!.output as SymbolicTensor);
    const maps = tf.model({ inputs: network.inputs, outputs: network.layers[last]!.output as never });
    const cell = 1;
    // What the cell sees has a gradient: with max pooling one film shows a part of it, forty show all.
    const seen = tf.tidy(() => {
      const films = tf.randomNormal([40, size, size, 1], 0, 1, 'float32', 1);
      const answer = tf.grad((x) => (maps.apply(x) as Tensor4D).slice([0, cell, cell, 0], [40, 1, 1, 64]).sum())(films);
      return answer.abs().max([0, 2, 3]).dataSync();
    });
    const rows = [...seen].flatMap((value, row) => (value > 0 ? [row] : []));
    const middle = field.first + cell * field.step;
    expect(rows[0]).toBe(middle - field.reach + 0.5);
    expect(rows.at(-1)).toBe(middle + field.reach - 0.5);
  });

  it.each([
    ['resnet', 2],
    ['vgg', 3],
    ['googlenet', 1],
  ] as const)('takes the farthest way where there are several: %s', (preset, depth) => {
    const { tf } = engine;
    const size = 64;
    const network = buildNetwork(tf, runSettings.parse({ preset, size, depth, activation: 'tanh' }));
    const place = network.layers.findLastIndex(
      ({ outputShape, name }) => outputShape.length === 4 && !/pool/.test(name),
    );
    const output = network.layers[place]!.output as SymbolicTensor;
    const { first, step, reach } = fieldOf(output);
    const maps = tf.model({ inputs: network.inputs, outputs: output });
    const cell = Math.floor(output.shape[1]! / 2);
    const seen = tf.tidy(() => {
      const films = tf.randomNormal([30, size, size, 1], 0, 1, 'float32', 1);
      const answer = tf.grad((x) => (maps.apply(x) as Tensor4D).slice([0, cell, cell, 0], [30, 1, 1, -1]).sum())(films);
      return answer.abs().max([0, 2, 3]).dataSync();
    });
    network.dispose();
    const rows = [...seen].flatMap((value, row) => (value > 0 ? [row] : []));
    const middle = first + cell * step;
    expect(rows[0]).toBe(Math.max(0, middle - reach + 0.5));
    expect(rows.at(-1)).toBe(Math.min(size - 1, middle + reach - 0.5));
  });

  it('knows "same" padding', () => {
    const { tf } = engine;
    const network = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [16, 16, 1], filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
        tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same' }),
      ],
    });
    // TensorFlow pads 16 px for stride 2 and kernel 3 by one row behind: the first cell sees rows 0 to 2.
    expect(fieldOf(network.outputs[0]!)).toEqual({ first: 1, step: 2, reach: 3.5 });
  });

  it('places cells where they see', () => {
    const placed = placeCells([0, 0, 0, 1], 2, { first: 2, step: 4, reach: 3 }, 10);
    expect(placed[6 * 10 + 6]).toBe(1);
    expect(placed[6 * 10 + 4]).toBe(0.5);
    expect(placed[2 * 10 + 6]).toBe(0);
    expect(placed[6 * 10 + 9]).toBe(0);
    expect(placed.indexOf(Math.max(...placed))).toBe(66);
  });
});

describe('explain', () => {
  it('shows the break of films that are broken, and answers as predict does', async () => {
    const plan = planOf(240, { epochs: 5, seed: 2 });
    const { model, normalisation } = await fit(engine, plan, {});
    const answers = predict(engine.tf, model, normalisation, plan.pixels, 28, false);
    const before = engine.tf.memory().numTensors;
    const gaps = gapsOf(240, 28, 2);
    let [asked, held, area] = [0, 0, 0];
    for (let film = 1; film < 240; film += 2) {
      if (plan.parts[film] === 0) continue;
      const pixels = plan.pixels.subarray(film * 784, (film + 1) * 784);
      const { probability, heat, gridSize, layerSize, box } = explain(engine.tf, model, normalisation, pixels, 28);
      expect(probability).toBeCloseTo(answers[film]!, 5);
      expect([heat.length, gridSize, layerSize, Math.max(...heat)]).toEqual([784, 28, 3, 255]);
      const { x, y } = gaps[film]!;
      asked++;
      area += (box!.width * box!.height) / 784;
      if (x >= box!.x && x < box!.x + box!.width && y >= box!.y && y < box!.y + box!.height) held++;
    }
    expect(held / asked).toBeGreaterThan(0.85);
    expect(area / asked).toBeLessThan(0.3);
    expect(engine.tf.memory().numTensors).toBe(before);
  });

  it('has no box where nothing speaks for a fracture', () => {
    const { tf } = engine;
    const network = buildNetwork(tf, runSettings.parse({}));
    network.setWeights(network.getWeights().map((weight) => tf.zerosLike(weight)));
    const nothing = explain(tf, network, { mean: 0.5, deviation: 0.2 }, new Uint8Array(784).fill(90), 28);
    expect(nothing).toMatchObject({ probability: 0.5, box: null });
    expect(nothing.heat.every((value) => value === 0)).toBe(true);
  });
});
