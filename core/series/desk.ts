// Series as the window and the command line start, watch and judge them: one job, its runs one after the other.
// Must not train: each run is one of the run desk's.
import { plannedEpochs } from '#api/runs.ts';
import type { JudgedAnswer, RunSettings } from '#api/runs.ts';
import type { Series, SeriesEvent, SeriesKind } from '#api/series.ts';
import { getRun, runFilms } from '#db/runs.ts';
import { getSeries, insertSeries, listSeries, runsOfSeries, seriesFilms, updateSeries } from '#db/series.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import { freshTwins } from '#core/imports/twins.ts';
import type { Jobs, RunningJob } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { judgedAnswers } from '#core/runs/answers.ts';
import type { RunDesk } from '#core/runs/desk.ts';
import { looks } from '#core/runs/looks.ts';
import type { Training } from '#core/runs/train.ts';
import { checkFolds, nextOf } from './begin.ts';
import { isFinished, seriesRow, settingsOf, toSeries } from './rows.ts';
import { checkTogether, judgeTogether, membersOf } from './together.ts';

interface Services {
  library(): OpenLibrary;
  jobs: Jobs;
  decoders: Decoders;
  models: ModelProcess;
  runs: RunDesk;
  version: string;
}

/** `run`: the one that learns first. */
interface Begun {
  series: number;
  run: number;
  job: string;
}

export class SeriesDesk {
  readonly #services: Services;
  #jobs = new Map<number, string>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Throws TRAINING_BUSY and what choosing films throws; then nothing was begun. */
  async start({ settings, kind, count }: { settings: RunSettings; kind: SeriesKind; count: number }): Promise<Begun> {
    const { runs, version } = this.#services;
    const wanted = { kind, count, settings: JSON.stringify(settings) };
    await runs.checkSettings(settingsOf(wanted, 0));
    // From here to the start of the job nothing waits: of two starts at once the second sees the first.
    runs.checkIdle();
    const library = this.#services.library();
    freshTwins(library);
    checkFolds(library, wanted);
    const { db, owner } = library;
    const began = { ...wanted, owner, started_at: library.now().toISOString(), checking: null, test: null };
    const { series, first } = db.write(() => {
      const id = insertSeries(db, began);
      return { series: id, first: nextOf(library, seriesRow(library, id), version) };
    });
    return this.#launch(library, series, first);
  }

  /** Goes on with what is missing. Throws TRAINING_BUSY, SERIES_NOT_FOUND, NOTHING_MISSING, RESUME_CHANGED. */
  resume(series: number): Begun {
    const { runs, version } = this.#services;
    runs.checkIdle();
    const library = this.#services.library();
    const row = seriesRow(library, series);
    if (!toSeries(library, row).resumable) throw new Problem('NOTHING_MISSING', { series });
    const { db, owner } = library;
    const first = db.write(() => {
      updateSeries(db, series, { owner });
      return nextOf(library, row, version);
    });
    return this.#launch(library, series, first);
  }

  /** As for a run. Throws SERIES_NOT_FOUND; stopping a series that is over does nothing. */
  stop(series: number): void {
    seriesRow(this.#services.library(), series);
    this.#services.runs.stopJob(this.#jobs.get(series));
  }

  /** Throws SERIES_NOT_FOUND. */
  async *follow(series: number, signal?: AbortSignal): AsyncGenerator<SeriesEvent> {
    const library = this.#services.library();
    let told = 0;
    for await (const _ of looks(this.#services.runs.wake, signal)) {
      const row = seriesRow(library, series);
      for (const { id } of runsOfSeries(library.db, series).slice(told)) {
        yield { kind: 'run', run: id, number: ++told };
      }
      if (row.owner === null) {
        yield { kind: 'end', series: toSeries(library, row) };
        return;
      }
    }
  }

  list(): Series[] {
    const library = this.#services.library();
    return listSeries(library.db).map((row) => toSeries(library, row));
  }

  get(series: number): Series {
    const library = this.#services.library();
    return toSeries(library, seriesRow(library, series));
  }

  async judge(series: number): Promise<Series> {
    const library = this.#services.library();
    const control = { signal: new AbortController().signal, progress: () => undefined };
    await judgeTogether(library, seriesRow(library, series), this.#services, control);
    return this.get(series);
  }

  /** What its runs answered together on each judging film; empty while they are sealed. */
  answers(series: number): JudgedAnswer[] {
    const library = this.#services.library();
    const row = seriesRow(library, series);
    if (row.test === null) return [];
    const { runs, checking } = membersOf(library, row);
    const answered = seriesFilms(library.db, series);
    const films = runFilms(library.db, runs[0].id, 'judge').filter((film) => answered.has(film.xray_id));
    const together = films.map((film) => ({ ...film, probability: answered.get(film.xray_id) ?? null }));
    return judgedAnswers(library, together, checking.threshold);
  }

  /** Without a training all runs are there, and only what they say together is missing. */
  #launch(library: OpenLibrary, series: number, first: Training | null): Begun {
    const row = seriesRow(library, series);
    const run = first?.run ?? runsOfSeries(library.db, series).at(-1)?.id ?? 0;
    const start = {
      kind: 'train' as const,
      title: `Training series ${series}`,
      unit: 'epochs',
      total: row.count * plannedEpochs(settingsOf(row, 0)),
      subject: run,
      stopKeeps: true,
    };
    const { job } = this.#services.jobs.start(start, (control) => this.#train(library, series, first, control));
    this.#jobs.set(series, job);
    return { series, run, job };
  }

  /** One run after the other until none is missing, one is stopped or one fails; what is done stays done. */
  async #train(library: OpenLibrary, series: number, first: Training | null, control: RunningJob): Promise<void> {
    const { runs, version } = this.#services;
    const { db } = library;
    const { count } = seriesRow(library, series);
    try {
      for (let next = first; next; next = nextOf(library, seriesRow(library, series), version)) {
        const { run, settings } = next;
        const number = runsOfSeries(db, series).findIndex(({ id }) => id === run);
        control.turnTo(run, `Training run ${run}, ${number + 1} of ${count}`);
        // What a run counts before its first epoch is no part of the whole.
        const progress = (done: number, _total?: number, unit = 'epochs') => {
          if (unit === 'epochs') control.progress(number * plannedEpochs(settings) + done);
        };
        await runs.train(library, next, { ...control, progress });
        const row = getRun(db, run);
        if (control.signal.aborted || !row || !isFinished(row)) return;
      }
      await this.#finish(library, series, control);
    } finally {
      if (getSeries(db, series)) updateSeries(db, series, { owner: null });
      runs.moved();
    }
  }

  /** All runs are there: what they say together, judged where each of them was to be. */
  async #finish(library: OpenLibrary, series: number, control: RunningJob): Promise<void> {
    checkTogether(library, seriesRow(library, series));
    const row = seriesRow(library, series);
    if (row.checking === null || !settingsOf(row, 0).judge || control.signal.aborted) return;
    const quiet = { signal: control.signal, progress: () => undefined };
    await judgeTogether(library, row, this.#services, quiet);
  }
}
