// Opens the judging films for a run: the one place that asks a model about them. Every opening is counted.
import { rmSync } from 'node:fs';
import type { TestFigures } from '#api/runs.ts';
import { getRun, insertOpening, runFilms, setProbabilities, updateRun } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import { testFigures } from '#core/evaluation/figures.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { checkpointPath, modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { runSettings } from '#api/runs.ts';
import { inputsOf } from './inputs.ts';
import { checkingOf } from './rows.ts';
import type { RunRecord } from './rows.ts';

/** Judges a finished run; one that was judged before is not judged again. Throws RUN_NOT_DONE, MODEL_DAMAGED. */
export async function judgeRun(
  library: OpenLibrary,
  row: RunRow,
  { decoders, models }: { decoders: Decoders; models: ModelProcess },
  control: JobControl,
): Promise<void> {
  const checking = checkingOf(row);
  const { card, folder, splitHash } = JSON.parse(row.record) as RunRecord;
  if (row.best_epoch === null || !checking || card === null) throw new Problem('RUN_NOT_DONE', { run: row.id });
  if (row.test !== null) return;
  const { db, paths } = library;
  const settings = runSettings.parse(JSON.parse(row.settings));
  const judged = runFilms(db, row.id, 'judge');
  const films = new Map(
    xraysByIds(
      db,
      judged.map((film) => film.xray_id),
    ).map((film) => [film.id, film]),
  );
  const present = judged.flatMap((film) => {
    const xray = films.get(film.xray_id);
    return xray ? [{ ...film, xray }] : [];
  });
  const { pixels } = await inputsOf(
    library,
    decoders,
    present.map(({ xray }) => xray),
    settings.size,
    control,
  );
  const probabilities = await models.ask<Float32Array>('predict', {
    modelFolder: modelPath(paths, row.id, folder),
    cardSha256: card,
    preprocess: PREPARE_VERSION,
    pixels,
    count: present.length,
  });
  const answered = present.map(({ xray, label }, i) => ({
    xray: xray.id,
    label: label as 'fracture' | 'whole',
    probability: probabilities[i] ?? 0,
    patient: xray.patient,
    bodyPart: xray.body_part,
  }));
  const test: TestFigures = testFigures(answered, checking.threshold, checking.cannotTell);
  db.write(() => {
    // Another judging of this run may have come first; it gave the same answers and is counted.
    if (getRun(db, row.id)?.test !== null) return;
    insertOpening(db, {
      at: library.now().toISOString(),
      run_id: row.id,
      seed: settings.splitSeed,
      split_hash: splitHash,
    });
    setProbabilities(db, row.id, answered);
    updateRun(db, row.id, { test: JSON.stringify(test) });
  });
  // What was judged does not go on.
  rmSync(checkpointPath(paths, row.id), { recursive: true, force: true });
}
