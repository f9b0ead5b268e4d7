// Takes in a network that was trained elsewhere: reads model.json and the weights beside it, keeps it as a run that answers.
// Must not read anything but files beside model.json, and must give no figure to what was not measured here.
import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { runSettings } from '#api/runs.ts';
import { insertRun } from '#db/runs.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Imported, ImportOrder } from '#core/cnn/import-model.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import { modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { recordOf } from '#core/runs/begin.ts';
import type { Checking, RunPlanRow, RunRecord } from '#core/runs/rows.ts';

const [MOST_JSON_BYTES, MOST_WEIGHT_BYTES] = [16 * 1024 * 1024, 1024 * 1024 * 1024];
/** Time an honest network is built in many times over. */
const MOST_MS = 120_000;

/** The part of model.json that is read here; what stands in the topology is checked where it is built. */
const modelJson = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().regex(/^[\w][\w.-]*$/)),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().nonnegative()).max(8),
          dtype: z.literal('float32'),
        }),
      ),
    }),
  ),
});

const unusable = (reason: string, cause?: unknown) => new Problem('MODEL_UNUSABLE', { reason }, { cause });

/** Answers the number of the run it stands as. @throws Problem FILE_UNREADABLE, MODEL_UNUSABLE */
export async function importNetwork(
  library: OpenLibrary,
  startChild: StartChild,
  { path, grey, fracture }: { path: string } & Pick<ImportOrder, 'grey' | 'fracture'>,
  version: string,
): Promise<number> {
  const { db, paths } = library;
  // The model is made under a name of its own first: what cannot be used leaves no run.
  const name = `0.${library.now().getTime()}`;
  const order: ImportOrder = {
    ...readModel(path),
    grey,
    fracture,
    preprocess: PREPARE_VERSION,
    modelFolder: modelPath(paths, 0, name),
  };
  const { cardSha256, size } = await make(startChild, order);
  const imported = join(basename(dirname(resolve(path))), basename(path));
  const record: RunRecord = { ...recordOf(library, [], version), imported, card: cardSha256, folder: name };
  const plan: RunPlanRow = {
    parts: [],
    patientsKnown: false,
    synthetic: false,
    learnedFrom: `films that are not known here: imported from ${imported}`,
  };
  const sure = { films: 0, right: 0 };
  const checking: Checking = { auc: 0.5, accuracy: 0, n: 0, threshold: 0.5, cannotTell: null, sure };
  return db.write(() =>
    insertRun(db, {
      state: 'done',
      owner: null,
      settings: JSON.stringify(runSettings.parse({ preset: 'imported', size, judge: false })),
      engine: 'trained elsewhere',
      started_at: library.now().toISOString(),
      seconds: null,
      best_epoch: null,
      films: 0,
      plan: JSON.stringify(plan),
      record: JSON.stringify(record),
      checking: JSON.stringify(checking),
      test: null,
      error: null,
    }),
  );
}

/** In a child of its own: a file that nobody vouches for takes nothing down, and holds nothing up for ever. */
async function make(startChild: StartChild, order: ImportOrder): Promise<Imported> {
  const asker = new Asker(startChild('tensorflow'));
  const late = setTimeout(() => asker.child.kill(), MOST_MS);
  try {
    return await asker.ask<Imported>('import', order);
  } catch (error) {
    if (error instanceof ChildDied) throw unusable(`TensorFlow.js did not get it built (${error.reason})`, error);
    throw error;
  } finally {
    clearTimeout(late);
    asker.child.kill();
  }
}

function readModel(path: string): Pick<ImportOrder, 'topology' | 'weightSpecs' | 'weights'> {
  const folder = dirname(path);
  const text = bytesOf(path, MOST_JSON_BYTES).toString('utf8');
  let parsed: z.infer<typeof modelJson>;
  try {
    parsed = modelJson.parse(JSON.parse(text));
  } catch (error) {
    throw unusable('it is not a layers model of TensorFlow.js with float32 weights in files beside it', error);
  }
  const files = parsed.weightsManifest.flatMap(({ paths }) => paths);
  const weights = Buffer.concat(files.map((name) => bytesOf(join(folder, name), MOST_WEIGHT_BYTES)));
  const weightSpecs = parsed.weightsManifest.flatMap((group) => group.weights);
  const wanted = weightSpecs.reduce((sum, { shape }) => sum + 4 * shape.reduce((all, side) => all * side, 1), 0);
  if (weights.length !== wanted) throw unusable(`its weights have ${weights.length} bytes, not ${wanted}`);
  return { topology: parsed.modelTopology, weightSpecs, weights };
}

function bytesOf(path: string, most: number): Buffer {
  const file = basename(path);
  try {
    const entry = lstatSync(path);
    if (!entry.isFile()) throw unusable(`${file} is not a file`);
    if (entry.size > most) throw unusable(`${file} is larger than it can be`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = (error as { code?: string }).code === 'ENOENT' ? 'there is no such file' : 'it may not be read';
    throw new Problem('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}
