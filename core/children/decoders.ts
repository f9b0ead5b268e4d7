// The pool of decoding children: films go in, readings or refusals come out, and one bad film stops nothing.
// Must not know what is done with a reading.
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { Problem } from '#core/problem.ts';
import { Asker, ChildDied } from './child.ts';
import type { StartChild } from './child.ts';

/** Films under way in one child: enough to keep its threads busy, few enough to repeat after a crash. */
const AT_ONCE = 3;
const TIMEOUT_MS = 20_000;
/** How much longer the second try may take. */
const PATIENCE = 3;
const IDLE_MS = 60_000;

interface Task {
  method: string;
  input: object;
  onEvent: ((event: never) => void) | undefined;
  timeoutMs: number;
  /** Runs alone in its child: it was under way when a child died, so it may be the one to blame. */
  alone: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Worker {
  asker: Asker;
  running: Set<Task>;
  usedAtMs: number;
}

export class Decoders {
  readonly #startChild: StartChild;
  readonly #size: number;
  #workers: Worker[] = [];
  #queue: Task[] = [];
  #sweep: NodeJS.Timeout | null = null;

  constructor(startChild: StartChild, size = Math.min(8, Math.max(1, availableParallelism()))) {
    this.#startChild = startChild;
    this.#size = size;
  }

  /**
   * Has a child do one piece of work. Throws what the child says, DECODER_DIED where the work kills its child twice,
   * FILM_TOO_SLOW where it takes too long.
   */
  ask<Result, Event = never>(
    method: string,
    input: object,
    options: { onEvent?: (event: Event) => void; timeoutMs?: number } = {},
  ): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#queue.push({
      method,
      input,
      onEvent: options.onEvent as ((event: never) => void) | undefined,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      alone: false,
      resolve: resolve as (result: unknown) => void,
      reject,
    });
    this.#assign();
    return promise;
  }

  close(): void {
    if (this.#sweep) clearInterval(this.#sweep);
    this.#sweep = null;
    for (const worker of this.#workers) worker.asker.child.kill();
    this.#workers = [];
    for (const task of this.#queue) task.reject(new Problem('CANCELLED'));
    this.#queue = [];
  }

  #assign(): void {
    for (let task = this.#queue[0]; task; task = this.#queue[0]) {
      const worker = this.#workerFor(task);
      if (!worker) return;
      this.#queue.shift();
      if (worker !== 'none to be had') void this.#run(worker, task);
    }
  }

  /** A task whose child cannot even be started is told so; it must not hold up those behind it. */
  #workerFor(task: Task): Worker | 'none to be had' | null {
    try {
      return this.#freeWorker(task.alone);
    } catch (error) {
      task.reject(error as Error);
      return 'none to be had';
    }
  }

  #freeWorker(alone: boolean): Worker | null {
    const fits = (worker: Worker) =>
      alone ? worker.running.size === 0 : worker.running.size < AT_ONCE && ![...worker.running].some((t) => t.alone);
    const free = this.#workers.filter(fits).sort((a, b) => a.running.size - b.running.size)[0];
    if (free && (free.running.size === 0 || this.#workers.length >= this.#size)) return free;
    return this.#workers.length < this.#size ? this.#hire() : null;
  }

  #hire(): Worker {
    const worker: Worker = { asker: new Asker(this.#startChild('decode')), running: new Set(), usedAtMs: Date.now() };
    this.#workers.push(worker);
    this.#sweep ??= setInterval(() => this.#dismissIdle(), IDLE_MS / 4).unref();
    return worker;
  }

  async #run(worker: Worker, task: Task): Promise<void> {
    worker.running.add(task);
    const timer = setTimeout(() => this.#tooSlow(worker, task), task.timeoutMs);
    try {
      task.resolve(await worker.asker.ask(task.method, task.input, task.onEvent ? { onEvent: task.onEvent } : {}));
    } catch (error) {
      if (error instanceof ChildDied) this.#died(worker, task);
      else task.reject(error as Error);
    } finally {
      clearTimeout(timer);
      worker.running.delete(task);
      worker.usedAtMs = Date.now();
      this.#assign();
    }
  }

  /** On a busy computer a film may be slow through no fault of its own: it gets a second try, alone and with more time. */
  #tooSlow(worker: Worker, task: Task): void {
    if (!task.alone) this.#queue.unshift({ ...task, alone: true, timeoutMs: task.timeoutMs * PATIENCE });
    else task.reject(new Problem('FILM_TOO_SLOW', { file: nameOf(task), seconds: task.timeoutMs / 1000 }));
    worker.running.delete(task);
    this.#workers = this.#workers.filter((other) => other !== worker);
    worker.asker.child.kill();
  }

  #died(worker: Worker, task: Task): void {
    this.#workers = this.#workers.filter((other) => other !== worker);
    if (!worker.running.has(task)) return;
    if (task.alone) task.reject(new Problem('DECODER_DIED', { file: nameOf(task) }));
    else this.#queue.unshift({ ...task, alone: true });
  }

  #dismissIdle(): void {
    for (const worker of this.#workers) {
      if (worker.running.size > 0 || Date.now() - worker.usedAtMs < IDLE_MS) continue;
      this.#workers = this.#workers.filter((other) => other !== worker);
      worker.asker.child.kill();
    }
  }
}

function nameOf(task: Task): string {
  return 'path' in task.input ? basename(String(task.input.path)) : 'The film';
}
