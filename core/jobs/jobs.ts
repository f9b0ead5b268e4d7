// Long work in one place: how far each job is, how long it will take, how it ends, and a way to stop it.
// Must not know what a job does.
import { randomUUID } from 'node:crypto';
import type { Job } from '#api/jobs.ts';
import type { Log } from '#core/log.ts';
import { Problem, problemRow, toProblem } from '#core/problem.ts';

/** Ended jobs that are still listed. */
const KEPT = 20;
/** Watchers are told at most this often. */
const TELL_EVERY_MS = 100;

export interface JobControl {
  signal: AbortSignal;
  /** @param unit what is counted from now on */
  progress(done: number, total?: number, unit?: string): void;
}

/** What work on several things has beside: it says which it is at. */
export interface RunningJob extends JobControl {
  job: string;
  turnTo(subject: number, title: string): void;
}

export interface JobStart {
  kind: Job['kind'];
  title: string;
  unit: string;
  total?: number;
  subject?: number;
  /** Stop asks the work to end early and keep what it has; without it the job counts as cancelled. */
  stopKeeps?: boolean;
}

interface Entry {
  job: Job;
  abort: AbortController;
  startedMs: number;
}

export class Jobs {
  readonly #log: Log;
  #entries: Entry[] = [];
  #watchers = new Set<() => void>();
  #tell: NodeJS.Timeout | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Starts work at once. `done` is its outcome; a job that nobody awaits still ends with its error in the list. */
  start<T>(start: JobStart, work: (control: RunningJob) => Promise<T>): { job: string; done: Promise<T> } {
    const entry: Entry = {
      abort: new AbortController(),
      startedMs: performance.now(),
      job: {
        id: randomUUID(),
        kind: start.kind,
        title: start.title,
        state: 'running',
        done: 0,
        total: start.total ?? null,
        unit: start.unit,
        secondsLeft: null,
        startedAt: new Date().toISOString(),
        subject: start.subject ?? null,
        error: null,
      },
    };
    this.#entries.unshift(entry);
    const ended = this.#entries.filter(({ job }) => job.state !== 'running');
    for (const old of ended.slice(KEPT)) this.#entries.splice(this.#entries.indexOf(old), 1);
    const done = work({
      signal: entry.abort.signal,
      progress: (count, total, unit) => this.#progress(entry, count, total, unit),
      job: entry.job.id,
      turnTo: (subject, title) => {
        Object.assign(entry.job, { subject, title });
        this.#moved();
      },
    }).then(
      (result) => {
        const stopped = entry.abort.signal.aborted && !start.stopKeeps;
        this.#end(entry, stopped ? 'cancelled' : 'done');
        return result;
      },
      (error: unknown) => {
        this.#fail(entry, error);
        throw error;
      },
    );
    done.catch(() => undefined);
    this.#moved();
    return { job: entry.job.id, done };
  }

  list(): Job[] {
    return this.#entries.map(({ job }) => ({ ...job }));
  }

  running(kind?: Job['kind']): Job | undefined {
    return this.#entries.find(({ job }) => job.state === 'running' && (!kind || job.kind === kind))?.job;
  }

  /** Throws JOB_NOT_FOUND. */
  cancel(id: string): void {
    this.#find(id).abort.abort();
  }

  async *watch(signal?: AbortSignal): AsyncGenerator<Job[]> {
    yield* this.#whenever(() => this.list(), signal);
  }

  /** Yields the job until it has ended. Throws JOB_NOT_FOUND. */
  async *follow(id: string, signal?: AbortSignal): AsyncGenerator<Job> {
    const { job } = this.#find(id);
    for await (const now of this.#whenever(() => ({ ...job }), signal)) {
      yield now;
      if (now.state !== 'running') return;
    }
  }

  /** Stops everything and waits until it has ended. */
  async close(): Promise<void> {
    for (const { abort } of this.#entries) abort.abort();
    const until = performance.now() + 5000;
    while (this.running() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #find(id: string): Entry {
    const entry = this.#entries.find(({ job }) => job.id === id);
    if (!entry) throw new Problem('JOB_NOT_FOUND');
    return entry;
  }

  #progress(entry: Entry, done: number, total?: number, unit?: string): void {
    const { job } = entry;
    if (unit !== undefined && unit !== job.unit) {
      // How long the one takes says nothing about the other.
      job.unit = unit;
      job.secondsLeft = null;
      entry.startedMs = performance.now();
    }
    job.done = done;
    if (total !== undefined) job.total = total;
    const seconds = (performance.now() - entry.startedMs) / 1000;
    if (job.total !== null && done > 0 && seconds > 0.5) job.secondsLeft = ((job.total - done) * seconds) / done;
    this.#tell ??= setTimeout(() => this.#moved(), TELL_EVERY_MS);
  }

  #fail(entry: Entry, error: unknown): void {
    const cancelled = error instanceof Problem && error.code === 'CANCELLED';
    const aborted = entry.abort.signal.aborted && (cancelled || (error as Error | null)?.name === 'AbortError');
    if (!toProblem(error) && !aborted) this.#log.error({ err: error, job: entry.job.kind }, 'job failed');
    entry.job.error = aborted ? null : problemRow(error);
    this.#end(entry, aborted ? 'cancelled' : 'failed');
  }

  #end({ job }: Entry, state: Job['state']): void {
    job.state = state;
    job.secondsLeft = null;
    this.#moved();
  }

  #moved(): void {
    if (this.#tell) clearTimeout(this.#tell);
    this.#tell = null;
    for (const wake of this.#watchers) wake();
  }

  /** Yields at once and after every move, skipping moves that nobody was awake for. */
  async *#whenever<T>(read: () => T, signal?: AbortSignal): AsyncGenerator<T> {
    let moved = Promise.withResolvers<undefined>();
    const wake = () => {
      moved.resolve(undefined);
    };
    this.#watchers.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
    try {
      while (!signal?.aborted) {
        moved = Promise.withResolvers<undefined>();
        yield read();
        await moved.promise;
      }
    } finally {
      this.#watchers.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
  }
}
