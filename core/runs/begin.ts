// A run's rows as it begins or goes on: settings, films with their parts, and the record of what it is made from.
// Must not start a training.
import { availableParallelism, cpus } from 'node:os';
import { runSettings } from '#api/runs.ts';
import type { RunSettings } from '#api/runs.ts';
import { setMeta } from '#db/meta.ts';
import { durability } from '#db/open.ts';
import { insertRun, insertRunFilms, listRuns, runFilms, storeSplit, updateRun } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import type { Split } from '#core/split/split.ts';
import { hashFilms, learnedFrom, partCounts } from './films.ts';
import type { RunFilm } from './films.ts';
import { isResumable, titleOf, toRun } from './rows.ts';
import type { RunPlanRow, RunRecord } from './rows.ts';
import type { Training } from './train.ts';

/** Writes the split and the run down; answers the run's number. */
export function insertRunOf(
  library: OpenLibrary,
  settings: RunSettings,
  films: RunFilm[],
  split: Split,
  record: RunRecord,
): number {
  const { db } = library;
  const plan: RunPlanRow = {
    parts: partCounts(films),
    patientsKnown: films.some((film) => film.patient !== null),
    synthetic: films.every((film) => film.synthetic),
    learnedFrom: learnedFrom(films.filter((film) => film.part === 'learn')),
  };
  return db.write(() => {
    // A fold is of one run; the split is of all.
    storeSplit(
      db,
      settings.splitSeed,
      [...split.parts].map(([id, part]) => ({ id, part })),
    );
    setMeta(db, 'split-seed', String(settings.splitSeed));
    const run = insertRun(db, {
      state: 'running',
      owner: library.owner,
      settings: JSON.stringify(settings),
      engine: null,
      started_at: library.now().toISOString(),
      seconds: null,
      best_epoch: null,
      films: films.length,
      plan: JSON.stringify(plan),
      record: JSON.stringify(record),
      checking: null,
      test: null,
      error: null,
    });
    const rows = films.map(({ id, part, label }) => ({ xray_id: id, part, label, probability: null }));
    insertRunFilms(db, run, rows);
    return run;
  });
}

/**
 * The training of a run that may go on, with the films, labels and parts it began with; the row says that it runs.
 * @throws Problem NOTHING_TO_RESUME, RESUME_CHANGED where a film is gone
 */
export function goOnWith(library: OpenLibrary, row: RunRow): Training {
  const { db, paths } = library;
  if (!isResumable(paths, row)) throw new Problem('NOTHING_TO_RESUME', { damaged: 0 });
  const rows = runFilms(db, row.id);
  const ids = rows.map((film) => film.xray_id);
  const xrays = new Map(xraysByIds(db, ids).map((film) => [film.id, film]));
  const films = rows.map(({ xray_id: id, part, label }): RunFilm => {
    const xray = xrays.get(id);
    if (!xray) throw new Problem('RESUME_CHANGED');
    const { sha256, frame, patient, twin_group: twinGroup, body_part: bodyPart } = xray;
    const known = { part: part as RunFilm['part'], label: label as RunFilm['label'] };
    return { id, sha256, frame, ...known, patient, twinGroup, bodyPart, synthetic: xray.synthetic === 1 };
  });
  updateRun(db, row.id, { state: 'running', owner: library.owner, error: null });
  return {
    run: row.id,
    settings: runSettings.parse(JSON.parse(row.settings)),
    films,
    record: JSON.parse(row.record) as RunRecord,
    resumed: { seconds: row.seconds ?? 0 },
  };
}

export function recordOf({ db }: OpenLibrary, films: RunFilm[], version: string): RunRecord {
  return {
    versions: {
      osteon: version,
      node: process.version,
      sqlite: durability(db.raw).sqlite,
      preparation: String(PREPARE_VERSION),
    },
    dataHash: hashFilms(films, (film) => film.label),
    splitHash: hashFilms(films, (film) => film.part),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, ${process.platform} ${process.arch}`,
    card: null,
  };
}

/** From the newest finished run of the same network and input: seconds a film and epoch. */
export function expectedSeconds(library: OpenLibrary, settings: RunSettings, learn: number): number | null {
  for (const row of listRuns(library.db)) {
    const run = toRun(library, row);
    const same =
      titleOf(run.settings) === titleOf(settings) &&
      run.settings.engine === settings.engine &&
      run.settings.balanced === settings.balanced;
    const learned = (JSON.parse(row.plan) as RunPlanRow).parts.find(({ part }) => part === 'learn')?.films ?? 0;
    if (!same || run.seconds === null || run.epochs === 0 || learned === 0) continue;
    return (run.seconds / (run.epochs * learned)) * settings.epochs * learn;
  }
  return null;
}
