import { beforeAll, describe, expect, it } from 'vitest';
import type { SymbolicTensor } from '@tensorflow/tfjs';
import { drawPlacement, placeFilm } from '#core/cnn/augment.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { fit } from '#core/cnn/fit.ts';
import { fitGraph } from '#core/cnn/graph/fit-graph.ts';
import { boxMap, mapGradient, mapLayer, markMaps, placeMap } from '#core/cnn/marks.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';
import { random } from '#core/random.ts';
import { gapsOf, planOf } from './films.ts';
import { byGraph, byLayers, distance, plain, randomFilms } from './graph/compare.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('graph');
});

/** A plan whose broken films carry a box around the break, but for every third. */
function markedPlan(settings: Parameters<typeof planOf>[1] = {}, count = 60): TrainingPlan {
  const plan = planOf(count, { preset: 'osteon', size: 32, depth: 2, width: 4, marks: true, ...settings });
  const { size, seed } = plan.settings;
  const boxes = gapsOf(count, size, seed).map(({ x, y }, film) =>
    film % 2 === 1 && film % 3 > 0 ? [{ x: x - 4, y: y - 3, width: 8, height: 6 }] : [],
  );
  return { ...plan, boxes };
}

describe('a box on a map', () => {
  it('fills the cells it covers, its share of those it touches, and one cell where it is smaller than that', () => {
    expect([...boxMap([{ x: 0, y: 8, width: 16, height: 12 }], 32, 4)]).toEqual([
      ...[0, 0, 0, 0],
      ...[1, 1, 0, 0],
      ...[0.5, 0.5, 0, 0],
      ...[0, 0, 0, 0],
    ]);
    expect([...boxMap([{ x: 25, y: 1, width: 2, height: 2 }], 32, 2)]).toEqual([0, 1, 0, 0]);
    expect([...boxMap([], 32, 2)]).toEqual([0, 0, 0, 0]);
  });

  it('teaches where it is, whole films that there is nothing, and a fracture without a box nothing', () => {
    const plan = markedPlan();
    const { targets, weights } = markMaps(plan, 8);
    plan.labels.forEach((label, film) => {
      const marked = plan.boxes![film]!.length > 0;
      expect(weights[film]! > 0).toBe(label === 0 || marked);
      expect(targets.subarray(film * 64, (film + 1) * 64).some((value) => value > 0)).toBe(marked);
    });
    const unknown = plan.labels.findIndex((label, film) => label === 1 && weights[film] === 0);
    expect(unknown).toBeGreaterThan(0);
    expect([...mapGradient([3, -3], [0, 1], [0, 0])].every((value) => value === 0)).toBe(true);
    expect(mapGradient([3, -3], [0, 1], [1, 1]).map(Math.sign)).toEqual(Float32Array.of(1, -1));
  });

  it('moves as the pixels under it move', () => {
    const [size, side, cell] = [64, 8, 8];
    const film = new Uint8Array(size * size);
    for (let at = 0; at < film.length; at++) {
      const [x, y] = [at % size, Math.floor(at / size)];
      if (x >= 40 && x < 56 && y >= 16 && y < 24) film[at] = 255;
    }
    const map = boxMap([{ x: 40, y: 16, width: 16, height: 8 }], size, side);
    const middleOf = (values: ArrayLike<number>, width: number) => {
      let [sum, x, y] = [0, 0, 0];
      for (let at = 0; at < values.length; at++) {
        const value = values[at]!;
        sum += value;
        x += value * ((at % width) + 0.5);
        y += value * (Math.floor(at / width) + 0.5);
      }
      return [x / sum / width, y / sum / width];
    };
    const generator = random(4, 4);
    for (let times = 0; times < 20; times++) {
      const placement = drawPlacement(generator, size, { augmentation: true, mirror: true, tones: false });
      const [pixels, moved] = [new Float32Array(size * size), new Float32Array(side * side)];
      placeFilm(film, size, placement, pixels, 0, 1, 0);
      placeMap(map, size, side, placement, moved, 0);
      const [a, b] = [middleOf(pixels, size), middleOf(moved, side)];
      expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!) * size).toBeLessThan(cell / 4);
    }
  });
});

describe('a network with a map', () => {
  it('has the gradients and moves the weights that automatic differentiation gives', () => {
    const { tf } = engine;
    const input = tf.input({ shape: [8, 8, 1] });
    const body = tf.layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' });
    const maps = body.apply(input) as SymbolicTensor;
    const map = tf.layers.conv2d({ name: mapLayer, filters: 1, kernelSize: 1 }).apply(maps) as SymbolicTensor;
    const strongest = tf.layers.globalMaxPooling2d({}).apply(map) as SymbolicTensor;
    const means = tf.layers.globalAveragePooling2d({}).apply(maps) as SymbolicTensor;
    const joined = tf.layers.concatenate().apply([means, strongest]) as SymbolicTensor;
    const logit = tf.layers.dense({ units: 1 }).apply(joined);
    const outputs = tf.layers.activation({ activation: 'sigmoid' }).apply(logit) as SymbolicTensor;
    const model = tf.model({ inputs: input, outputs });
    const draw = random(8, 1);
    const shown = {
      targets: Float32Array.from({ length: plain.films * 16 }, () => (draw.uniform() < 0.2 ? draw.uniform() : 0)),
      weights: Float32Array.from({ length: plain.films }, () => draw.below(3) / 2),
    };
    const films = { ...randomFilms(plain, 8), maps: shown };
    const start = model.getWeights().map((weight) => weight.clone());
    const graph = byGraph(tf, model, plain, films, 0.1);
    const layers = byLayers(tf, model, plain, films, 0.1);
    const apart = distance(graph, layers);
    expect(apart.worst, JSON.stringify(apart)).toBeLessThan(1);
    // The maps have a say: without them the weights go elsewhere.
    model.setWeights(start);
    const untaught = { ...films, maps: { ...shown, weights: new Float32Array(plain.films) } };
    expect(distance(graph, byGraph(tf, model, plain, untaught, 0.1)).gradients).toBeGreaterThan(10);
    model.dispose();
    tf.dispose(start);
  });

  it('is learned alike by both engines, turned, shifted and mirrored', async () => {
    const plan = markedPlan({
      epochs: 2,
      batch: 8,
      optimizer: 'sgd',
      learningRate: 0.05,
      augmentation: true,
      mirror: true,
      precision: 'float32',
    });
    const [byLayer, byStep] = [await fit(engine, plan, {}), await fitGraph(engine, plan, {})];
    byStep.curve.forEach((epoch, place) => {
      expect(Math.abs(epoch.loss - byLayer.curve[place]!.loss)).toBeLessThan(1e-3);
      expect(Math.abs(epoch.valLoss - byLayer.curve[place]!.valLoss)).toBeLessThan(1e-3);
    });
    const mapWeights = (fitted: typeof byStep) => fitted.model.getLayer(mapLayer).getWeights()[0]!.dataSync();
    const [a, b] = [mapWeights(byLayer), mapWeights(byStep)];
    a.forEach((value, at) => expect(Math.abs(value - b[at]!)).toBeLessThan(2e-3));
    const elsewhere = { ...plan, boxes: plan.boxes!.map((some) => some.map((box) => ({ ...box, x: 0, y: 0 }))) };
    const misled = await fitGraph(engine, elsewhere, {});
    expect(mapWeights(misled).some((value, at) => Math.abs(value - b[at]!) > 2e-3)).toBe(true);
    [byLayer, byStep, misled].forEach(({ model }) => model.dispose());
  });

  it('is osteon with marks; without, and in any other network, there is none', () => {
    const has = (marks: boolean) => {
      const network = buildNetwork(engine.tf, markedPlan({ marks }).settings);
      const found = network.layers.some(({ name }) => name === mapLayer);
      expect(network.outputs.map(({ shape }) => shape)).toEqual([[null, 1]]);
      network.dispose();
      return found;
    };
    expect([has(true), has(false)]).toEqual([true, false]);
    expect(() =>
      buildNetwork(engine.tf, { ...markedPlan().settings, preset: 'paper', depth: null, width: null }),
    ).toThrow('has no map that boxes could teach');
  });
});
