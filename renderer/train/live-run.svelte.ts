// One training as it happens, followed from its first epoch on however late the window comes.
// Must not start or judge runs.
import type { Epoch, RunDetail, Step } from '#api/runs.ts';
import { troubleOf, watch } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';

/** Least time between two questions for the run itself: epochs may end faster than anyone reads a remark. */
const ASK_EVERY_MS = 400;
/** A trainer stops within seconds; after this long it may be hung. */
const OVERDUE_MS = 15_000;

export class LiveRun {
  readonly id: number;
  #core: Core;
  #ended: (run: RunDetail) => void;
  #epochs = $state.raw<Epoch[]>([]);
  #step = $state.raw<Step | null>(null);
  #detail = $state.raw<RunDetail | null>(null);
  #stopping = $state(false);
  #overdue = $state(false);
  #trouble = $state.raw<Trouble | null>(null);
  #asking = false;
  #askAgain = false;
  #unfollow: (() => void) | null = null;

  /** `ended` is told once, when the run is over. */
  constructor(core: Core, id: number, ended: (run: RunDetail) => void) {
    this.#core = core;
    this.id = id;
    this.#ended = ended;
  }

  /** Epochs that ended, in order. */
  get epochs(): Epoch[] {
    return this.#epochs;
  }

  /** The newest batch; null before the first. */
  get step(): Step | null {
    return this.#step;
  }

  /** The run with its remark; null until first asked for. */
  get detail(): RunDetail | null {
    return this.#detail;
  }

  get running(): boolean {
    return this.#detail === null || this.#detail.state === 'running';
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Asked to stop long ago: asking again ends it at once. */
  get overdue(): boolean {
    return this.#overdue;
  }

  /** Why it cannot be followed; its own failure stands in `detail.error`. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** The epoch whose weights are kept: the last that was the best so far. */
  get best(): Epoch | null {
    return this.#epochs.findLast(({ best }) => best) ?? this.#detail?.best ?? null;
  }

  follow(): void {
    this.#unfollow ??= watch({
      open: (signal) => this.#core.runs.follow({ run: this.id }, { signal }),
      take: (event) => {
        if (event.kind === 'epoch') this.#take(event.epoch);
        else if (event.kind === 'step') this.#step = event.step;
        else this.#end(event.run);
      },
      failed: (error) => {
        this.#trouble = troubleOf(error);
      },
    });
    void this.#ask();
  }

  unfollow(): void {
    this.#unfollow?.();
    this.#unfollow = null;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    try {
      await this.#core.runs.stop({ run: this.id });
      setTimeout(() => (this.#overdue = true), OVERDUE_MS);
    } catch (error) {
      this.#stopping = false;
      throw error;
    }
  }

  /** Epochs come again from the first when the stream was broken. */
  #take(epoch: Epoch): void {
    const others = this.#epochs.filter((other) => other.epoch !== epoch.epoch);
    this.#epochs = [...others, epoch].sort((a, b) => a.epoch - b.epoch);
    void this.#ask();
  }

  #end(run: RunDetail): void {
    this.unfollow();
    this.#detail = run;
    this.#epochs = run.curve;
    this.#ended(run);
  }

  /** Asks for the run with its remark; never twice at once, and once more if an epoch ended meanwhile. */
  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#askAgain = false;
        const detail = await this.#core.runs.get({ run: this.id });
        if (this.#unfollow) this.#detail = detail;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      } while (this.#askAgain && this.#unfollow);
    } catch (error) {
      this.#trouble = troubleOf(error);
    } finally {
      this.#asking = false;
    }
  }
}
