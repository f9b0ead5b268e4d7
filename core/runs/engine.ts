// Which TensorFlow this computer gives us: found once by a child that loads it, told in words.
// Must not load TensorFlow itself.
import { Asker } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import { problemRow } from '#core/problem.ts';

export interface EngineFinding {
  name: 'native' | 'wasm' | 'none';
  /** In words, for the status bar: "TensorFlow native 2.21.0, 2 threads". */
  sentence: string;
  threads: number;
  version: string;
}

export class Engine {
  readonly #startChild: StartChild;
  #found: Promise<EngineFinding> | null = null;

  constructor(startChild: StartChild) {
    this.#startChild = startChild;
  }

  /** Looks once; `again` looks anew. Never throws: no engine is a finding too. */
  find(again = false): Promise<EngineFinding> {
    if (again) this.#found = null;
    this.#found ??= this.#probe();
    return this.#found;
  }

  async #probe(): Promise<EngineFinding> {
    const asker = new Asker(this.#startChild('tensorflow'));
    try {
      return await asker.ask<EngineFinding>('probe', { engine: 'auto' });
    } catch (error) {
      return { name: 'none', sentence: problemRow(error).message, threads: 0, version: '' };
    } finally {
      asker.child.kill();
    }
  }
}
