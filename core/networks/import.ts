// Takes in a network that was trained elsewhere: reads model.json and the weights beside it, keeps it as a run that answers.
// Must not read anything but files beside model.json, and must give no figure to what was not measured here.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { runSettings } from '#api/runs.ts';
import { insertRun } from '#db/runs.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Imported, ImportOrder } from '#core/cnn/import-model.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import { modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { recordOf } from '#core/runs/begin.ts';
import type { Checking, RunPlanRow, RunRecord } from '#core/runs/rows.ts';
import { askAlone, readModelFile } from './model-file.ts';

const unusable = (reason: string, cause?: unknown) => new Problem('MODEL_UNUSABLE', { reason }, { cause });

/** Where a model lies, and what it is known by: its folder tells it from others that are called model.json. */
export function modelAt(path: string): { path: string; from: string } {
  return { path, from: join(basename(dirname(resolve(path))), basename(path)) };
}

/** The one model.json among files that were sent. @throws Problem UPLOAD_GONE, MODEL_UNUSABLE */
export function modelAmong(folder: string): { path: string; from: string } {
  if (!existsSync(folder)) throw new Problem('UPLOAD_GONE');
  const [name, ...others] = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (name === undefined) throw unusable('no model.json is among the files');
  if (others.length > 0) throw unusable('more than one file with the ending .json is there');
  return { path: join(folder, name), from: name };
}

/** Answers the number of the run it stands as. @throws Problem FILE_UNREADABLE, MODEL_UNUSABLE */
export async function importNetwork(
  library: OpenLibrary,
  startChild: StartChild,
  { path, from, grey, fracture }: { path: string; from: string } & Pick<ImportOrder, 'grey' | 'fracture'>,
  version: string,
): Promise<number> {
  const { db, paths } = library;
  // The model is made under a name of its own first: what cannot be used leaves no run.
  const name = `0.${library.now().getTime()}`;
  const order: ImportOrder = {
    ...readModelFile(path, unusable),
    grey,
    fracture,
    preprocess: PREPARE_VERSION,
    modelFolder: modelPath(paths, 0, name),
  };
  const { cardSha256, size } = await askAlone<Imported>(startChild, 'import', order, unusable);
  const record: RunRecord = { ...recordOf(library, [], version), imported: from, card: cardSha256, folder: name };
  const plan: RunPlanRow = {
    parts: [],
    patientsKnown: false,
    synthetic: false,
    learnedFrom: `films that are not known here: imported from ${from}`,
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
