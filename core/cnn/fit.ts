// The layers engine: trains a network step by step with tfjs, native or WebAssembly.
// It is also what a faster engine is measured against, so it stays plain. Must not read files or know the library.
import type { LayersModel, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { Random } from '#core/random.ts';
import { augmented, drawPlacement } from './augment.ts';
import type { Placement } from './augment.ts';
import { batchOf, normalisationOf } from './batches.ts';
import type { Normalisation } from './batches.ts';
import { checkPlan, placesOf } from './check-plan.ts';
import type { Tf } from './engine.ts';
import { countRight, learnEpochs, learningWeights, pick } from './epochs.ts';
import type { Batch, Learned, Learner, LearnerState, Progress } from './epochs.ts';
import { binaryCrossEntropy } from './loss.ts';
import { learnAhead } from './learn-ahead.ts';
import { mapGradient, mapOf, markMaps, placeMap, sideOfMap } from './marks.ts';
import type { MarkMaps } from './marks.ts';
import { buildNetwork } from './networks/index.ts';
import { createOptimizer } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';
import { logitsOf, predictLogits } from './predict.ts';
import { logitOf } from './run-through.ts';
import type { Trainer, TrainingPlan } from './trainer.ts';
import { writeWeights } from './write-weights.ts';

interface Layers {
  tf: Tf;
  plan: TrainingPlan;
  logits: LayersModel;
  marks: Marks | null;
  variables: Variable[];
  optimizer: Optimizer;
  normalisation: Normalisation;
  classWeights: [number, number];
}

/** A network with a map gives both at once: [logits, map]. */
interface Marks extends MarkMaps {
  both: LayersModel;
  side: number;
}

/** Same seed, same engine, same thread count: same weights. */
export const fit: Trainer = async (engine, plan, hooks, from = null) => {
  checkPlan(plan);
  const { tf } = engine;
  hooks.onEngine?.({ sentence: engine.sentence, precision: 'float32' });
  const model = plan.learned?.model() ?? buildNetwork(tf, plan.settings);
  const layers = prepare(tf, model, plan);
  try {
    if (!from && !plan.learned) learnAhead(tf, model, plan, layers.normalisation);
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
    marks: marksOf(tf, model, plan),
    optimizer: createOptimizer(tf, variables, plan.settings),
    normalisation:
      plan.learned?.normalisation ?? normalisationOf(plan.pixels, plan.settings.size, placesOf(plan, 'learn')),
    classWeights: learningWeights(plan),
  };
}

function marksOf(tf: Tf, model: LayersModel, plan: TrainingPlan): Marks | null {
  const map = mapOf(model);
  if (!map) return null;
  const side = sideOfMap(map);
  const both = tf.model({ inputs: model.inputs, outputs: [logitOf(model), map] });
  return { both, side, ...markMaps(plan, side) };
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

/** Forward, loss, backward, and the weights moved. Loss and gradients by logits and map are computed here, in doubles. */
function learnBatch(layers: Layers, { places, learningRate }: Batch, augmentation: Random, withNorm: boolean): Learned {
  const { tf, plan, logits, marks, variables } = layers;
  const { size, labelSmoothing } = plan.settings;
  const labels = pick(plan.labels, places);
  let [loss, right] = [Number.NaN, 0];
  let gradientNorm: number | null = null;
  const placements = augmented(plan.settings)
    ? Array.from(places, () => drawPlacement(augmentation, size, plan.settings))
    : null;
  const lossOf = tf.customGrad((...args) => {
    const output = args[0] as Tensor2D;
    const values = output.dataSync();
    right = countRight(values, labels);
    const entropy = binaryCrossEntropy(values, labels, layers.classWeights, labelSmoothing);
    loss = entropy.loss;
    const byLogits = () => tf.tensor(entropy.gradient, output.shape);
    const [map] = args.slice(1) as Tensor[];
    if (!map || !marks) return { value: tf.scalar(loss), gradFunc: byLogits };
    const gradient = gradientOfMaps(marks, map, places, placements, size);
    return { value: tf.scalar(loss), gradFunc: () => [byLogits(), tf.tensor(gradient, map.shape)] };
  });
  tf.tidy(() => {
    const films = batchOf(tf, plan.pixels, size, places, layers.normalisation, placements);
    const apply = (model: LayersModel) => [model.apply(films, { training: !plan.learned }) as Tensor | Tensor[]].flat();
    const forward = () => lossOf(...apply(marks?.both ?? logits)) as Scalar;
    const { grads } = tf.variableGrads(forward, variables);
    const flat = tf.concat1d(variables.map(({ name }) => grads[name]?.flatten() as Tensor1D));
    const norm = layers.optimizer.step(flat, learningRate);
    if (withNorm) gradientNorm = norm.dataSync()[0] ?? null;
  });
  return { losses: [loss], right, gradientNorm };
}

function gradientOfMaps(
  { side, targets, weights }: Marks,
  map: Tensor,
  places: Uint32Array,
  placements: Placement[] | null,
  size: number,
): Float32Array {
  const cells = side * side;
  const moved = new Float32Array(places.length * cells);
  places.forEach((place, i) => {
    const target = targets.subarray(place * cells, (place + 1) * cells);
    const placement = placements?.[i];
    if (placement) placeMap(target, size, side, placement, moved, i * cells);
    else moved.set(target, i * cells);
  });
  return mapGradient(
    map.dataSync(),
    moved,
    Float32Array.from(places, (place) => weights[place] ?? 0),
  );
}
