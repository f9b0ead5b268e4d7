// Learns in bfloat16 until a loss is not finite, then goes on in float32 from where the epoch began.
// Must not learn in float32 from the start: then there is nothing to fall back to.
import type { Random } from '#core/random.ts';
import type { Batch, Learned, Learner, LearnerState } from '../epochs.ts';
import type { GraphLearner } from './learner.ts';
import type { Fed } from './session.ts';

/** Makes what a call is fed; see `fedBatches`. */
export type Feed = (batches: Batch[], augmentation: Random) => Fed;

export class CarefulLearner implements Learner {
  readonly #feed: Feed;
  readonly #onFallBack: () => void;
  #learner: GraphLearner;
  /** How things stood at the end of the last epoch, and what was learned since; null once nothing is to be feared. */
  #kept: { state: LearnerState; since: { fed: Fed; batches: number }[] } | null;

  /** Takes the learner over and closes it. */
  constructor(learner: GraphLearner, feed: Feed, onFallBack: () => void) {
    this.#learner = learner;
    this.#feed = feed;
    this.#onFallBack = onFallBack;
    this.#kept = { state: learner.state(), since: [] };
  }

  get batchesPerCall(): number {
    return this.#learner.batchesPerCall;
  }

  learn(batches: Batch[], augmentation: Random): Learned {
    const fed = this.#feed(batches, augmentation);
    this.#kept?.since.push({ fed, batches: batches.length });
    const learned = this.#learner.run(fed, batches.length);
    if (!this.#kept || learned.losses.every(Number.isFinite)) return learned;
    return this.#again(this.#kept.state, this.#kept.since);
  }

  answer(places: Uint32Array): Float32Array {
    const logits = this.#learner.answer(places);
    if (!this.#kept || logits.every(Number.isFinite)) return logits;
    this.#again(this.#kept.state, this.#kept.since);
    return this.#learner.answer(places);
  }

  weights(): Float32Array[] {
    if (this.#kept) this.#kept = { state: this.#learner.state(), since: [] };
    return this.#learner.weights();
  }

  state(): LearnerState {
    return this.#learner.state();
  }

  /** The one it learns in now. */
  get precision(): GraphLearner['precision'] {
    return this.#learner.precision;
  }

  close(): void {
    this.#learner.close();
  }

  /** The epoch so far once more in float32; gives what the last call learned. */
  #again(state: LearnerState, since: { fed: Fed; batches: number }[]): Learned {
    const other = this.#learner.reopened('float32', state);
    this.#learner.close();
    this.#learner = other;
    this.#kept = null;
    this.#onFallBack();
    let learned: Learned = { losses: [], right: 0, gradientNorm: null };
    for (const { fed, batches } of since) learned = other.run(fed, batches);
    return learned;
  }
}
