// A model folder says the same in Keras: every network, with weights that are none of its first ones.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { runSettings } from '#api/runs.ts';
import type { RunSettings } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { loadModel, saveModel } from '#core/cnn/model-files.ts';
import { buildNetwork, presets } from '#core/cnn/networks/index.ts';
import { predict } from '#core/cnn/predict.ts';
import { random } from '#core/random.ts';
import { python, whyNoKeras } from '#test/keras.ts';

const FILMS = 3;
const TIMEOUT_MS = 300_000;
const normalisation = { mean: 0.3, deviation: 0.25 };

/** Moves every weight, averages and variances of a normalisation among them, so that none is what a layer begins with. */
function moveWeights(tf: Tf, model: LayersModel): void {
  const generator = random(5, 1);
  const moved = model.weights.map((weight) => {
    const tensor = weight.read();
    const values = tensor.dataSync();
    const spread = tensor.rank > 1 ? 0.02 : 0.2;
    const next = Float32Array.from(values, (value) => value + spread * generator.normal());
    return tf.tensor(weight.name.includes('variance') ? next.map((v) => 0.5 + Math.abs(v)) : next, tensor.shape);
  });
  model.setWeights(moved);
  tf.dispose(moved);
}

/** Saves a network with films and answers them. */
async function answered(tf: Tf, folder: string, given: Partial<RunSettings>): Promise<number[]> {
  const settings = runSettings.parse(given);
  const { size, mirrorAnswers } = settings;
  const made = buildNetwork(tf, settings);
  moveWeights(tf, made);
  await saveModel(tf, folder, made, {
    settings,
    preprocess: 1,
    normalisation,
    threshold: 0.5,
    cannotTell: null,
    guard: null,
    films: 0,
    bestEpoch: 1,
    sureness: 1,
    engine: 'none',
  });
  made.dispose();
  const generator = random(7, 2);
  const pixels = Uint8Array.from({ length: FILMS * size * size }, () => Math.floor(256 * generator.uniform()));
  writeFileSync(path.join(folder, 'films.bin'), pixels);
  const { model } = loadModel(tf, folder);
  const answers = [...predict(tf, model, normalisation, pixels, size, mirrorAnswers)];
  model.dispose();
  return answers;
}

test(
  'every network answers in Keras as in Osteon',
  async ({ skip }) => {
    const why = whyNoKeras();
    if (why !== null) skip(why);
    const { tf } = await loadEngine('auto');
    const home = mkdtempSync(path.join(os.tmpdir(), 'osteon-keras-'));
    try {
      const activations = (['logistic', 'tanh'] as const).map((activation) => ({ activation, slope: 1.5 }));
      const wanted: Partial<RunSettings>[] = [
        ...presets.map(({ name }) => ({ preset: name, size: 64 })),
        { preset: 'osteon', size: 128, mirrorAnswers: true },
        ...activations,
      ];
      const folders = wanted.map((_, place) => path.join(home, String(place)));
      const here = [];
      for (const [place, settings] of wanted.entries()) here.push(await answered(tf, folders[place]!, settings));
      const lines = (await python(path.join(import.meta.dirname, 'keras-answers.py'), ...folders)).trim().split('\n');
      for (const [place, settings] of wanted.entries()) {
        const there = JSON.parse(lines[place] ?? '[]') as number[];
        const apart = here[place]!.map((answer, film) => Math.abs(answer - (there[film] ?? Number.NaN)));
        const said = JSON.stringify([settings, here[place], there]);
        expect(Math.max(...apart), said).toBeLessThan(1e-4);
        // Sure answers would agree whatever the weights.
        expect(
          here[place]!.some((answer) => answer > 1e-3 && answer < 0.999),
          said,
        ).toBe(true);
      }
    } finally {
      rmSync(home, { recursive: true });
    }
  },
  TIMEOUT_MS,
);
