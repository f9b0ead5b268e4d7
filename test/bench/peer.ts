// The peer of a run: Keras trains the same untrained network by the same settings on the same films in the same parts, and
// is judged by the same rules. Arguments: library, run, Python. Prints one JSON line. Marks teach Keras nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCore } from '#cli/shell.ts';
import { normalisationOf } from '#core/cnn/batches.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import { learnAhead } from '#core/cnn/learn-ahead.ts';
import { classWeightsOf } from '#core/cnn/loss.ts';
import { saveModel } from '#core/cnn/model-files.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { partCodes } from '#core/cnn/trainer.ts';
import { auc } from '#core/evaluation/roc.ts';
import { chooseThreshold } from '#core/evaluation/threshold.ts';
import { inputsOf } from '#core/runs/inputs.ts';
import { runFilms } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';

const [library = '', run = '', python = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'osteon-peer-'));
const core = startCore({ library }, false, 'bench');
try {
  const open = core.desk.library();
  const { settings } = core.desk.runs.get(Number(run));
  const rows = runFilms(open.db, Number(run));
  const films = xraysByIds(
    open.db,
    rows.map(({ xray_id: id }) => id),
  );
  const control = { signal: new AbortController().signal, progress: () => undefined };
  const { pixels } = await inputsOf(open, core.desk.decoders, films, settings.size, control);
  const known = new Map(rows.map((row) => [row.xray_id, row]));
  const labels = films.map(({ id }) => (known.get(id)?.label === 'fracture' ? 1 : 0));
  const placesIn = (part: string) =>
    Uint32Array.from([...films.keys()].filter((place) => known.get(films[place]?.id ?? 0)?.part === part));
  const [learn, choose, judge] = [placesIn('learn'), placesIn('choose'), placesIn('judge')];
  const { tf } = await loadEngine('layers');
  const own = { ...settings, marks: false };
  const model = buildNetwork(tf, own);
  const normalisation = normalisationOf(pixels, settings.size, learn);
  const parts = Uint8Array.from(films, ({ id }) => partCodes[known.get(id)?.part as keyof typeof partCodes]);
  learnAhead(tf, model, { settings: own, pixels, labels: Uint8Array.from(labels), parts }, normalisation);
  await saveModel(tf, join(folder, 'model'), model, {
    settings: own,
    preprocess: 0,
    normalisation,
    threshold: 0.5,
    cannotTell: null,
    guard: null,
    films: learn.length,
    bestEpoch: 0,
    sureness: 1,
    engine: 'none: untrained',
  });
  model.dispose();
  writeFileSync(join(folder, 'pixels.bin'), pixels);
  const classWeights = classWeightsOf(
    Uint8Array.from(learn, (place) => labels[place] ?? 0),
    settings.classWeights,
  );
  const places = { learn: [...learn], choose: [...choose], judge: [...judge] };
  writeFileSync(join(folder, 'films.json'), JSON.stringify({ labels, classWeights, ...places }));
  const program = join(import.meta.dirname, 'keras-accuracy.py');
  const ended = spawnSync(python, [program, folder], { encoding: 'utf8', maxBuffer: 1e8 });
  const line = ended.stdout.split('\n').findLast((text) => text.startsWith('{'));
  if (ended.status !== 0 || !line) throw new Error(ended.stderr.slice(-800));
  const answered = JSON.parse(line) as { choose: number[]; judge: number[]; epoch: number; seconds: number };
  const labelsAt = (places: Uint32Array) => Array.from(places, (place) => labels[place] ?? 0);
  const threshold = chooseThreshold(labelsAt(choose), answered.choose);
  const right = labelsAt(judge).filter((label, i) => (answered.judge[i] ?? 0) >= threshold === (label === 1)).length;
  const [epoch, seconds] = [answered.epoch, answered.seconds];
  const figures = { auc: auc(labelsAt(judge), answered.judge), accuracy: right / judge.length, epoch, seconds };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
}
