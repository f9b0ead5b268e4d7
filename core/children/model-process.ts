// The child that answers with trained models, kept warm while it is used; a training has a child of its own.
// Must not know what a model says.
import { Problem } from '#core/problem.ts';
import { Asker, ChildDied } from './child.ts';
import type { StartChild } from './child.ts';

const IDLE_MS = 5 * 60_000;

export class ModelProcess {
  readonly #startChild: StartChild;
  #asker: Asker | null = null;
  #asking = 0;
  #rest: NodeJS.Timeout | null = null;

  constructor(startChild: StartChild) {
    this.#startChild = startChild;
  }

  /** Asks the child; one that died is replaced for the next question. Throws ENGINE_MISSING where it dies answering. */
  async ask<Result>(method: string, input: object): Promise<Result> {
    if (this.#rest) clearTimeout(this.#rest);
    if (!this.#asker || this.#asker.died !== null) this.#asker = new Asker(this.#startChild('tensorflow'));
    this.#asking++;
    try {
      return await this.#asker.ask<Result>(method, input);
    } catch (error) {
      if (error instanceof ChildDied) throw new Problem('ENGINE_MISSING', { reason: error.reason }, { cause: error });
      throw error;
    } finally {
      this.#asking--;
      this.#rest = setTimeout(() => this.#asking === 0 && this.close(), IDLE_MS).unref();
    }
  }

  close(): void {
    this.#asker?.child.kill();
    this.#asker = null;
  }
}
