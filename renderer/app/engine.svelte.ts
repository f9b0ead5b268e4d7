// What was found on this computer, asked for once and again on demand.
import type { Job } from '#api/jobs.ts';
import type { Doctor } from '#api/settings.ts';
import type { Core } from '#renderer/connect.ts';

export class Engine {
  #core: Core;
  #found = $state.raw<Doctor | null>(null);
  #looking = $state(false);

  constructor(core: Core) {
    this.#core = core;
  }

  get found(): Doctor | null {
    return this.#found;
  }

  get looking(): boolean {
    return this.#looking;
  }

  /** Measures as a job, `ended` waits for it; what was found then says it. */
  async measure(ended: (job: string) => Promise<Job>): Promise<void> {
    const { job } = await this.#core.settings.calibrate();
    await ended(job);
    await this.look();
  }

  async look(again = false): Promise<void> {
    this.#looking = true;
    try {
      this.#found = await this.#core.settings.doctor({ again });
    } finally {
      this.#looking = false;
    }
  }
}
