// Saves networks untrained, for the bench's peer to train the same. Arguments: folder, size, presets (names with commas;
// empty: all). Prints one JSON line: where each is, and how many batches make an epoch of about a second.
import { join } from 'node:path';
import { runSettings } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import { saveModel } from '#core/cnn/model-files.ts';
import { buildNetwork, presets } from '#core/cnn/networks/index.ts';
import { trainingFlops } from './flops.ts';

const [folder = '', size = '', wanted = ''] = process.argv.slice(2);
const { tf } = await loadEngine('layers');
const saved = [];
for (const { name } of presets) {
  if (wanted !== '' && !wanted.split(',').includes(name)) continue;
  const settings = runSettings.parse({ preset: name, size: Number(size) });
  const model = buildNetwork(tf, settings);
  const target = join(folder, name);
  await saveModel(tf, target, model, {
    settings,
    preprocess: 0,
    normalisation: { mean: 0, deviation: 1 },
    threshold: 0.5,
    cannotTell: null,
    guard: null,
    films: 0,
    bestEpoch: 0,
    sureness: 1,
    engine: 'none: untrained',
  });
  saved.push({ name, folder: target, batches: batchesFor(trainingFlops(model) * settings.batch) });
  model.dispose();
}
process.stdout.write(`${JSON.stringify({ saved })}\n`);

/** Whole calls of the compiled step; about a second of a processor that does 4e10 operations in it. */
function batchesFor(flopsOfBatch: number): number {
  const call = Number(size) <= 64 ? 10 : 4;
  return call * Math.min(4, Math.max(1, Math.round(4e10 / flopsOfBatch / call)));
}
