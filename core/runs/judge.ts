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
import type { Checking, RunRecord } from './rows.ts';

interface Services {
  decoders: Decoders;
  models: ModelProcess;
}

/** A judging film with its picture prepared, in `pixels` in the films' order. */
interface Judging {
  films: { id: number; label: 'fracture' | 'whole'; patient: string | null; bodyPart: string | null }[];
  pixels: Uint8Array;
}

/** Judges a finished run; one that was judged before is not judged again. Throws RUN_NOT_DONE, MODEL_DAMAGED. */
export async function judgeRun(
  library: OpenLibrary,
  row: RunRow,
  services: Services,
  control: JobControl,
): Promise<void> {
  const checking = checkingOf(row);
  if (row.best_epoch === null || !checking) throw new Problem('RUN_NOT_DONE', { run: row.id });
  if (row.test !== null) return;
  const judging = await judgingFilms(library, row, services, control);
  const probabilities = await askRun(library, row, services, judging);
  const { answered, test } = judge(judging, probabilities, checking);
  const { db, paths } = library;
  db.write(() => {
    // Another judging of this run may have come first; it gave the same answers and is counted.
    if (getRun(db, row.id)?.test !== null) return;
    countOpening(library, row, null);
    setProbabilities(db, row.id, answered);
    updateRun(db, row.id, { test: JSON.stringify(test) });
  });
  // What was judged does not go on.
  rmSync(checkpointPath(paths, row.id), { recursive: true, force: true });
}

/** Films the run is to be judged with, those that are gone left out. */
export async function judgingFilms(
  library: OpenLibrary,
  row: RunRow,
  { decoders }: Services,
  control: JobControl,
): Promise<Judging> {
  const { size } = runSettings.parse(JSON.parse(row.settings));
  const judged = runFilms(library.db, row.id, 'judge');
  const ids = judged.map((film) => film.xray_id);
  const films = new Map(xraysByIds(library.db, ids).map((film) => [film.id, film]));
  const present = judged.flatMap(({ xray_id: id, label }) => {
    const xray = films.get(id);
    return xray ? [{ label: label as 'fracture' | 'whole', xray }] : [];
  });
  const keys = present.map(({ xray }) => xray);
  const { pixels } = await inputsOf(library, decoders, keys, size, control);
  return {
    films: present.map(({ label, xray: { id, patient, body_part: bodyPart } }) => ({ id, label, patient, bodyPart })),
    pixels,
  };
}

/** What a run's model answers on them. Throws RUN_NOT_DONE, MODEL_DAMAGED. */
export function askRun(
  { paths }: OpenLibrary,
  row: RunRow,
  { models }: Services,
  { films, pixels }: Judging,
): Promise<Float32Array> {
  const { card, folder } = JSON.parse(row.record) as RunRecord;
  if (card === null) throw new Problem('RUN_NOT_DONE', { run: row.id });
  return models.ask<Float32Array>('predict', {
    modelFolder: modelPath(paths, row.id, folder),
    cardSha256: card,
    preprocess: PREPARE_VERSION,
    pixels,
    count: films.length,
  });
}

/** The figures, at a threshold and band that the choosing films gave. */
export function judge(
  { films }: Judging,
  probabilities: ArrayLike<number>,
  { threshold, cannotTell }: Pick<Checking, 'threshold' | 'cannotTell'>,
): { answered: { xray: number; probability: number }[]; test: TestFigures } {
  const answered = films.map((film, i) => ({ ...film, xray: film.id, probability: probabilities[i] ?? 0 }));
  return { answered, test: testFigures(answered, threshold, cannotTell) };
}

/** @param series where the runs of a series answered together, of which this is the first */
export function countOpening(library: OpenLibrary, row: RunRow, series: number | null): void {
  const { splitHash } = JSON.parse(row.record) as RunRecord;
  insertOpening(library.db, {
    at: library.now().toISOString(),
    run_id: row.id,
    seed: runSettings.parse(JSON.parse(row.settings)).splitSeed,
    split_hash: splitHash,
    series_id: series,
  });
}
