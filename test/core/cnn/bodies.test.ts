// Pretrained bodies: they give what the network they come from gives, are learned on without being changed, and learn on
// where that is wanted, whichever engine does it.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greyRange } from '#api/networks.ts';
import type { RunSettings } from '#api/runs.ts';
import { bodyGrey, loadBody } from '#core/cnn/bodies/body-files.ts';
import { importBody } from '#core/cnn/bodies/import-body.ts';
import type { BodyOrder } from '#core/cnn/bodies/import-body.ts';
import { trainOnBody } from '#core/cnn/bodies/train-on-body.ts';
import type { BodyOfFilms } from '#core/cnn/bodies/train-on-body.ts';
import { openWithHead } from '#core/cnn/bodies/with-head.ts';
import { placesOf } from '#core/cnn/check-plan.ts';
import type { Checkpoint } from '#core/cnn/checkpoint.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { logitsOf, predictLogits } from '#core/cnn/predict.ts';
import { train } from '#core/cnn/train.ts';
import { drawFilms, planOf } from './films.ts';
import { savedModel } from './foreign.ts';

let engine: Engine;
let home: string;
let made = 0;
beforeAll(async () => {
  engine = await loadEngine('auto');
  home = mkdtempSync(join(os.tmpdir(), 'osteon-bodies-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const SIZE = 28;

/** A small network of the kinds of layers MobileNet, ResNet and DenseNet are made of, and the layer it pools with. */
function like(
  channels: number,
  end: (x: SymbolicTensor) => SymbolicTensor = pooledTo(5),
  side: number | null = SIZE,
): LayersModel {
  const { layers, input, model } = engine.tf;
  const film = input({ shape: [side, side, channels], name: 'film' });
  let x = layers.zeroPadding2d({ padding: [[0, 1], [0, 1]] }).apply(film); // prettier-ignore
  x = layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false }).apply(x);
  x = layers.batchNormalization({ name: 'steady' }).apply(x);
  x = layers.reLU({ maxValue: 6 }).apply(x) as SymbolicTensor;
  let y = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(x);
  y = layers.batchNormalization({}).apply(y) as SymbolicTensor;
  x = layers.add().apply([x, y]) as SymbolicTensor;
  const narrow = layers.conv2d({ filters: 4, kernelSize: 1, activation: 'relu' }).apply(x) as SymbolicTensor;
  x = layers.concatenate().apply([x, narrow]) as SymbolicTensor;
  const made = model({ inputs: film, outputs: end(x) });
  // As if it had learned: averages that are none a fresh network has.
  for (const layer of made.layers.filter((one) => one.getClassName() === 'BatchNormalization')) {
    const values = layer
      .getWeights()
      .map((weight, at) => engine.tf.randomUniform(weight.shape, 0.5, 1.5, 'float32', at));
    layer.setWeights(values);
  }
  return made;
}

const pooledTo = (units: number) => (x: SymbolicTensor) => {
  const { layers } = engine.tf;
  const pooled = layers.globalAveragePooling2d({ name: 'pool' }).apply(x);
  return layers.dense({ units, activation: 'softmax' }).apply(layers.dropout({ rate: 0.5 }).apply(pooled)) as SymbolicTensor; // prettier-ignore
};

async function order(model: LayersModel, more: Partial<BodyOrder> = {}): Promise<BodyOrder> {
  const number = ++made;
  const foreign = await savedModel(model, join(home, `given-${number}`));
  return { ...foreign, range: null, size: null, folder: join(home, `body-${number}`), ...more };
}

/** Takes a model in and gives what a training is told about it. */
async function takenIn(model: LayersModel, more: Partial<BodyOrder> = {}) {
  const given = await order(model, more);
  const imported = await importBody(engine.tf, given);
  return { ...imported, name: 'test', folder: given.folder };
}

const values = (model: LayersModel) => model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));

/** What its layers say to films whose grey is given as it takes it, three times where it takes colours. */
function own(
  model: LayersModel,
  layer: string,
  channels: number,
  pixels: Uint8Array,
  grey: (v: number, c: number) => number,
) {
  const { tf } = engine;
  const films = Float32Array.from({ length: pixels.length * channels }, (_, at) =>
    grey(pixels[Math.floor(at / channels)]! / 255, at % channels),
  );
  const input = tf.tensor4d(films, [pixels.length / SIZE ** 2, SIZE, SIZE, channels]);
  const until = tf.model({ inputs: model.inputs, outputs: model.getLayer(layer).output as SymbolicTensor });
  return (until.predict(input) as Tensor).dataSync();
}

/** As written down by Keras (preprocess_input), channel by channel. */
const asKeras: Record<(typeof greyRange.options)[number], (v: number, c: number) => number> = {
  '0..1': (v) => v,
  '-1..1': (v) => (255 * v) / 127.5 - 1,
  '0..255': (v) => 255 * v,
  imagenet: (v, c) => (v - [0.485, 0.456, 0.406][c]!) / [0.229, 0.224, 0.225][c]!,
  'imagenet-bgr': (v, c) => 255 * v - [103.939, 116.779, 123.68][c]!,
};

describe('a body', () => {
  it.each(greyRange.options)('gives the features of the network it comes from, three channels of %s', async (range) => {
    const { tf } = engine;
    const model = like(3);
    const { pixels } = drawFilms(4, SIZE, 3);
    const expected = own(model, 'pool', 3, pixels, asKeras[range]);
    const { features, channels, parameters, ...reference } = await takenIn(model, { range });
    expect({ features, channels }).toEqual({ features: 10, channels: 3 });
    expect(parameters).toBe(model.countParams() - model.layers.at(-1)!.countParams());
    const { model: body } = loadBody(tf, reference);
    const films = tf.tensor4d(Float32Array.from(pixels, (v) => v / 255), [4, SIZE, SIZE, 1]); // prettier-ignore
    const said = (body.predict(films) as Tensor).dataSync();
    const scale = Math.max(...expected.map(Math.abs));
    said.forEach((value, at) => expect(Math.abs(value - expected[at]!) / scale).toBeLessThan(1e-5));
    expect(new Set(said).size).toBeGreaterThan(8);
    body.dispose();
    model.dispose();
  });

  it('guesses what its input ranges over: -1 to 1 of colours, 0 to 1 of grey, and 0 to 255 where it rescales by itself', async () => {
    expect((await takenIn(like(3))).range).toBe('-1..1');
    expect((await takenIn(like(1))).range).toBe('0..1');
    const { layers, sequential } = engine.tf;
    const rescaled = sequential({
      layers: [
        layers.rescaling({ scale: 1 / 255, inputShape: [SIZE, SIZE, 1] }),
        layers.conv2d({ filters: 2, kernelSize: 3 }),
        layers.flatten(),
      ],
    });
    expect(await takenIn(rescaled)).toMatchObject({ range: '0..255', features: 2 * 26 * 26 });
  });

  it.each([
    ['maps without an end, which are averaged', (x: SymbolicTensor) => x, 10],
    [
      'a flattening before dense layers',
      (x: SymbolicTensor) => denseOn(engine.tf.layers.flatten().apply(x)),
      10 * 14 * 14,
    ],
    ['a convolution in place of the dense layer', (x: SymbolicTensor) => convolvedEnd(x), 10],
    ['two poolings, joined', (x: SymbolicTensor) => twoPools(x), 20],
  ])('ends behind %s', async (_, end, features) => {
    expect((await takenIn(like(1, end))).features).toBe(features);
  });

  it('takes the size it is told where the model leaves it open', async () => {
    const open = like(3, pooledTo(2), null);
    expect(await takenIn(open, { size: 40 })).toMatchObject({ size: 40, features: 10 });
    await expect(takenIn(open)).rejects.toThrow(/may be of any size: say which/);
    await expect(takenIn(like(3), { size: 40 })).rejects.toThrow(/of 28 px and cannot be of 40/);
  });

  it('is refused in words where Osteon cannot know what it would say, and nothing is left', async () => {
    const given = await order(like(3));
    const text = JSON.stringify(given.topology);
    const refused = async (changed: string, reason: RegExp) => {
      const asked = importBody(engine.tf, { ...given, topology: JSON.parse(changed) as unknown });
      await expect(asked).rejects.toMatchObject({ code: 'BODY_UNUSABLE', message: expect.stringMatching(reason) as string }); // prettier-ignore
      expect(() => readFileSync(join(given.folder, 'osteon.json'))).toThrow();
    };
    await refused(text.replace('"class_name":"Add"', '"class_name":"Lambda"'), /does not know: Lambda/);
    await refused(text.replace('"max_value":6', '"max_value":6,"negative_slope":0.2'), /ReLU with a slope/);
    await expect(takenIn(like(2))).rejects.toThrow(/has 2 channels, not one or three/);
  });

  it('gives nothing from a folder that was changed', async () => {
    const { folder, cardSha256 } = await takenIn(like(1));
    const load = () => loadBody(engine.tf, { name: 'test', folder, cardSha256 });
    load().model.dispose();
    const card = readFileSync(join(folder, 'osteon.json'), 'utf8');
    writeFileSync(join(folder, 'osteon.json'), card.replace('"0..1"', '"0..255"'));
    expect(load).toThrow(/The body test is damaged \(osteon.json is not the file/);
    writeFileSync(join(folder, 'osteon.json'), card);
    truncateSync(join(folder, 'weights.bin'), 8);
    expect(load).toThrow(expect.objectContaining({ code: 'BODY_DAMAGED' }));
  });
});

function denseOn(x: unknown): SymbolicTensor {
  const { dense } = engine.tf.layers;
  return dense({ units: 1 }).apply(dense({ units: 3 }).apply(x as SymbolicTensor)) as SymbolicTensor;
}

/** As the first MobileNet of Keras ends. */
function convolvedEnd(x: SymbolicTensor): SymbolicTensor {
  const { layers } = engine.tf;
  const pooled = layers.globalAveragePooling2d({}).apply(x);
  const wide = layers.reshape({ targetShape: [1, 1, 10] }).apply(pooled);
  const said = layers.conv2d({ filters: 7, kernelSize: 1 }).apply(wide);
  return layers.activation({ activation: 'softmax' }).apply(layers.reshape({ targetShape: [7] }).apply(said)) as SymbolicTensor; // prettier-ignore
}

function twoPools(x: SymbolicTensor): SymbolicTensor {
  const { layers } = engine.tf;
  const [mean, most] = [layers.globalAveragePooling2d({}).apply(x), layers.globalMaxPooling2d({}).apply(x)];
  return denseOn(layers.concatenate().apply([mean, most] as SymbolicTensor[]));
}

describe('a training on a body', () => {
  const settings: Partial<RunSettings> = { preset: 'pretrained', size: SIZE, epochs: 6, batch: 16, learningRate: 0.05 };
  let body: Omit<BodyOfFilms, 'cache' | 'keys'>;

  beforeAll(async () => {
    // One of our own that learned for a few steps, its model.json taken in like anybody's.
    const first = await train(engine, planOf(80, { preset: 'resnet', size: SIZE, epochs: 2, width: 4, depth: 2 }), {});
    body = await takenIn(first.model);
    first.model.dispose();
  });

  const ordered = (films: number, cache = join(home, 'features', String(++made))): BodyOfFilms => ({
    ...body,
    cache,
    keys: Array.from({ length: films }, (_, film) => `film ${film}`),
  });

  /** The body's part of a network with a head, by layer. */
  function bodyIn(model: LayersModel): Float32Array[] {
    const names = new Set(loadedNames());
    return model.layers.filter(({ name }) => names.has(name)).flatMap((layer) => layer.getWeights().map((weight) => Float32Array.from(weight.dataSync()))); // prettier-ignore
  }
  function loadedNames(): string[] {
    const { model } = loadBody(engine.tf, body);
    const names = model.layers.map(({ name }) => name);
    model.dispose();
    return names;
  }
  function bodyAlone(): Float32Array[] {
    const { model } = loadBody(engine.tf, body);
    const all = bodyIn(model);
    model.dispose();
    return all;
  }

  it('learns a head on features that are computed once; the whole answers as the head does, the body is as it was', async () => {
    const plan = planOf(60, { ...settings, mirrorAnswers: true });
    const order = ordered(60);
    const asked: number[] = [];
    const onFeatures = (done: number) => void asked.push(done);
    const fitted = await trainOnBody(engine, plan, order, { onFeatures });
    const seen = placesOf(plan, 'learn').length + placesOf(plan, 'choose').length;
    // Films and their mirror images, none to judge with.
    expect(asked).toEqual([seen, seen]);
    expect(fitted.curve).toHaveLength(6);
    expect(fitted.best.valLoss).toBeLessThan(0.69);

    const places = placesOf(plan, 'choose');
    const whole = predictLogits(
      engine.tf,
      logitsOf(engine.tf, fitted.model),
      bodyGrey,
      plan.pixels,
      SIZE,
      places,
      true,
    );
    const heads = fitted.answer!(places);
    expect(new Set(heads).size).toBe(places.length);
    whole.forEach((logit, i) => expect(logit).toBeCloseTo(heads[i]!, 4));
    expect(bodyIn(fitted.model)).toEqual(bodyAlone());

    asked.length = 0;
    const again = await trainOnBody(engine, plan, order, { onFeatures });
    expect(asked).toEqual([]);
    expect(values(again.model)).toEqual(values(fitted.model));
    // Another body, another cache: what is there is not taken for its features.
    await trainOnBody(engine, plan, ordered(60), { onFeatures });
    expect(asked).toEqual([seen, seen]);
    for (const { model } of [fitted, again]) model.dispose();
  });

  it('keeps what was computed when it is stopped, and begins anew where the cache is damaged', async () => {
    const plan = planOf(60, settings);
    const order = ordered(60);
    const stop = new AbortController();
    stop.abort();
    await expect(trainOnBody(engine, plan, order, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    let asked = 0;
    const onFeatures = () => void asked++;
    (await trainOnBody(engine, plan, order, { onFeatures })).model.dispose();
    truncateSync(`${order.cache}.bin`, 100);
    (await trainOnBody(engine, plan, order, { onFeatures })).model.dispose();
    expect(asked).toBe(2);
  });

  it('learns on with all layers but the averages, by either engine alike, and counts epochs on', async () => {
    // Plain descent, which does not make more of rounding than there is.
    const on = {
      ...settings,
      epochs: 1,
      fineTune: 3,
      learningRate: 0.01,
      optimizer: 'sgd',
      precision: 'float32',
    } as const;
    const fitted = [];
    for (const engineName of ['graph', 'layers'] as const) {
      const one = await trainOnBody(engine, planOf(60, { ...on, engine: engineName }), ordered(60), {});
      expect(one.curve.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
      fitted.push(one);
    }
    const [byGraph, byLayers] = fitted as [(typeof fitted)[0], (typeof fitted)[0]];
    if (engine.name === 'native') expect(byGraph.engine).toMatch(/compiled step/);
    byGraph.curve.forEach((epoch, i) => expect(epoch.valLoss).toBeCloseTo(byLayers.curve[i]!.valLoss, 5));
    expect(byLayers.best.epoch).toBeGreaterThan(1);
    expect(byLayers.best.epoch).toBe(byGraph.best.epoch);
    const { model: alone } = loadBody(engine.tf, body);
    for (const { model } of fitted) {
      for (const layer of alone.layers) {
        const kind = layer.getClassName();
        const [was, is] = [layer, model.getLayer(layer.name)].map((one) => one.getWeights().map((weight) => Float32Array.from(weight.dataSync()))) as [Float32Array[], Float32Array[]]; // prettier-ignore
        if (layer.name.startsWith('grey')) expect(is).toEqual(was);
        else if (kind === 'BatchNormalization') {
          expect(is.slice(2)).toEqual(was.slice(2));
          expect(is.slice(0, 2)).not.toEqual(was.slice(0, 2));
        } else if (was.length > 0) expect(is).not.toEqual(was);
      }
      model.dispose();
    }
    alone.dispose();
  });

  it.each([2, 4])('goes on after epoch %i and ends with the same weights', async (after) => {
    const plan = planOf(60, { ...settings, epochs: 3, fineTune: 2, learningRate: 0.01, augmentation: true });
    const order = ordered(60);
    const checkpoints: Checkpoint[] = [];
    const whole = await trainOnBody(engine, plan, order, { onCheckpoint: (read) => void checkpoints.push(structuredClone(read())) }); // prettier-ignore
    const rest = await trainOnBody(engine, plan, order, {}, checkpoints[after - 1]);
    expect(rest.curve).toHaveLength(5);
    expect(rest.best.epoch).toBe(whole.best.epoch);
    expect(values(rest.model)).toEqual(values(whole.model));
    for (const { model } of [rest, whole]) model.dispose();
  });

  it('keeps the head alone where learning on makes it worse', async () => {
    const plan = planOf(60, { ...settings, epochs: 3, fineTune: 2, learningRate: 0.03, optimizer: 'sgd' });
    const fitted = await trainOnBody(engine, plan, ordered(60), {});
    expect(fitted.curve).toHaveLength(5);
    expect(fitted.curve[4]!.valLoss).toBeGreaterThan(fitted.best.valLoss + 0.01);
    expect(fitted.best.epoch).toBe(3);
    expect(bodyIn(fitted.model)).toEqual(bodyAlone());
    fitted.model.dispose();
  });

  it('leaves no tensors behind', async () => {
    const plan = planOf(60, { ...settings, epochs: 2, fineTune: 1 });
    const order = ordered(60);
    (await trainOnBody(engine, plan, order, {})).model.dispose();
    const { numTensors } = engine.tf.memory();
    (await trainOnBody(engine, plan, order, {})).model.dispose();
    const opened = openWithHead(engine.tf, body);
    opened.model([new Float32Array(opened.card.features), new Float32Array(1)]).dispose();
    opened.close();
    expect(engine.tf.memory().numTensors).toBe(numTensors);
  });
});
