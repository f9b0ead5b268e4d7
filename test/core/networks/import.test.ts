// Networks from elsewhere: taken in they answer as before, to the last digit that counts; what does not fit is refused in
// words; what was not measured here is never shown as measured.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { greys, importModel } from '#core/cnn/import-model.ts';
import type { ImportOrder } from '#core/cnn/import-model.ts';
import { loadModel } from '#core/cnn/model-files.ts';
import { predict } from '#core/cnn/predict.ts';
import { drawFilms } from '../cnn/films.ts';
import { savedModel } from '../cnn/foreign.ts';
import { drawnLibrary } from '../runs/drawn-library.ts';

let engine: Engine;
let home: string;
let made = 0;
beforeAll(async () => {
  engine = await loadEngine('auto');
  home = mkdtempSync(join(os.tmpdir(), 'osteon-import-model-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const SIZE = 28;

/** A small network as others build them; `end` makes its last layers. */
function foreign(end: (x: SymbolicTensor) => SymbolicTensor, shape = [SIZE, SIZE, 1]): LayersModel {
  const { tf } = engine;
  const input = tf.input({ shape });
  let x = tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', padding: 'same' }).apply(input);
  x = tf.layers.batchNormalization({}).apply(x);
  x = tf.layers.leakyReLU({ alpha: 0.1 }).apply(x);
  x = tf.layers.globalAveragePooling2d({}).apply(x);
  return tf.model({ inputs: input, outputs: end(x as SymbolicTensor) });
}

const dense = (units: number, activation: 'sigmoid' | 'softmax' | 'linear') => (x: SymbolicTensor) =>
  engine.tf.layers.dense({ units, activation, biasInitializer: 'randomNormal' }).apply(x) as SymbolicTensor;
const then =
  (activation: 'sigmoid' | 'softmax', before: (x: SymbolicTensor) => SymbolicTensor) => (x: SymbolicTensor) =>
    engine.tf.layers.activation({ activation }).apply(before(x)) as SymbolicTensor;

async function order(model: LayersModel, more: Partial<ImportOrder> = {}): Promise<ImportOrder> {
  const folder = join(home, `given-${++made}`);
  return {
    ...(await savedModel(model, folder)),
    grey: '0..1',
    fracture: 1,
    preprocess: 1,
    modelFolder: join(home, `kept-${made}`),
    ...more,
  };
}

it.each([
  ['one logistic unit', () => foreign(dense(1, 'sigmoid')), 0],
  ['an activation after one unit', () => foreign(then('sigmoid', dense(1, 'linear'))), 0],
  ['a softmax over two', () => foreign(dense(2, 'softmax')), 1],
  ['a softmax apart', () => foreign(then('softmax', dense(2, 'linear'))), 1],
  ['layers one after the other', () => chain(), 1],
])(
  '%s answers as it did where it was trained, whatever grey it takes and whichever class is fracture',
  async (_, build, unit) => {
    const { tf } = engine;
    const { pixels } = drawFilms(4, SIZE, 3);
    for (const grey of Object.keys(greys) as (keyof typeof greys)[]) {
      const model = build();
      const [black, white] = greys[grey];
      const answers = tf.tidy(() => {
        const films = tf.tensor4d(
          Float32Array.from(pixels, (v) => black + ((white - black) * v) / 255),
          [4, SIZE, SIZE, 1],
        );
        return (model.predict(films) as Tensor).arraySync() as number[][];
      });
      for (const fracture of unit === 0 ? ([1] as const) : ([1, 0] as const)) {
        const given = await order(model, { grey, fracture });
        // Keras' converter wraps the same topology.
        if (fracture === 0) given.topology = { keras_version: '2.15.0', model_config: given.topology };
        const { cardSha256, size } = await importModel(tf, given);
        expect(size).toBe(SIZE);
        const { model: kept, card } = loadModel(tf, given.modelFolder, cardSha256);
        const said = predict(tf, kept, card.normalisation, pixels, SIZE, false);
        for (const [i, row] of answers.entries()) expect(said[i]).toBeCloseTo(row[unit === 0 ? 0 : fracture]!, 5);
        if (grey === '0..1') expect(new Set(said).size).toBe(4);
        kept.dispose();
      }
      model.dispose();
    }
  },
);

function chain(): LayersModel {
  const { layers, sequential } = engine.tf;
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [SIZE, SIZE, 1], filters: 3, kernelSize: 5, strides: 2, activation: 'tanh' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2, activation: 'softmax', useBias: false }),
    ],
  });
}

it.each([
  ['three channels', () => foreign(dense(1, 'sigmoid'), [SIZE, SIZE, 3]), /has 3 channels; a film has one, its grey/],
  [
    'pictures that are no squares',
    () => foreign(dense(1, 'sigmoid'), [SIZE, 30, 1]),
    /28 × 30 × 1; Osteon prepares squares/,
  ],
  ['five classes', () => foreign(dense(5, 'softmax')), /ends in 5 units with softmax/],
  ['two logistic units', () => foreign(dense(2, 'sigmoid')), /ends in 2 units with sigmoid/],
  ['bare figures', () => foreign(dense(1, 'linear')), /ends in 1 units with linear/],
])('%s are refused in words', async (_, build, reason) => {
  const given = await order(build());
  await expect(importModel(engine.tf, given)).rejects.toMatchObject({ code: 'MODEL_UNUSABLE', message: expect.stringMatching(reason) as string }); // prettier-ignore
  expect(() => readFileSync(join(given.modelFolder, 'osteon.json'))).toThrow();
});

it('refuses layers that are not known, and layers that wait for ever, before anything is made of them', async () => {
  const given = await order(foreign(dense(1, 'sigmoid')));
  const text = JSON.stringify(given.topology);
  const asked = (topology: unknown) => importModel(engine.tf, { ...given, topology });
  const lambda = JSON.parse(text.replace('"class_name":"LeakyReLU"', '"class_name":"Lambda"')) as unknown;
  for (const topology of [lambda, { model_config: lambda }])
    await expect(asked(topology)).rejects.toThrow(/layers that Osteon does not know: Lambda/);
  await expect(asked({})).rejects.toThrow(/lists no layers/);
  const name = /"name":"(\w*LeakyReLU\w*)"/.exec(text)![1]!;
  const cut = JSON.parse(text.replaceAll(`[["${name}",`, '[["elsewhere",')) as unknown;
  await expect(asked(cut)).rejects.toThrow(/takes from what never comes: elsewhere/);
  // Keras 3 writes where a layer takes from as an object.
  const three = JSON.parse(text.replaceAll('"inbound_nodes":[[[', '"inbound_nodes":[{"args":[[').replaceAll(']]]}', ']]}]}')) as unknown; // prettier-ignore
  await expect(asked(three)).rejects.toThrow(/in a way that TensorFlow.js does not read/);
});

test('stands as a run that answers, says that it was not measured here, and is never the one that answers by itself', async () => {
  const { client, core, follow } = await drawnLibrary();
  const { run } = await client.runs.start({ settings: { epochs: 1, size: 32, batch: 8, judge: false } });
  await follow(run);
  const folder = join(home, 'theirs');
  const model = foreign(dense(2, 'softmax'));
  await model.save(`file://${folder}`);
  model.dispose();
  const path = join(folder, 'model.json');
  const card = await client.networks.import({ path });
  expect(card).toMatchObject({
    title: 'Run 2, Imported network, 28 × 28',
    test: null,
    checkedSure: null,
    imported: 'theirs/model.json',
  });
  expect((await client.predictions.models()).map((one) => one.run)).toEqual([run, card.run]);
  expect((await client.predictions.classify({ xray: 1 })).model.run).toBe(run);
  const answer = await client.predictions.classify({ xray: 1, model: card.run });
  expect(answer).toMatchObject({
    threshold: 0.5,
    model: { learnedFrom: expect.stringContaining('not known here') as string },
  });
  const layers = (await client.networks.describe({ run: card.run })).layers;
  const last = await client.networks.maps({ run: card.run, xray: 1, layer: layers.length - 1 });
  expect(last.values?.[0]).toBeCloseTo(answer.probability, 5);
  expect(await client.runs.get({ run: card.run })).toMatchObject({
    state: 'done',
    imported: 'theirs/model.json',
    best: null,
    test: null,
  });
  await expect(client.runs.judge({ run: card.run })).rejects.toMatchObject({ code: 'RUN_NOT_DONE' });
  await expect(client.networks.slice({ run: card.run })).rejects.toMatchObject({ code: 'BAD_INPUT' });

  // Sent as files, as a browser does: model.json is found among them, and what is missing is said.
  const send = (set: string, name: string) =>
    core.desk.uploads.take(set, name, new Blob([readFileSync(join(folder, name))]).stream());
  const sent = { uploads: 'sentmodel1' };
  await expect(client.networks.import(sent)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
  await send(sent.uploads, 'weights.bin');
  await expect(client.networks.import(sent)).rejects.toThrow(/no model.json is among the files/);
  await send(sent.uploads, 'model.json');
  const again = await client.networks.import(sent);
  expect(again).toMatchObject({ run: card.run + 1, imported: 'model.json' });
  const [one, two] = await Promise.all(
    [card.run, again.run].map((named) => client.predictions.classify({ xray: 1, model: named })),
  );
  expect(two?.probability).toBe(one?.probability);
  await send('sentmodel2', 'model.json');
  await expect(client.networks.import({ uploads: 'sentmodel2' })).rejects.toThrow(/weights.bin cannot be opened/);
  await expect(client.networks.import({})).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(client.networks.import({ path, ...sent })).rejects.toMatchObject({ code: 'BAD_INPUT' });

  truncateSync(join(folder, 'weights.bin'), 8);
  await expect(client.networks.import({ path })).rejects.toThrow(/its weights have 8 bytes, not \d+/);
  const away = join(home, 'away');
  mkdirSync(away);
  const json = readFileSync(path, 'utf8')
    .replace('./weights.bin', '../theirs/weights.bin')
    .replace('"weights.bin"', '"../theirs/weights.bin"');
  writeFileSync(join(away, 'model.json'), json);
  await expect(client.networks.import({ path: join(away, 'model.json') })).rejects.toThrow(
    /weights in files beside it/,
  );
  await expect(client.networks.import({ path: join(away, 'none.json') })).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  });
  expect(core.desk.runs.list()).toHaveLength(3);
}, 600_000);
