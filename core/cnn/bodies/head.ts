// The head on a body: one logistic unit over its features, learned by the same loop as whole networks.
// Must not know the body. Features are brought to mean 0 and deviation 1 while it learns; its weights are for them as they are.
import type { Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import { placesOf } from '../check-plan.ts';
import type { Tf } from '../engine.ts';
import { countRight, learningWeights, pick } from '../epochs.ts';
import type { Batch, Learned, Learner, LearnerState } from '../epochs.ts';
import { binaryCrossEntropy } from '../loss.ts';
import { createOptimizer } from '../optimizer.ts';
import type { Optimizer } from '../optimizer.ts';
import type { TrainingPlan } from '../trainer.ts';
import type { Features } from './features.ts';

/** A feature that moves less than this share of its size does not move. */
const still = 1e-5;

export class HeadLearner implements Learner {
  readonly batchesPerCall = 1;
  readonly #tf: Tf;
  readonly #plan: TrainingPlan;
  readonly #features: Tensor2D;
  readonly #scale: { means: Float64Array; deviations: Float64Array };
  readonly #kernel: Variable;
  readonly #bias: Variable;
  readonly #optimizer: Optimizer;
  readonly #classWeights: [number, number];

  constructor(tf: Tf, features: Features, plan: TrainingPlan) {
    const films = plan.labels.length;
    const count = features.length / films;
    this.#tf = tf;
    this.#plan = plan;
    this.#scale = scaleOf(features, count, placesOf(plan, 'learn'));
    const { means, deviations } = this.#scale;
    const scaled = features.map((value, at) => (value - (means[at % count] ?? 0)) / (deviations[at % count] ?? 1));
    this.#features = tf.tensor2d(scaled, [films, count]);
    // One unit has one best place: it may begin anywhere.
    this.#kernel = tf.tidy(() => tf.variable(tf.zeros([count, 1])));
    this.#bias = tf.tidy(() => tf.variable(tf.zeros([1])));
    this.#optimizer = createOptimizer(tf, [this.#kernel, this.#bias], plan.settings);
    this.#classWeights = learningWeights(plan);
  }

  learn([batch]: Batch[], _augmentation: unknown, withNorm: boolean): Learned {
    if (!batch) throw new Error('no batch to learn');
    const tf = this.#tf;
    const labels = pick(this.#plan.labels, batch.places);
    let [loss, right] = [Number.NaN, 0];
    let gradientNorm: number | null = null;
    tf.tidy(() => {
      const { x, logits } = this.#logits(batch.places);
      const values = logits.dataSync();
      const entropy = binaryCrossEntropy(values, labels, this.#classWeights, this.#plan.settings.labelSmoothing);
      [loss, right] = [entropy.loss, countRight(values, labels)];
      const gradient = tf.tensor2d(entropy.gradient, [labels.length, 1]);
      const byKernel = tf.matMul(x, gradient, true).flatten();
      const flat = tf.concat1d([byKernel as Tensor1D, gradient.sum().reshape([1]) as Tensor1D]);
      const norm = this.#optimizer.step(flat, batch.learningRate);
      if (withNorm) gradientNorm = norm.dataSync()[0] ?? null;
    });
    return { losses: [loss], right, gradientNorm };
  }

  answer(places: Uint32Array): Float32Array {
    return this.#answering(() => this.#tf.tidy(() => this.#logits(places).logits.dataSync() as Float32Array));
  }

  /** Kernel and bias for features as the body gives them. */
  weights(): Float32Array[] {
    return this.#answering(() => {
      const { means, deviations } = this.#scale;
      const kernel = Float32Array.from(this.#kernel.dataSync(), (weight, at) => weight / (deviations[at] ?? 1));
      const shift = kernel.reduce((sum, weight, at) => sum + weight * (means[at] ?? 0), 0);
      return [kernel, Float32Array.of((this.#bias.dataSync()[0] ?? 0) - shift)];
    });
  }

  state(): LearnerState {
    const read = (variable: Variable) => ({
      values: Float32Array.from(variable.dataSync()),
      shape: variable.shape,
    });
    return { weight0: read(this.#kernel), weight1: read(this.#bias), ...this.#optimizer.state() };
  }

  /** Goes on from what `state` gave. */
  restore(state: LearnerState): void {
    this.#tf.tidy(() => {
      for (const [name, variable] of Object.entries({ weight0: this.#kernel, weight1: this.#bias }))
        variable.assign(this.#tf.tensor(state[name]?.values ?? [], variable.shape));
    });
    this.#optimizer.restore(state);
  }

  close(): void {
    this.#optimizer.dispose();
    this.#tf.dispose([this.#features, this.#kernel, this.#bias]);
  }

  /** Inside a tidy. */
  #logits(places: Uint32Array): { x: Tensor2D; logits: Tensor2D } {
    const x = this.#tf.gather(this.#features, this.#tf.tensor1d(Int32Array.from(places), 'int32'));
    return { x, logits: x.matMul(this.#kernel as unknown as Tensor2D).add(this.#bias) };
  }

  /** By the weights that answer: the averages, where they are kept. */
  #answering<Answer>(ask: () => Answer): Answer {
    this.#optimizer.swap();
    try {
      return ask();
    } finally {
      this.#optimizer.swap();
    }
  }
}

/** Mean and deviation of each feature over the films at `places`; a deviation of 1 where it does not move. */
function scaleOf(features: Features, count: number, places: Uint32Array) {
  const means = new Float64Array(count);
  const deviations = new Float64Array(count);
  const each = (take: (value: number, at: number) => void) => {
    for (const place of places) for (let at = 0; at < count; at++) take(features[place * count + at] ?? 0, at);
  };
  each((value, at) => (means[at] = (means[at] ?? 0) + value / places.length));
  each((value, at) => (deviations[at] = (deviations[at] ?? 0) + (value - (means[at] ?? 0)) ** 2 / places.length));
  for (let at = 0; at < count; at++) {
    const deviation = Math.sqrt(deviations[at] ?? 0);
    deviations[at] = deviation > still * Math.max(still, Math.abs(means[at] ?? 0)) ? deviation : 1;
  }
  return { means, deviations };
}
