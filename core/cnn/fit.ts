// The layers engine: trains a network step by step with tfjs, native or WebAssembly.
// It is also what a faster engine is measured against, so it stays plain. Must not read files or know the library.
import type { LayersModel, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { Random } from '#core/random.ts';
import { augmented, drawPlacement } from './augment.ts';
import { batchOf, normalisationOf } from './batches.ts';
import type { Normalisation } from './batches.ts';
import { checkPlan, placesOf } from './check-plan.ts';
import type { Tf } from './engine.ts';
import { countRight, learnEpochs, learningWeights, pick } from './epochs.ts';
import type { Batch, Learned, Learner, LearnerState, Progress } from './epochs.ts';
import { binaryCrossEntropy } from './loss.ts';
import { learnAhead } from './learn-ahead.ts';
import { buildNetwork } from './networks/index.ts';
import { createOptimizer } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';
import { logitsOf, predictLogits } from './predict.ts';
import type { Trainer, TrainingPlan } from './trainer.ts';

interface Layers {
  tf: Tf;
  plan: TrainingPlan;
  logits: LayersModel;
  variables: Variable[];
  optimizer: Optimizer;
  normalisation: Normalisation;
  classWeights: [number, number];
}

/** Same seed, same engine, same thread count: same weights. */
export const fit: Trainer = async (engine, plan, hooks, from = null) => {
  checkPlan(plan);
  const { tf } = engine;
  hooks.onEngine?.(engine.sentence);
  const model = buildNetwork(tf, plan.settings);
  const layers = prepare(tf, model, plan);
  try {
    if (!from) learnAhead(tf, model, plan, layers.normalisation);
    const learner = learnerOf(layers, model);
    if (from) goOnFrom(layers, model, from.state);
    const onProgress = (progress: () => Progress) =>
      hooks.onCheckpoint?.(() => ({ ...progress(), engine: 'layers', precision: 'float32' }));
    const { weights, ...course } = await learnEpochs(learner, plan, { ...hooks, onProgress }, from);
    writeWeights(tf, model, weights);
    return { model, normalisation: layers.normalisation, engine: engine.sentence, ...course };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    layers.optimizer.dispose();
  }
};

function prepare(tf: Tf, model: LayersModel, plan: TrainingPlan): Layers {
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  return {
    tf,
    plan,
    variables,
    logits: logitsOf(tf, model),
    optimizer: createOptimizer(tf, variables, plan.settings),
    normalisation: normalisationOf(plan.pixels, plan.settings.size, placesOf(plan, 'learn')),
    classWeights: learningWeights(plan),
  };
}

function learnerOf(layers: Layers, model: LayersModel): Learner {
  const { tf, plan, logits, normalisation, optimizer } = layers;
  /** By the weights that answer: the averages, where they are kept. */
  const answering = <Answer>(ask: () => Answer): Answer => {
    optimizer.swap();
    try {
      return ask();
    } finally {
      optimizer.swap();
    }
  };
  return {
    batchesPerCall: 1,
    learn: ([batch], augmentation, withNorm) => {
      if (!batch) throw new Error('no batch to learn');
      return learnBatch(layers, batch, augmentation, withNorm);
    },
    answer: (places) =>
      answering(() => predictLogits(tf, logits, normalisation, plan.pixels, plan.settings.size, places, false)),
    weights: () => answering(() => valuesOf(model.getWeights())),
    state: () => ({ ...weightsByName(model), ...optimizer.state() }),
  };
}

const valuesOf = (tensors: Tensor[]) => tensors.map((tensor) => Float32Array.from(tensor.dataSync()));

function weightsByName(model: LayersModel): LearnerState {
  const weights = model.getWeights();
  const values = valuesOf(weights);
  return Object.fromEntries(
    weights.map(({ shape }, place) => [`weight${place}`, { values: values[place] ?? new Float32Array(), shape }]),
  );
}

function goOnFrom({ tf, optimizer }: Layers, model: LayersModel, state: LearnerState): void {
  writeWeights(
    tf,
    model,
    model.getWeights().map((_, place) => state[`weight${place}`]?.values ?? new Float32Array()),
  );
  optimizer.restore(state);
}

/** Forward, loss, backward, and the weights moved. Loss and its gradient by the logits are computed here, in doubles. */
function learnBatch(layers: Layers, { places, learningRate }: Batch, augmentation: Random, withNorm: boolean): Learned {
  const { tf, plan, logits, variables } = layers;
  const { size, labelSmoothing } = plan.settings;
  const labels = pick(plan.labels, places);
  let [loss, right] = [Number.NaN, 0];
  let gradientNorm: number | null = null;
  const lossOf = tf.customGrad((...args) => {
    const output = args[0] as Tensor2D;
    const values = output.dataSync();
    right = countRight(values, labels);
    const entropy = binaryCrossEntropy(values, labels, layers.classWeights, labelSmoothing);
    loss = entropy.loss;
    return { value: tf.scalar(loss), gradFunc: () => tf.tensor(entropy.gradient, output.shape) };
  });
  const placements = augmented(plan.settings)
    ? Array.from(places, () => drawPlacement(augmentation, size, plan.settings))
    : null;
  tf.tidy(() => {
    const films = batchOf(tf, plan.pixels, size, places, layers.normalisation, placements);
    const forward = () => lossOf(logits.apply(films, { training: true }) as Tensor) as Scalar;
    const { grads } = tf.variableGrads(forward, variables);
    const flat = tf.concat1d(variables.map(({ name }) => grads[name]?.flatten() as Tensor1D));
    const norm = layers.optimizer.step(flat, learningRate);
    if (withNorm) gradientNorm = norm.dataSync()[0] ?? null;
  });
  return { losses: [loss], right, gradientNorm };
}

export function writeWeights(tf: Tf, model: LayersModel, weights: Float32Array[]): void {
  const tensors = model.getWeights().map((weight, place) => tf.tensor(weights[place] ?? [], weight.shape));
  model.setWeights(tensors);
  tf.dispose(tensors);
}
