// Long work under way, as the status bar and the pages show it.
import type { Job } from '#api/jobs.ts';
import { watch } from '#renderer/connect.ts';
import type { Core } from '#renderer/connect.ts';

export class JobsState {
  #core: Core;
  #all = $state.raw<Job[]>([]);
  #alive = $state(true);
  #stop: (() => void) | null = null;
  #ended: (job: Job) => void;
  #resumed: () => void;
  /** Jobs seen running here: only the end of those is news. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen follows it
  #running = new Set<string>();

  /** `ended` is told of each job that ended while the window watched; `resumed` when the core answers again. */
  constructor(core: Core, ended: (job: Job) => void, resumed: () => void) {
    this.#core = core;
    this.#ended = ended;
    this.#resumed = resumed;
  }

  get all(): Job[] {
    return this.#all;
  }

  get running(): Job[] {
    return this.#all.filter(({ state }) => state === 'running');
  }

  /** Whether the core answers. */
  get alive(): boolean {
    return this.#alive;
  }

  find(id: string): Job | undefined {
    return this.#all.find((job) => job.id === id);
  }

  async cancel(id: string): Promise<void> {
    await this.#core.jobs.cancel({ job: id });
  }

  /** The job once it has ended. Rejects where there is no such job. */
  ended(id: string): Promise<Job> {
    return new Promise((resolve, reject) => {
      let last: Job | undefined;
      watch({
        open: (signal) => this.#core.jobs.follow({ job: id }, { signal }),
        take: (job) => (last = job),
        ended: () => (last ? resolve(last) : reject(new Error('job ended unseen'))),
        failed: reject,
      });
    });
  }

  start(): void {
    this.#stop ??= watch({
      open: (signal) => this.#core.jobs.watch(undefined, { signal }),
      take: (jobs) => this.#take(jobs),
      alive: (alive) => {
        const back = alive && !this.#alive;
        this.#alive = alive;
        if (back) this.#resumed();
      },
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #take(jobs: Job[]): void {
    this.#all = jobs;
    for (const job of jobs) {
      if (job.state === 'running') this.#running.add(job.id);
      else if (this.#running.delete(job.id)) this.#ended(job);
    }
  }
}
