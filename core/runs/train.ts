// One training from the films of the library to a finished run: inputs, the training child, what it says, its figures.
// Must not train itself, and must leave every run in a state that says what happened.
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { plannedEpochs } from '#api/runs.ts';
import type { Epoch, RunSettings, Step } from '#api/runs.ts';
import { deleteEpochsAfter, insertEpoch, setProbabilities, updateRun } from '#db/runs.ts';
import { bodyOf, featureCache, referenceToBody } from '#core/bodies/store.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { BodyOfFilms } from '#core/cnn/bodies/train-on-body.ts';
import type { TrainingResult } from '#core/cnn/train-model.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { makeFolder } from '#core/libraries/durable.ts';
import { checkpointPath, modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem, problemRow } from '#core/problem.ts';
import type { Calibrations } from '#core/settings/calibration/calibrations.ts';
import { environmentOf } from '#core/settings/calibration/tuning.ts';
import { checkingFigures } from './checking.ts';
import type { RunFilm } from './films.ts';
import { inputsOf, keyOf } from './inputs.ts';
import { boxesOf } from './marks.ts';
import type { Checking, RunRecord } from './rows.ts';

export interface Training {
  run: number;
  settings: RunSettings;
  films: RunFilm[];
  record: RunRecord;
  /** Set where it goes on from its newest checkpoint: seconds it took until now. */
  resumed?: { seconds: number };
}

export interface Services {
  startChild: StartChild;
  decoders: Decoders;
  calibrations: Calibrations;
  onStep(step: Step): void;
  /** `end` kills the trainer: one that hangs hears nothing. */
  onTrainer(end: () => void): void;
  onMoved(): void;
}

type TrainingEvent =
  | { kind: 'engine'; engine: string; precision: string; versions: Record<string, string> }
  | { kind: 'step'; step: Step }
  | { kind: 'epoch'; epoch: Epoch }
  | { kind: 'features'; done: number; total: number }
  | { kind: 'resumed'; epoch: number; damaged: number };

const partCode = { learn: 0, choose: 1, judge: 2 } as const;

/** Ends with the run's row in its last state, still owned: it may be judged yet. Throws what went wrong, after writing it down. */
export async function trainRun(
  library: OpenLibrary,
  training: Training,
  services: Services,
  control: JobControl,
): Promise<void> {
  const { run, settings, record } = training;
  const startedMs = performance.now();
  const seconds = () => (training.resumed?.seconds ?? 0) + (performance.now() - startedMs) / 1000;
  const planned = plannedEpochs(settings);
  let epoch = 0;
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === 'engine') {
      record.precision = event.precision;
      record.versions = { ...record.versions, ...event.versions };
      updateRun(library.db, run, { engine: event.engine, record: JSON.stringify(record) });
    }
    if (event.kind === 'features') control.progress(event.done, event.total, 'films');
    if (event.kind === 'resumed') {
      epoch = event.epoch;
      record.resumes = [...(record.resumes ?? []), { epoch, damaged: event.damaged }];
      library.db.write(() => {
        deleteEpochsAfter(library.db, run, epoch);
        updateRun(library.db, run, { record: JSON.stringify(record) });
      });
      control.progress(epoch, planned, 'epochs');
    }
    if (event.kind === 'step') services.onStep(event.step);
    if (event.kind === 'epoch') {
      epoch = event.epoch.epoch;
      insertEpoch(library.db, run, epoch, JSON.stringify(event.epoch));
      control.progress(epoch, planned, 'epochs');
    }
    services.onMoved();
  };
  try {
    const result = await askChild(library, training, services, control, onEvent);
    keepResult(library, training, result, { seconds: seconds(), stopped: control.signal.aborted });
  } catch (error) {
    const told = error instanceof ChildDied ? deathOf(error, epoch, control.signal.aborted) : error;
    const stopped = told instanceof Problem && told.code === 'CANCELLED';
    updateRun(library.db, run, {
      state: stopped ? 'stopped' : 'failed',
      owner: null,
      seconds: seconds(),
      error: stopped ? null : JSON.stringify(problemRow(told)),
    });
    throw told;
  } finally {
    services.onMoved();
  }
}

/** Whoever was to stop and was killed or fell over its last steps has stopped: it can go on from its last checkpoint. */
function deathOf({ reason }: ChildDied, epoch: number, stopping: boolean): Problem {
  return stopping ? new Problem('CANCELLED') : new Problem('TRAINER_DIED', { epoch: epoch + 1, reason });
}

async function askChild(
  library: OpenLibrary,
  { run, settings, films, record, resumed }: Training,
  { decoders, startChild, calibrations, onTrainer }: Services,
  control: JobControl,
  onEvent: (event: TrainingEvent) => void,
): Promise<TrainingResult & { folder: string }> {
  const preparing = { signal: control.signal, progress: () => undefined };
  const { pixels, colour } = await inputsOf(library, decoders, films, settings.size, preparing);
  const file = join(library.paths.incoming, `run-${run}.pixels`);
  makeFolder(library.paths.incoming);
  writeFileSync(file, pixels, { mode: 0o600 });
  if (!resumed) control.progress(0, plannedEpochs(settings));
  const folder = modelPath(library.paths, run, modelNameFor(run, record, resumed !== undefined));
  // Left by a training that was killed between saving its model and saying so.
  rmSync(folder, { recursive: true, force: true });
  if (!resumed) {
    record.tuning = await calibrations.tuningFor(settings, control.signal, () =>
      updateRun(library.db, run, { engine: 'This computer is being measured, once; a few seconds' }),
    );
    updateRun(library.db, run, { record: JSON.stringify(record) });
  }
  const { tuning } = record;
  const asker = new Asker(startChild('tensorflow', tuning ? environmentOf(tuning) : {}));
  onTrainer(() => asker.child.kill());
  try {
    const result = await asker.ask<TrainingResult, TrainingEvent>(
      'train',
      {
        settings,
        files: { pixels: file, count: films.length },
        labels: Uint8Array.from(films, (film) => (film.label === 'fracture' ? 1 : 0)),
        parts: Uint8Array.from(films, (film) => partCode[film.part]),
        stepsPerCall: tuning?.stepsPerCall,
        boxes: settings.marks ? boxesOf(library, films, settings.size) : undefined,
        body: bodyOfFilms(library, settings, films, record),
        colours: colour,
        preprocess: PREPARE_VERSION,
        modelFolder: folder,
        checkpoints: checkpointPath(library.paths, run),
        resume: resumed !== undefined,
      },
      { onEvent, signal: control.signal },
    );
    return { ...result, folder };
  } finally {
    asker.child.kill();
    rmSync(file, { force: true });
  }
}

/** The body the run began with. @throws Problem BAD_SETTINGS where another one has its name by now, or none */
function bodyOfFilms(
  library: OpenLibrary,
  settings: RunSettings,
  films: RunFilm[],
  record: RunRecord,
): BodyOfFilms | undefined {
  const body = bodyOf(library, settings);
  if (!body) return undefined;
  if (body.cardSha256 !== record.body)
    throw new Problem('BAD_SETTINGS', { reason: `the body "${body.name}" is not the one this run began with` });
  const cache = featureCache(library.paths, body);
  return { ...referenceToBody(library.paths, body), cache, keys: films.map(keyOf) };
}

/** A model that was saved is never overwritten: one that went on after a stop gets a folder of its own. */
function modelNameFor(run: number, { resumes = [] }: RunRecord, again: boolean): string {
  const times = resumes.length + (again ? 1 : 0);
  return times === 0 ? String(run) : `${run}.${times}`;
}

function keepResult(
  library: OpenLibrary,
  { run, films, record }: Training,
  result: TrainingResult & { folder: string },
  { seconds, stopped }: { seconds: number; stopped: boolean },
): void {
  const answers = films.flatMap(({ id }, i) => {
    const probability = result.probabilities[i] ?? Number.NaN;
    return Number.isNaN(probability) ? [] : [{ xray: id, probability }];
  });
  const { problem } = result;
  const over = !stopped && !problem;
  const before = record.card === null ? null : modelPath(library.paths, run, record.folder);
  const kept: RunRecord = { ...record, card: result.cardSha256, folder: basename(result.folder) };
  library.db.write(() => {
    setProbabilities(library.db, run, answers);
    updateRun(library.db, run, {
      state: over ? 'done' : 'stopped',
      seconds,
      engine: result.engine,
      best_epoch: result.bestEpoch,
      checking: JSON.stringify(checkingOf(films, result)),
      record: JSON.stringify(kept),
      error: problem && JSON.stringify(problemRow(new Problem(problem.code, problem.values))),
    });
  });
  // Only now that the run answers by its new model.
  if (before && before !== result.folder) rmSync(before, { recursive: true, force: true });
  if (over) rmSync(checkpointPath(library.paths, run), { recursive: true, force: true });
}

function checkingOf(films: RunFilm[], { probabilities, threshold, cannotTell }: TrainingResult): Checking {
  const chosen = films.flatMap((film, i) =>
    film.part === 'choose' ? [{ label: film.label, probability: probabilities[i] ?? 0 }] : [],
  );
  return checkingFigures(chosen, threshold, cannotTell);
}
