// Looking inside a network: the arithmetic shown for a unit is the network's own, a unit sees no farther than is said,
// curves and derivatives are those of the functions, and a slice of the loss goes through the trained network.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSettings } from '#api/runs.ts';
import type { RunSettings } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { learnGuard } from '#core/cnn/guard.ts';
import { activationCurves, binned } from '#core/cnn/inspect/curves.ts';
import { everyLayer } from '#core/cnn/inspect/layers.ts';
import { mapsOf, sheetOf } from '#core/cnn/inspect/maps.ts';
import { filterwise, placesAlong, sliceLoss } from '#core/cnn/inspect/slice.ts';
import type { SliceOrder } from '#core/cnn/inspect/slice.ts';
import { unitOf } from '#core/cnn/inspect/unit.ts';
import { logistic } from '#core/cnn/loss.ts';
import { loadModel, saveModel } from '#core/cnn/model-files.ts';
import type { LoadedModel } from '#core/cnn/model-files.ts';
import { buildNetwork, presets } from '#core/cnn/networks/index.ts';
import { predict } from '#core/cnn/predict.ts';
import { random } from '#core/random.ts';
import { drawFilms } from './films.ts';

let engine: Engine;
let home: string;
beforeAll(async () => {
  engine = await loadEngine('auto');
  home = mkdtempSync(path.join(os.tmpdir(), 'osteon-inspect-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const SIZE = 28;
const normalisation = { mean: 0.3, deviation: 0.2 };

/** A network whose offsets and moving averages are no longer the first ones: they count too. */
function opened(settings: Partial<RunSettings>): LoadedModel {
  const full = runSettings.parse({ size: SIZE, ...settings });
  const model = buildNetwork(engine.tf, full);
  const { normal } = random(5);
  const moved = model.getWeights().map((weight) => {
    const offset = weight.shape.length === 1;
    const values = weight.dataSync().map((value) => (offset ? value + 0.1 * Math.abs(normal()) : value));
    return engine.tf.tensor(values, weight.shape);
  });
  model.setWeights(moved);
  engine.tf.dispose(moved);
  return { model, card: { settings: full, normalisation } } as LoadedModel;
}

const film = () => drawFilms(2, SIZE, 4).pixels.slice(0, SIZE * SIZE);
const near = (value: number) => 1e-4 * Math.max(1, Math.abs(value));

describe.each(presets.map(({ name }) => name))('%s', (preset) => {
  it('comes to the value of each unit by what is shown: weights, windows, sums and the activation after it', () => {
    const loaded = opened({ preset });
    const { below } = random(11);
    for (const { index, shape } of everyLayer(loaded.model)) {
      const [height = 1, width = 1, channels = 1] = shape.length === 3 ? shape : [1, 1, shape[0]];
      for (let i = 0; i < 2; i++) {
        const place = { row: below(height), column: below(width), channel: below(channels) };
        const unit = unitOf(engine.tf, loaded, film(), index, place);
        const [said] = mapsOf(engine.tf, loaded, film(), index).values?.slice(place.channel) ?? [unit.value];
        expect(said).toBe(unit.value);
        const own = unit.steps.filter(({ name }) => !name.startsWith('then '));
        const where = `layer ${index}, ${JSON.stringify(place)}`;
        expect(Math.abs((own.at(-1)?.value ?? NaN) - unit.value), where).toBeLessThan(near(unit.value));
        const listed = unit.groups.reduce((sum, group) => sum + group.sum, unit.rest?.sum ?? 0);
        const products = own.find(({ name }) => name === 'sum of all products');
        if (products) expect(Math.abs(products.value - listed), where).toBeLessThan(near(listed));
        for (const { inputs, weights, sum } of products ? unit.groups : []) {
          const again = inputs.reduce<number>((all, input, at) => all + (input ?? 0) * (weights?.[at] ?? NaN), 0);
          expect(Math.abs(again - sum), where).toBeLessThan(near(sum));
        }
        const then = unit.steps.find(({ name }) => name.startsWith('then ReLU'));
        if (then) expect(then.value).toBeCloseTo(Math.max(0, unit.value), 5);
      }
    }
    loaded.model.dispose();
  });
});

it.each(['paper', 'resnet', 'vgg', 'googlenet'])(
  'a unit of %s is moved by no pixel outside what it sees, and by some inside',
  (preset) => {
    const loaded = opened({ preset });
    const layers = everyLayer(loaded.model).filter(({ shape }) => shape.length === 3 && (shape[0] ?? 0) > 1);
    const { below } = random(3);
    for (const { index, shape, words } of layers.slice(1)) {
      const place = { row: below(shape[0]!), column: below(shape[1]!), channel: below(shape[2]!) };
      const before = unitOf(engine.tf, loaded, film(), index, place);
      const { x, y, width, height } = before.sees;
      const outside = film().map((grey, at) => {
        const [column, row] = [(at % SIZE) + 0.5, Math.floor(at / SIZE) + 0.5];
        return column > x && column < x + width && row > y && row < y + height ? grey : 255 - grey;
      });
      const after = unitOf(engine.tf, loaded, outside, index, place);
      expect(Math.abs(after.value - before.value), `${words} ${index}`).toBeLessThan(near(before.value));
    }
    const last = layers.find(({ words }) => words.startsWith('Convolution'))!;
    const place = { row: 3, column: 4, channel: 0 };
    const { sees, value } = unitOf(engine.tf, loaded, film(), last.index, place);
    const inside = film();
    inside[Math.floor(sees.y + sees.height / 2) * SIZE + Math.floor(sees.x + sees.width / 2)] = 255;
    expect(unitOf(engine.tf, loaded, inside, last.index, place).value).not.toBe(value);
    loaded.model.dispose();
  },
);

it('names the unit that is not there, and the layer', () => {
  const loaded = opened({ preset: 'paper' });
  const ask = (layer: number, channel: number) => () =>
    unitOf(engine.tf, loaded, film(), layer, { row: 0, column: 0, channel });
  expect(ask(99, 0)).toThrowError(/layers 0 to 13, not 99/);
  expect(ask(1, 32)).toThrowError(/32 channels of 26 × 26, and no unit 32/);
  loaded.model.dispose();
});

it('leaves no tensor behind', () => {
  const loaded = opened({ preset: 'osteon' });
  const before = engine.tf.memory().numTensors;
  const last = loaded.model.layers.length - 1;
  mapsOf(engine.tf, loaded, film(), last);
  mapsOf(engine.tf, loaded, film(), 0);
  unitOf(engine.tf, loaded, film(), 1, { row: 0, column: 0, channel: 0 });
  activationCurves(engine.tf, loaded.model, { loaded, pixels: film() });
  expect(engine.tf.memory().numTensors).toBe(before);
  loaded.model.dispose();
});

it('stretches each map over its own range, side by side, and leaves an even one black', () => {
  // Two cells of three channels: 0 to 10, -4 to -2, 7 and 7.
  const values = [0, -4, 7, 10, -2, 7];
  const ranges: [number, number][] = [
    [0, 10],
    [-4, -2],
    [7, 7],
  ];
  const { picture, columns } = sheetOf(values, [1, 2, 3], ranges);
  expect([columns, picture.width, picture.height]).toEqual([2, 4, 2]);
  expect([...picture.pixels]).toEqual([0, 255, 0, 255, 0, 0, 0, 0]);
});

it('draws each function with its derivative, and counts the values of the film', () => {
  const functions = {
    relu: [(x: number) => Math.max(0, x), (x: number) => (x > 0 ? 1 : 0)],
    logistic: [(x: number) => logistic(2 * x), (x: number) => 2 * logistic(2 * x) * (1 - logistic(2 * x))],
    tanh: [(x: number) => Math.tanh(x / 2), (x: number) => (1 - Math.tanh(x / 2) ** 2) / 2],
    step: [(x: number) => (x > 0 ? 1 : 0), (x: number) => (Math.abs(x) <= 1 ? 1 : 0)],
  } as const;
  for (const [activation, [value, slope]] of Object.entries(functions)) {
    const loaded = opened({ preset: 'paper', activation: activation as keyof typeof functions, slope: 2 });
    const [curve, answer] = activationCurves(engine.tf, loaded.model, { loaded, pixels: film() });
    expect(answer?.name).toBe('logistic, 1 / (1 + exp(−x))');
    for (const [at, x] of curve!.x.entries()) {
      if (activation === 'step' && Math.abs(Math.abs(x) - 1) < 1e-3) continue;
      expect(curve!.y[at], `${activation} at ${x}`).toBeCloseTo(value(x), 4);
      if (x !== 0) expect(curve!.derivative[at], `${activation}' at ${x}`).toBeCloseTo(slope(x), 4);
    }
    const { count, bins, below, above } = curve!.values!;
    expect(bins.reduce((sum, bin) => sum + bin, below + above)).toBe(count);
    expect(count).toBe(26 * 26 * 32 + 11 * 11 * 64 + 3 * 3 * 64 + 64);
    loaded.model.dispose();
  }
  expect(binned(Float32Array.of(-5, -4, 0, 4, 9), 4)).toMatchObject({ count: 5, below: 1, above: 1 });
});

describe('a slice of the loss', () => {
  it('goes along filters as long as the trained ones, and leaves offsets alone', () => {
    const { normal } = random(2);
    const values = Float32Array.from({ length: 3 * 3 * 2 * 4 }, () => normal());
    const direction = filterwise(values, [3, 3, 2, 4], normal);
    const length = (of: Float32Array, filter: number) => Math.hypot(...[...of].filter((_, at) => at % 4 === filter));
    for (const filter of [0, 1, 2, 3]) expect(length(direction, filter)).toBeCloseTo(length(values, filter), 4);
    expect(direction).not.toEqual(values);
    expect([...filterwise(values.slice(0, 4), [4], normal)]).toEqual([0, 0, 0, 0]);
    expect(placesAlong(5, 1)).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('has the trained network in its middle, is the same from the same seed, and stops when it is asked to', async () => {
    const { pixels, labels } = drawFilms(24, SIZE, 7);
    const { model } = opened({ preset: 'paper' });
    const folder = path.join(home, 'model');
    const guard = learnGuard(pixels, SIZE, [...labels.keys()], new Float32Array(24));
    const settings = runSettings.parse({ size: SIZE });
    const card = { settings, preprocess: 1, normalisation, threshold: 0.5, cannotTell: null, guard };
    const rest = { films: 24, bestEpoch: 1, sureness: 1, engine: 'test' };
    const cardSha256 = await saveModel(engine.tf, folder, model, { ...card, ...rest });
    const order: SliceOrder = {
      modelFolder: folder,
      cardSha256,
      pixels,
      labels,
      directions: 2,
      points: 3,
      reach: 1,
      seed: 1,
    };
    const told: number[] = [];
    const hooks = { onPoint: (done: number) => told.push(done), signal: new AbortController().signal };
    const sliced = await sliceLoss(engine, order, hooks);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sliced.at).toEqual([-1, 0, 1]);
    const answers = predict(engine.tf, model, normalisation, pixels, SIZE, false);
    const losses = [...answers].map((answer, i) => -Math.log(labels[i] === 1 ? answer : 1 - answer));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 24;
    expect(sliced.trained).toBeCloseTo(mean, 4);
    expect(sliced.loss[1]?.[1]).toBe(sliced.trained);
    expect(new Set(sliced.loss.flat()).size).toBe(9);
    expect(await sliceLoss(engine, order, hooks)).toEqual(sliced);
    expect((await sliceLoss(engine, { ...order, seed: 2 }, hooks)).loss[0]).not.toEqual(sliced.loss[0]);
    const along = await sliceLoss(engine, { ...order, directions: 1 }, hooks);
    expect(along.loss).toEqual([sliced.loss[1]]);

    const abort = new AbortController();
    const stopped = sliceLoss(engine, order, { onPoint: (done) => done === 4 && abort.abort(), signal: abort.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    // What was saved answers as before.
    const kept = loadModel(engine.tf, folder, cardSha256);
    expect(predict(engine.tf, kept.model, normalisation, pixels, SIZE, false)).toEqual(answers);
    kept.model.dispose();
    model.dispose();
  });
});

it('knows functions that stand in a layer of their own, and those that a layer applies by itself', () => {
  const { tf } = engine;
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [SIZE, SIZE, 1], filters: 2, kernelSize: 3, activation: 'tanh' }),
      layers.leakyReLU({ alpha: 0.25 }),
      layers.elu({}),
      layers.flatten(),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  const card = { settings: runSettings.parse({ size: SIZE }), normalisation };
  const loaded = { model, card } as unknown as LoadedModel;
  const curves = activationCurves(tf, model, { loaded, pixels: film() });
  expect(curves.map(({ name }) => name.split(',')[0])).toEqual(['tanh(x)', 'leaky ReLU', 'ELU', 'logistic']);
  expect(curves.map(({ values }) => values?.count ?? null)).toEqual([null, 26 * 26 * 2, 26 * 26 * 2, null]);
  const at = (curve: number, x: number) => curves[curve]!.y[curves[curve]!.x.indexOf(x)];
  expect([at(0, 4), at(1, -4), at(2, -4)].map((y) => y?.toFixed(4))).toEqual(['0.9993', '-1.0000', '-0.9817']);
  const { steps } = unitOf(tf, loaded, film(), 0, { row: 5, column: 5, channel: 1 });
  const [sum, shown, then] = ['sum with its offset', 'tanh(x)', 'then leaky ReLU'].map(
    (name) => steps.find((step) => step.name.startsWith(name))!.value,
  );
  expect(shown).toBeCloseTo(Math.tanh(sum!), 5);
  expect(then).toBeCloseTo(shown! > 0 ? shown! : shown! / 4, 5);
  model.dispose();
});

it('names the place in its maps of what a dense layer takes from a flattened one', () => {
  const loaded = opened({ preset: 'paper' });
  const layers = everyLayer(loaded.model);
  const index = (name: string) => layers.find((layer) => layer.name === name)!.index;
  const { groups } = unitOf(engine.tf, loaded, film(), index('dense'), { row: 0, column: 0, channel: 3 });
  const [, channel, row, column] = /^channel (\d+), row (\d+), column (\d+) of conv3_activation$/.exec(
    groups[0]!.name,
  )!;
  const place = { channel: Number(channel), row: Number(row), column: Number(column) };
  const source = unitOf(engine.tf, loaded, film(), index('conv3_activation'), place);
  expect(source.value).toBe(groups[0]!.inputs[0]);
  expect(source.value).not.toBe(0);
  loaded.model.dispose();
});
