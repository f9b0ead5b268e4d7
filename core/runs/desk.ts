// Runs as the window and the command line start, watch and judge them.
import { plannedEpochs, runSettings } from '#api/runs.ts';
import type {
  ExportedRun,
  JudgedAnswer,
  LayerRow,
  NetworkCard,
  NetworkCost,
  Preset,
  Run,
  RunDetail,
  RunEvent,
  RunPlan,
  RunSettings,
  Step,
} from '#api/runs.ts';
import { countOpenings, getRun, listRuns, runFilms, updateRun } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { freshNetwork, keptBodies } from '#core/bodies/store.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import { presets } from '#core/cnn/networks/index.ts';
import { pretrained } from '#core/cnn/networks/pretrained.ts';
import { freshTwins } from '#core/imports/twins.ts';
import type { JobControl, Jobs, RunningJob } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { Log } from '#core/log.ts';
import { Problem, problemRow, toProblem } from '#core/problem.ts';
import type { Calibrations } from '#core/settings/calibration/calibrations.ts';
import { judgedAnswers } from './answers.ts';
import { beginAs, expectedSeconds, goOnWith } from './begin.ts';
import { countPatients, labelledFilms, partCounts, splitOf } from './films.ts';
import { judgeRun } from './judge.ts';
import { exportNotebook, folderFor } from './notebook/export.ts';
import { checkingOf, toRun, toRunDetail } from './rows.ts';
import { withMarksThere } from './marks.ts';
import { trainRun } from './train.ts';
import type { Training } from './train.ts';
import { followRun } from './follow.ts';
import type { Wake } from './looks.ts';

interface Services {
  library(): OpenLibrary;
  jobs: Jobs;
  decoders: Decoders;
  models: ModelProcess;
  calibrations: Calibrations;
  startChild: StartChild;
  log: Log;
  version: string;
}

/** `done` ends when the run is judged or sealed. */
interface Started {
  run: number;
  job: string;
  done: Promise<RunDetail>;
}

export class RunDesk {
  readonly #services: Services;
  #steps = new Map<number, Step>();
  #jobs = new Map<number, string>();
  /** Ends the trainer of a job. */
  #ends = new Map<string, () => void>();
  /** Jobs that were asked to stop. */
  #stopping = new Set<string>();
  #watchers = new Set<() => void>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** With the one on a pretrained body where the library has a body. */
  presets(): Preset[] {
    const bodies = tryTo(() => keptBodies(this.#services.library())).value ?? [];
    return bodies.length > 0 ? [...presets, pretrained] : presets;
  }

  /** The networks with what they are made of and take. @throws Problem BAD_SETTINGS where one cannot be built at that size */
  async networks(size?: number): Promise<NetworkCard[]> {
    const cards: NetworkCard[] = [];
    for (const card of presets) {
      const settings = runSettings.parse({ preset: card.name, size: size ?? card.size });
      const { layers, cost } = await this.#ask({ settings });
      cards.push({ ...card, ...cost, builtAt: settings.size, layers });
    }
    return cards;
  }

  /** What a training would use. What keeps it from starting is part of the answer, not an error. */
  async plan(settings: RunSettings): Promise<RunPlan> {
    const library = this.#services.library();
    freshTwins(library);
    const { films, counts } = labelledFilms(library, settings);
    const parts = tryTo(() => splitOf(films, settings));
    const described = await this.#describe(withMarksThere(library, settings, parts.value?.films ?? []));
    const problem = described.problem ?? parts.problem;
    const learn = parts.value?.films.filter((film) => film.part === 'learn') ?? [];
    return {
      ready: problem === null,
      problem,
      films: parts.value?.films.length ?? films.length,
      patients: countPatients(parts.value?.films ?? films),
      patientsKnown: films.length > 0 && counts.withoutPatient < films.length,
      ...counts,
      tied: parts.value?.split.tied.length ?? 0,
      contradictory: parts.value?.split.contradictory ?? [],
      synthetic: films.filter((film) => film.synthetic === 1).length,
      parts: partCounts(parts.value?.films ?? []),
      layers: described.value?.layers ?? [],
      weights: described.value?.weights ?? 0,
      cost: described.value?.cost ?? null,
      stepsPerEpoch: Math.ceil(filmsAnEpoch(learn, settings) / settings.batch),
      secondsExpected: expectedSeconds(library, settings, learn.length),
      opened: countOpenings(library.db, settings.splitSeed),
    };
  }

  /** Throws TRAINING_BUSY, LIBRARY_BUSY while the computer is measured, and what choosing films throws. */
  async start(wanted: RunSettings): Promise<Started> {
    await this.checkSettings(wanted);
    // From here to the start of the job nothing waits: of two starts at once the second sees the first.
    this.checkIdle();
    const library = this.#services.library();
    freshTwins(library);
    return this.#launch(library, beginAs(library, wanted, this.#services.version));
  }

  /** Throws BAD_SETTINGS and ENGINE_MISSING where a network cannot be built of them. */
  async checkSettings(settings: RunSettings): Promise<void> {
    const described = await this.#describe(settings);
    if (described.error) throw described.error;
  }

  /** Goes on with a run. Throws TRAINING_BUSY, LIBRARY_BUSY, RUN_NOT_FOUND, NOTHING_TO_RESUME, RESUME_CHANGED. */
  resume(run: number): Started {
    this.checkIdle();
    const library = this.#services.library();
    return this.#launch(library, goOnWith(library, rowOf(library, run)));
  }

  /** Throws TRAINING_BUSY, LIBRARY_BUSY. */
  checkIdle(): void {
    const busy = this.#services.jobs.running('train');
    if (busy) throw new Problem('TRAINING_BUSY', { run: busy.subject ?? '?' });
    // Either would slow the other down, and what was measured would be wrong.
    const measuring = this.#services.jobs.running('calibrate');
    if (measuring) throw new Problem('LIBRARY_BUSY', { job: measuring.title });
  }

  #launch(library: OpenLibrary, training: Training): Started {
    const { run, settings } = training;
    const start = {
      kind: 'train' as const,
      title: `Training run ${run}`,
      unit: 'epochs',
      total: plannedEpochs(settings),
      subject: run,
      stopKeeps: true,
    };
    const { job, done } = this.#services.jobs.start(start, (control) => this.train(library, training, control));
    const over = done.then(() => this.get(run));
    // Whoever only starts a run does not wait for it; its failure stands in the run and must not end this process.
    over.catch(() => undefined);
    return { run, job, done: over };
  }

  follow(run: number, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const library = this.#services.library();
    rowOf(library, run);
    return followRun(library, run, { stepOf: () => this.#steps.get(run), wake: this.wake, signal });
  }

  /** Tells a listener of every move of a training; returns how to stop it. */
  readonly wake: Wake = (listener) => {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  };

  /**
   * Stops after the batch at hand; a second time at once, without waiting for the trainer. Throws RUN_NOT_FOUND; stopping a
   * run that is over does nothing.
   */
  stop(run: number): void {
    rowOf(this.#services.library(), run);
    this.stopJob(this.#jobs.get(run));
  }

  /** The same for a training that is part of a job. */
  stopJob(job: string | undefined): void {
    if (!job || this.#services.jobs.running('train')?.id !== job) return;
    if (this.#stopping.has(job)) this.#ends.get(job)?.();
    this.#stopping.add(job);
    this.#services.jobs.cancel(job);
  }

  list(): Run[] {
    const library = this.#services.library();
    return listRuns(library.db).map((row) => toRun(library, row));
  }

  get(run: number): RunDetail {
    const library = this.#services.library();
    return toRunDetail(library, rowOf(library, run));
  }

  async judge(run: number): Promise<RunDetail> {
    const library = this.#services.library();
    const control = { signal: new AbortController().signal, progress: () => undefined };
    await judgeRun(library, rowOf(library, run), this.#services, control);
    return this.get(run);
  }

  /** Throws RUN_NOT_FOUND and what `exportNotebook` throws. */
  exportNotebook({ run, folder, inside }: { run: number; folder: string; inside: boolean }): Promise<ExportedRun> {
    const library = this.#services.library();
    const row = rowOf(library, run);
    return exportNotebook(library, row, this.#services, inside ? folderFor(folder, row) : folder);
  }

  /** What a run answered on each judging film; empty while they are sealed. */
  answers(run: number): JudgedAnswer[] {
    const library = this.#services.library();
    const row = rowOf(library, run);
    const threshold = checkingOf(row)?.threshold;
    if (row.test === null || threshold === undefined) return [];
    return judgedAnswers(library, runFilms(library.db, run, 'judge'), threshold);
  }

  /** A training as part of a job, judged where its settings say so. Throws what went wrong, after writing it down. */
  async train(library: OpenLibrary, training: Training, control: JobControl & Pick<RunningJob, 'job'>): Promise<void> {
    const { run, settings } = training;
    this.#jobs.set(run, control.job);
    const { startChild, decoders, models, calibrations } = this.#services;
    const services = {
      startChild,
      decoders,
      calibrations,
      onStep: (step: Step) => void this.#steps.set(run, step),
      onTrainer: (end: () => void) => void this.#ends.set(control.job, end),
      onMoved: () => this.moved(),
    };
    await trainRun(library, training, services, control);
    try {
      if (settings.judge && settings.fold === null && !control.signal.aborted) {
        const quiet = { signal: control.signal, progress: () => undefined };
        await judgeRun(library, rowOf(library, run), { decoders, models }, quiet);
      }
    } finally {
      updateRun(library.db, run, { owner: null });
      this.moved();
    }
  }

  /** Layers of the network; what is wrong with the settings is part of the answer. */
  #describe(settings: RunSettings) {
    return tryToAsync(() => this.#ask(freshNetwork(this.#services.library(), settings)));
  }

  #ask(network: Partial<ReturnType<typeof freshNetwork>>) {
    type Described = { layers: LayerRow[]; weights: number; cost: NetworkCost };
    return this.#services.models.ask<Described>('describe', network);
  }

  /** Whoever follows a training looks again. */
  moved(): void {
    for (const wake of this.#watchers) wake();
  }
}

function rowOf(library: OpenLibrary, run: number): RunRow {
  const row = getRun(library.db, run);
  if (!row) throw new Problem('RUN_NOT_FOUND', { run });
  return row;
}

type Tried<T> =
  { value: T; problem: null; error: null } | { value: null; problem: NonNullable<RunPlan['problem']>; error: unknown };

function tryTo<T>(work: () => T): Tried<T> {
  try {
    return { value: work(), problem: null, error: null };
  } catch (error) {
    return failed(error);
  }
}

async function tryToAsync<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await work(), problem: null, error: null };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): { value: null; problem: NonNullable<RunPlan['problem']>; error: unknown } {
  if (!toProblem(error)) throw error;
  return { value: null, problem: problemRow(error), error };
}

/** Balanced batches show each film of the commoner class beside one of the rarer. */
function filmsAnEpoch(learn: { label: 'fracture' | 'whole' }[], { balanced }: RunSettings): number {
  if (!balanced) return learn.length;
  const broken = learn.filter(({ label }) => label === 'fracture').length;
  return 2 * Math.max(broken, learn.length - broken);
}
