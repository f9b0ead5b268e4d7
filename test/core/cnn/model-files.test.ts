// A model folder that was changed, by accident or on purpose, gives no answer (trust B6 at commit size).
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { Models, mostOpen } from '#core/cnn/answer.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { learnGuard } from '#core/cnn/guard.ts';
import type { CardContent } from '#core/cnn/model-card.ts';
import { loadModel, saveModel } from '#core/cnn/model-files.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { Problem } from '#core/problem.ts';
import { drawFilms } from './films.ts';

const size = 18; // the smallest the paper network takes: quick to build
const settings = runSettings.parse({ size, activation: 'logistic', slope: 2 });
const { pixels } = drawFilms(40, size, 1);

let engine: Engine;
let home: string;
let good: string;
let sha: string;
let content: CardContent;

beforeAll(async () => {
  engine = await loadEngine('auto');
  home = mkdtempSync(path.join(os.tmpdir(), 'osteon-model-'));
  good = path.join(home, '1');
  content = {
    settings,
    preprocess: 1,
    normalisation: { mean: 0.3, deviation: 0.2 },
    threshold: 0.46,
    cannotTell: { from: 0.38, to: 0.54 },
    guard: learnGuard(
      pixels,
      size,
      Array.from({ length: 40 }, (_, i) => i),
      new Float32Array(40),
    ),
    films: 28,
    bestEpoch: 9,
    sureness: 0.8,
    engine: engine.sentence,
  };
  const network = buildNetwork(engine.tf, settings);
  sha = await saveModel(engine.tf, good, network, content);
  network.dispose();
});
afterAll(() => rmSync(home, { recursive: true }));

/** A copy of the model to spoil. */
function copy(): string {
  const folder = path.join(mkdtempSync(path.join(home, 'copy-')), '1');
  cpSync(good, folder, { recursive: true });
  return folder;
}

function reasonOf(folder: string, expected?: string): string {
  const before = engine.tf.memory().numTensors;
  try {
    loadModel(engine.tf, folder, expected).model.dispose();
  } catch (error) {
    expect(engine.tf.memory().numTensors).toBe(before);
    if (error instanceof Problem && error.code === 'MODEL_DAMAGED') return String(error.values['reason']);
    throw error;
  }
  return 'opened';
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Writes model.json and weights.bin anew and a card that names them rightly: what a careful forger would do. */
function forge(
  folder: string,
  change: {
    topology?: (json: string) => string;
    weights?: (bytes: Buffer) => Buffer;
    card?: (card: Record<string, unknown>) => void;
  },
) {
  const topology = (change.topology ?? ((t) => t))(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const weights = (change.weights ?? ((w) => w))(readFileSync(path.join(folder, 'weights.bin')));
  writeFileSync(path.join(folder, 'model.json'), topology);
  writeFileSync(path.join(folder, 'weights.bin'), weights);
  const { card } = JSON.parse(readFileSync(path.join(folder, 'osteon.json'), 'utf8')) as {
    card: Record<string, unknown>;
  };
  card['files'] = { 'model.json': sha256(topology), 'weights.bin': sha256(weights) };
  change.card?.(card);
  writeFileSync(path.join(folder, 'osteon.json'), JSON.stringify({ seal: sha256(JSON.stringify(card)), card }));
}

describe('a model folder', () => {
  it('comes back as it was saved, and opens in tfjs as it is', async () => {
    const { model, card } = loadModel(engine.tf, good, sha);
    expect(card).toMatchObject(content);
    const film = engine.tf.randomUniform([2, size, size, 1], -1, 1, 'float32', 1);
    const answer = (model.predict(film) as Tensor).dataSync().join();
    const json = JSON.parse(readFileSync(path.join(good, 'model.json'), 'utf8')) as Record<string, never>;
    const weights = Uint8Array.from(readFileSync(path.join(good, 'weights.bin')));
    const opened = await engine.tf.loadLayersModel(
      engine.tf.io.fromMemory({
        modelTopology: json['modelTopology']!,
        weightSpecs: json['weightsManifest']![0]!['weights'],
        weightData: weights.buffer,
      }),
    );
    expect((opened.predict(film) as Tensor).dataSync().join()).toBe(answer);
    expect(readdirSync(home).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('is never written over, nor half', async () => {
    const { tf } = engine;
    const network = buildNetwork(tf, settings);
    await expect(saveModel(tf, good, network, { ...content, films: 1 })).rejects.toThrowError();
    expect(reasonOf(good, sha)).toBe('opened');
    network.setWeights(network.getWeights().map((weight) => tf.mul(weight, Number.NaN)));
    const none = path.join(home, 'none');
    await expect(saveModel(tf, none, network, content)).rejects.toThrowError('not a number');
    expect(existsSync(none)).toBe(false);
    network.dispose();
  });

  it.each(['model.json', 'weights.bin', 'osteon.json'])('gives nothing when any byte of %s is another', (name) => {
    const folder = copy();
    const bytes = readFileSync(path.join(folder, name));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const changed = Buffer.from(bytes);
        changed[place] = changed[place]! ^ flip;
        writeFileSync(path.join(folder, name), changed);
        // A space more or less in the card changes nothing it says: only the run's own record of it can tell.
        const reason = reasonOf(folder, name === 'osteon.json' ? sha : undefined);
        expect(reason).not.toBe('opened');
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('gives nothing when a file is missing, cut short, empty, a link or a folder', () => {
    for (const name of ['model.json', 'weights.bin', 'osteon.json']) {
      const folder = copy();
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      for (const some of [bytes.subarray(0, bytes.length >> 1), bytes.subarray(0, 0), Buffer.concat([bytes, bytes])]) {
        writeFileSync(file, some);
        expect(reasonOf(folder)).toMatch(new RegExp(`${name} (is not the file|cannot be read|is larger)`));
      }
      rmSync(file);
      expect(reasonOf(folder)).toBe(`${name} is missing`);
      symlinkSync(path.join(good, name), file);
      expect(reasonOf(folder)).toBe(`${name} is not a file`);
    }
    expect(reasonOf(path.join(home, 'nowhere'))).toBe('osteon.json is missing');
  });

  it('knows a changed figure of the card by its seal', () => {
    const folder = copy();
    const file = path.join(folder, 'osteon.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"threshold": 0.46', '"threshold": 0.47'));
    expect(reasonOf(folder)).toBe('osteon.json is not the file that was saved');
  });

  const weightsOf =
    (change: (manifest: { paths: unknown[]; weights: Record<string, unknown>[] }) => void) => (json: string) => {
      const parsed = JSON.parse(json) as {
        weightsManifest: [{ paths: unknown[]; weights: Record<string, unknown>[] }];
      };
      change(parsed.weightsManifest[0]);
      return JSON.stringify(parsed);
    };
  it.each<[string, Parameters<typeof forge>[1], RegExp]>([
    [
      'a weight that is no number',
      { weights: (w) => (w.writeFloatLE(Number.NaN, 400), w) },
      /a weight is not a number/,
    ],
    ['an infinite weight', { weights: (w) => (w.writeFloatLE(Number.POSITIVE_INFINITY, 0), w) }, /not a number/],
    ['too few weights', { weights: (w) => w.subarray(4) }, /has \d+ bytes, not \d+/],
    [
      'a shape that lies',
      { topology: weightsOf((m) => (m.weights[0]!['shape'] = [1e9, 1e9])) },
      /not those of its network/,
    ],
    [
      'a shape turned round',
      { topology: weightsOf((m) => (m.weights[0]!['shape'] as unknown[]).reverse()) },
      /not those/,
    ],
    ['a path upwards', { topology: weightsOf((m) => (m.paths = ['../weights.bin'])) }, /model\.json cannot be read/],
    ['an absolute path', { topology: weightsOf((m) => (m.paths = ['/etc/passwd'])) }, /model\.json cannot be read/],
    ['an address', { topology: weightsOf((m) => (m.paths = ['http://127.0.0.1/w'])) }, /model\.json cannot be read/],
    ['two files of weights', { topology: weightsOf((m) => m.paths.push('weights.bin')) }, /model\.json cannot be read/],
    [
      '__proto__',
      { topology: (t) => t.replace('{', '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},') },
      /opened/,
    ],
    ['layers no one knows', { topology: (t) => t.replaceAll('"Conv2D"', '"Evil"') }, /opened/],
    ['10,000 brackets', { topology: () => '['.repeat(10_000) + ']'.repeat(10_000) }, /model\.json cannot be read/],
    [
      'a network no one knows',
      { card: (c) => (c['settings'] = { ...settings, preset: 'evil' }) },
      /osteon\.json cannot be read/,
    ],
    [
      'a size of a billion',
      { card: (c) => (c['settings'] = { ...settings, size: 1e9 }) },
      /osteon\.json cannot be read/,
    ],
    ['another size', { card: (c) => (c['settings'] = { ...settings, size: 28 }) }, /not those of its network/],
    [
      'a deviation of zero',
      { card: (c) => (c['normalisation'] = { mean: 0, deviation: 0 }) },
      /osteon\.json cannot be read/,
    ],
    [
      'a guard of other figures',
      { card: (c) => ((c['guard'] as Record<string, unknown>)['features'] = ['mean']) },
      /osteon\.json/,
    ],
  ])('forged whole with %s harms nothing', (_, change, expected) => {
    const folder = copy();
    forge(folder, change);
    expect(reasonOf(folder)).toMatch(expected);
    expect(reasonOf(folder, sha)).toBe('osteon.json is not the file that was saved');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('Models', () => {
  const film = pixels.subarray(size * size, 2 * size * size);

  it('answer from the folder they are asked for, opened once', () => {
    const models = new Models(engine);
    const folder = copy();
    const first = models.predict({ modelFolder: folder, cardSha256: sha, preprocess: 1 }, pixels, 40);
    expect(first.length).toBe(40);
    rmSync(folder, { recursive: true });
    const again = models.explain({ modelFolder: folder, cardSha256: sha }, film, 0);
    expect(again).toMatchObject({ refusal: null, gridSize: size });
    if (again.refusal === null) expect(again.probability).toBeCloseTo(first[1]!, 5);
  });

  it('refuse what they did not learn from, and films prepared another way', () => {
    const models = new Models(engine);
    const model = { modelFolder: good };
    expect(models.explain(model, new Uint8Array(size * size), 0)).toEqual({
      refusal: 'it is one even grey, with nothing on it',
    });
    expect(models.explain(model, film, 60)).toEqual({ refusal: 'it is in colour' });
    expect(() => models.predict({ ...model, preprocess: 2 }, film, 1)).toThrowError(
      'prepared by version 1, this is version 2',
    );
    expect(() => models.predict(model, film, 2)).toThrowError('are not 2 films');
  });

  it('close the one that was asked longest ago', () => {
    const models = new Models(engine);
    const before = engine.tf.memory().numTensors;
    for (let i = 0; i < mostOpen + 2; i++) models.predict({ modelFolder: copy() }, film, 1);
    expect(engine.tf.memory().numTensors - before).toBe(mostOpen * 10);
  });
});
