// One training from the films of the library to a finished run: inputs, the training child, what it says, its figures.
// Must not train itself, and must leave every run in a state that says what happened.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch, RunSettings, Step } from '#api/runs.ts';
import { insertEpoch, setProbabilities, updateRun } from '#db/runs.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { TrainingResult } from '#core/cnn/train-model.ts';
import { auc } from '#core/evaluation/roc.ts';
import { sureFractures } from '#core/evaluation/figures.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { makeFolder } from '#core/libraries/durable.ts';
import { modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem, problemRow } from '#core/problem.ts';
import type { RunFilm } from './films.ts';
import { inputsOf } from './inputs.ts';
import type { Checking, RunRecord } from './rows.ts';

export interface Training {
  run: number;
  settings: RunSettings;
  films: RunFilm[];
  record: RunRecord;
}

export interface Services {
  startChild: StartChild;
  decoders: Decoders;
  onStep(step: Step): void;
  onMoved(): void;
}

type TrainingEvent =
  { kind: 'engine'; engine: string } | { kind: 'step'; step: Step } | { kind: 'epoch'; epoch: Epoch };

const partCode = { learn: 0, choose: 1, judge: 2 } as const;

/** Ends with the run's row in its last state, still owned: it may be judged yet. Throws what went wrong, after writing it down. */
export async function trainRun(
  library: OpenLibrary,
  training: Training,
  services: Services,
  control: JobControl,
): Promise<void> {
  const { run, settings } = training;
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  let epoch = 0;
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === 'engine') updateRun(library.db, run, { engine: event.engine });
    if (event.kind === 'step') services.onStep(event.step);
    if (event.kind === 'epoch') {
      epoch = event.epoch.epoch;
      insertEpoch(library.db, run, epoch, JSON.stringify(event.epoch));
      control.progress(epoch, settings.epochs);
    }
    services.onMoved();
  };
  try {
    const result = await askChild(library, training, services, control, onEvent);
    keepResult(library, training, result, { seconds: seconds(), stopped: control.signal.aborted });
  } catch (error) {
    const told =
      error instanceof ChildDied ? new Problem('TRAINER_DIED', { epoch: epoch + 1, reason: error.reason }) : error;
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

async function askChild(
  library: OpenLibrary,
  { run, settings, films }: Training,
  { decoders, startChild }: Services,
  control: JobControl,
  onEvent: (event: TrainingEvent) => void,
): Promise<TrainingResult> {
  const preparing = { signal: control.signal, progress: () => undefined };
  const { pixels, colour } = await inputsOf(library, decoders, films, settings.size, preparing);
  const file = join(library.paths.incoming, `run-${run}.pixels`);
  makeFolder(library.paths.incoming);
  writeFileSync(file, pixels, { mode: 0o600 });
  control.progress(0, settings.epochs);
  const asker = new Asker(startChild('tensorflow'));
  try {
    return await asker.ask<TrainingResult, TrainingEvent>(
      'train',
      {
        settings,
        files: { pixels: file, count: films.length },
        labels: Uint8Array.from(films, (film) => (film.label === 'fracture' ? 1 : 0)),
        parts: Uint8Array.from(films, (film) => partCode[film.part]),
        colours: colour,
        preprocess: PREPARE_VERSION,
        modelFolder: modelPath(library.paths, run),
      },
      { onEvent, signal: control.signal },
    );
  } finally {
    asker.child.kill();
    rmSync(file, { force: true });
  }
}

function keepResult(
  library: OpenLibrary,
  { run, films, record }: Training,
  result: TrainingResult,
  { seconds, stopped }: { seconds: number; stopped: boolean },
): void {
  const answers = films.flatMap(({ id }, i) => {
    const probability = result.probabilities[i] ?? Number.NaN;
    return Number.isNaN(probability) ? [] : [{ xray: id, probability }];
  });
  const { problem } = result;
  library.db.write(() => {
    setProbabilities(library.db, run, answers);
    updateRun(library.db, run, {
      state: stopped || problem ? 'stopped' : 'done',
      seconds,
      engine: result.engine,
      best_epoch: result.bestEpoch,
      checking: JSON.stringify(checkingOf(films, result)),
      record: JSON.stringify({ ...record, card: result.cardSha256 } satisfies RunRecord),
      error: problem && JSON.stringify(problemRow(new Problem(problem.code, problem.values))),
    });
  });
}

/** Figures on the choosing films: they chose the epoch and the threshold, so they never stand as the headline. */
function checkingOf(films: RunFilm[], { probabilities, threshold, cannotTell }: TrainingResult): Checking {
  const chosen = films.flatMap((film, i) =>
    film.part === 'choose' ? [{ label: film.label, probability: probabilities[i] ?? 0 }] : [],
  );
  const right = chosen.filter(({ label, probability }) => probability >= threshold === (label === 'fracture')).length;
  return {
    n: chosen.length,
    accuracy: chosen.length > 0 ? right / chosen.length : 0,
    auc:
      auc(
        chosen.map(({ label }) => (label === 'fracture' ? 1 : 0)),
        chosen.map(({ probability }) => probability),
      ) ?? 0.5,
    threshold,
    cannotTell,
    sure: sureFractures(chosen, threshold, cannotTell),
  };
}
