// What was found on this computer, asked for once and again on demand.
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

  async look(again = false): Promise<void> {
    this.#looking = true;
    try {
      this.#found = await this.#core.settings.doctor({ again });
    } finally {
      this.#looking = false;
    }
  }
}
