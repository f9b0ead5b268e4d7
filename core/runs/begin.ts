// A run's rows as it begins or goes on: settings, films with their parts, and the record of what it is made from.
// Must not start a training.
import { availableParallelism, cpus } from 'node:os';
import { plannedEpochs, runSettings } from '#api/runs.ts';
import type { RunSettings } from '#api/runs.ts';
import { setMeta } from '#db/meta.ts';
import { durability } from '#db/open.ts';
import { deleteEpochsAfter, insertRun, insertRunFilms, listRuns, runFilms, storeSplit, updateRun } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import { bodyOf } from '#core/bodies/store.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import type { Split } from '#core/split/split.ts';
import { hashFilms, labelledFilms, learnedFrom, partCounts, splitOf } from './films.ts';
import type { RunFilm } from './films.ts';
import { withMarksThere } from './marks.ts';
import { isResumable, titleOf, toRun } from './rows.ts';
import type { RunPlanRow, RunRecord } from './rows.ts';
import type { Training } from './train.ts';

/**
 * A run of the labelled films as they are now, written down.
 * @throws what choosing films throws
 */
export function beginAs(library: OpenLibrary, wanted: RunSettings, version: string, series?: number): Training {
  const { split, films } = splitOf(labelledFilms(library, wanted).films, wanted);
  return beginOn(library, wanted, films, { version, split, series });
}

/** A run of given films, written down. */
export function beginOn(
  library: OpenLibrary,
  wanted: RunSettings,
  films: RunFilm[],
  { version, split = null, series }: { version: string; split?: Split | null; series?: number | undefined },
): Training {
  const settings = withMarksThere(library, wanted, films);
  const body = bodyOf(library, settings);
  const record = { ...recordOf(library, films, version), ...(body && { body: body.cardSha256 }) };
  const training = { settings, films, record };
  return { ...training, run: insertRunOf(library, training, split, series) };
}

/** Writes the split, where it is new, and the run down; answers the run's number. */
function insertRunOf(
  library: OpenLibrary,
  { settings, films, record }: Pick<Training, 'settings' | 'films' | 'record'>,
  split: Split | null,
  series: number | null = null,
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
    if (split) {
      storeSplit(
        db,
        settings.splitSeed,
        [...split.parts].map(([id, part]) => ({ id, part })),
      );
    }
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
      series_id: series,
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
  if (!isResumable(library.paths, row)) throw new Problem('NOTHING_TO_RESUME', { damaged: 0 });
  return { ...trainingOf(library, row), resumed: { seconds: row.seconds ?? 0 } };
}

/** The training of a run that has nothing to go on from, from its first epoch on. @throws Problem RESUME_CHANGED */
export function beginAgain(library: OpenLibrary, row: RunRow): Training {
  deleteEpochsAfter(library.db, row.id, 0);
  return trainingOf(library, row);
}

function trainingOf(library: OpenLibrary, row: RunRow): Training {
  const films = filmsOf(library, row);
  updateRun(library.db, row.id, { state: 'running', owner: library.owner, error: null });
  return {
    run: row.id,
    settings: runSettings.parse(JSON.parse(row.settings)),
    films,
    record: JSON.parse(row.record) as RunRecord,
  };
}

/** The films of a run with the labels and parts it began with. @throws Problem RESUME_CHANGED where one is gone */
export function filmsOf({ db }: OpenLibrary, { id: run }: Pick<RunRow, 'id'>): RunFilm[] {
  const rows = runFilms(db, run);
  const ids = rows.map((film) => film.xray_id);
  const xrays = new Map(xraysByIds(db, ids).map((film) => [film.id, film]));
  return rows.map(({ xray_id: id, part, label }): RunFilm => {
    const xray = xrays.get(id);
    if (!xray) throw new Problem('RESUME_CHANGED');
    const { sha256, frame, patient, twin_group: twinGroup, body_part: bodyPart } = xray;
    const known = { part: part as RunFilm['part'], label: label as RunFilm['label'] };
    return { id, sha256, frame, ...known, patient, twinGroup, bodyPart, synthetic: xray.synthetic === 1 };
  });
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
      run.settings.balanced === settings.balanced &&
      run.settings.fineTune === settings.fineTune;
    const learned = (JSON.parse(row.plan) as RunPlanRow).parts.find(({ part }) => part === 'learn')?.films ?? 0;
    if (!same || run.seconds === null || run.epochs === 0 || learned === 0) continue;
    return (run.seconds / (run.epochs * learned)) * plannedEpochs(settings) * learn;
  }
  return null;
}
