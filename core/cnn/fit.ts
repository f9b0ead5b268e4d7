// The layers engine: trains a network step by step with tfjs, native or WebAssembly.
// It is also what a faster engine is measured against, so it stays plain. Must not read files or know the library.
import type { LayersModel, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { Epoch, RunSettings } from '#api/runs.ts';
import { auc } from '#core/evaluation/roc.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { drawPlacement } from './augment.ts';
import { batchOf, normalisationOf } from './batches.ts';
import type { Normalisation } from './batches.ts';
import { checkPlan, placesOf } from './check-plan.ts';
import type { Tf } from './engine.ts';
import { binaryCrossEntropy, classWeightsOf, logistic } from './loss.ts';
import { buildNetwork } from './networks/index.ts';
import { createOptimizer } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';
import { logitsOf, predictLogits } from './predict.ts';
import { knowsNothing, surenessOf } from './sureness.ts';
import type { Sureness } from './sureness.ts';
import type { Fitted, Trainer, TrainingHooks, TrainingPlan } from './trainer.ts';

/** Streams of the run's seed; the network's first weights take stream 1. */
const streams = { order: 2, augmentation: 3 };
/** How long the loop may keep the process from hearing a stop, and how often a step is reported. */
const breathMs = 50;
const reportMs = 100;

interface Learner {
  tf: Tf;
  plan: TrainingPlan;
  hooks: TrainingHooks;
  logits: LayersModel;
  variables: Variable[];
  optimizer: Optimizer;
  normalisation: Normalisation;
  classWeights: [number, number];
  learn: Uint32Array;
  choose: Uint32Array;
  order: ReturnType<typeof random>;
  augmentation: ReturnType<typeof random>;
}

/**
 * Best epoch: the lowest loss on the choosing films, weighted by class like the loss that is learned by, once toned down.
 * Not the plain loss: on few films it is lowest before anything is learned (600 real films, 8 splits: AUC 0.545 on films
 * not seen against 0.588). Not the accuracy, which moves in steps of one film.
 * Same seed, same engine, same thread count: same weights.
 */
export const fit: Trainer = async (engine, plan, hooks) => {
  checkPlan(plan);
  const { tf } = engine;
  const model = buildNetwork(tf, plan.settings);
  const learner = prepare(tf, model, plan, hooks);
  try {
    const { best, weights, ...rest } = await learnEpochs(learner, model);
    writeWeights(tf, model, weights);
    return { model, normalisation: learner.normalisation, best, ...rest };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    learner.optimizer.dispose();
  }
};

function prepare(tf: Tf, model: LayersModel, plan: TrainingPlan, hooks: TrainingHooks): Learner {
  const { settings, pixels, labels } = plan;
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const learn = placesOf(plan, 'learn');
  return {
    tf,
    plan,
    hooks,
    variables,
    learn,
    logits: logitsOf(tf, model),
    optimizer: createOptimizer(tf, variables, settings),
    normalisation: normalisationOf(pixels, settings.size, learn),
    classWeights: classWeightsOf(pick(labels, learn), settings.classWeights),
    choose: placesOf(plan, 'choose'),
    order: random(settings.seed, streams.order),
    augmentation: random(settings.seed, streams.augmentation),
  };
}

type Learned = Pick<Fitted, 'curve' | 'best' | 'sureness' | 'ended' | 'problem'> & { weights: Float32Array[] };

async function learnEpochs(learner: Learner, model: LayersModel): Promise<Learned> {
  const { settings } = learner.plan;
  const curve: Epoch[] = [];
  let best: { epoch: Epoch; weights: Float32Array[]; sureness: Sureness } | null = null;
  /** What was learned until now; `problem` says why there is nothing when no epoch is done. */
  const end = (ended: Fitted['ended'], problem: Problem): Learned => {
    if (!best) throw problem;
    const kept = ended === 'loss not finite' ? problem : null;
    const { epoch, weights, sureness } = best;
    return { curve, best: epoch, weights, sureness: sureness.factor, ended, problem: kept };
  };
  for (let number = 1; number <= settings.epochs; number++) {
    const outcome = await learnEpoch(learner, number);
    if (outcome === 'stopped') return end('stopped', new Problem('CANCELLED'));
    const weights = outcome === 'not finite' ? null : readWeights(model);
    if (outcome === 'not finite' || !weights) {
      return end('loss not finite', new Problem('LOSS_NOT_FINITE', { epoch: number }));
    }
    const { epoch, sureness } = outcome;
    epoch.best = best === null || sureness.loss < best.sureness.loss;
    if (!best || epoch.best) best = { epoch, weights, sureness };
    curve.push(epoch);
    learner.hooks.onEpoch?.(epoch);
    // On few films the first epochs are chance: patience starts once something is known.
    const waited = knowsNothing(best.sureness) ? 0 : number - best.epoch.epoch;
    if (settings.patience !== null && waited >= settings.patience && number < settings.epochs) {
      return end('no gain', new Problem('CANCELLED'));
    }
  }
  return end('all epochs', new Problem('CANCELLED'));
}

/** One pass over the learning films in a new order, then a look at the choosing films. */
async function learnEpoch(
  learner: Learner,
  number: number,
): Promise<{ epoch: Epoch; sureness: Sureness } | 'stopped' | 'not finite'> {
  const { plan, hooks, learn } = learner;
  const { settings } = plan;
  const startedAt = performance.now();
  const order = learner.order.shuffle(Uint32Array.from(learn));
  const batches = Math.ceil(order.length / settings.batch);
  let [lossSum, right, learningMs] = [0, 0, 0];
  let [breathedAt, reportedAt] = [startedAt, 0];
  for (let batch = 1; batch <= batches; batch++) {
    const places = order.subarray((batch - 1) * settings.batch, batch * settings.batch);
    const now = performance.now();
    const report = hooks.onStep !== undefined && (now - reportedAt >= reportMs || batch === batches);
    const step = learnBatch(learner, places, report);
    learningMs += performance.now() - now;
    if (!Number.isFinite(step.loss)) return 'not finite';
    lossSum += step.loss * places.length;
    right += step.right;
    if (report) {
      reportedAt = now;
      const { loss, gradientNorm } = step;
      const [done, steps] = [(number - 1) * batches + batch, settings.epochs * batches];
      hooks.onStep?.({ step: done, steps, batch, batches, loss, gradientNorm, learningRate: settings.learningRate });
    }
    if (performance.now() - breathedAt >= breathMs) {
      await new Promise((resolve) => setImmediate(resolve));
      breathedAt = performance.now();
    }
    if (hooks.signal?.aborted) return 'stopped';
  }
  const { sureness, ...checked } = check(learner);
  if (!Number.isFinite(checked.valLoss)) return 'not finite';
  const epoch = {
    epoch: number,
    loss: lossSum / order.length,
    accuracy: right / order.length,
    ...checked,
    imagesPerSecond: (1000 * order.length) / learningMs,
    seconds: (performance.now() - startedAt) / 1000,
    best: false,
  };
  return { epoch, sureness };
}

/** Forward, loss, backward, and the weights moved. Loss and its gradient by the logits are computed here, in doubles. */
function learnBatch(learner: Learner, places: Uint32Array, withNorm: boolean) {
  const { tf, plan, logits, variables } = learner;
  const { size } = plan.settings;
  const labels = pick(plan.labels, places);
  let [loss, right] = [Number.NaN, 0];
  let gradientNorm: number | null = null;
  const lossOf = tf.customGrad((...args) => {
    const output = args[0] as Tensor2D;
    const values = output.dataSync();
    right = countRight(values, labels);
    const entropy = binaryCrossEntropy(values, labels, learner.classWeights);
    loss = entropy.loss;
    return { value: tf.scalar(loss), gradFunc: () => tf.tensor(entropy.gradient, output.shape) };
  });
  const placements = augmented(plan.settings)
    ? Array.from(places, () => drawPlacement(learner.augmentation, size, plan.settings))
    : null;
  tf.tidy(() => {
    const films = batchOf(tf, plan.pixels, size, places, learner.normalisation, placements);
    const forward = () => lossOf(logits.apply(films, { training: true }) as Tensor) as Scalar;
    const { grads } = tf.variableGrads(forward, variables);
    const flat = tf.concat1d(variables.map(({ name }) => grads[name]?.flatten() as Tensor1D));
    if (withNorm) gradientNorm = finite(Math.sqrt(flat.square().sum().dataSync()[0] ?? Number.NaN));
    learner.optimizer.step(flat);
  });
  return { loss, right, gradientNorm };
}

/** Loss, accuracy and AUC on the choosing films, and how sure the network may be. */
function check(learner: Learner): Pick<Epoch, 'valLoss' | 'valAccuracy' | 'valAuc'> & { sureness: Sureness } {
  const { tf, plan, logits, normalisation, choose } = learner;
  const values = predictLogits(tf, logits, normalisation, plan.pixels, plan.settings.size, choose);
  const labels = pick(plan.labels, choose);
  return {
    valLoss: binaryCrossEntropy(values, labels, learner.classWeights).loss,
    valAccuracy: countRight(values, labels) / choose.length,
    valAuc: auc(labels, values.map(logistic)),
    sureness: surenessOf(values, labels, learner.classWeights),
  };
}

/** All weights as they are now; null when one of them is not a number. */
function readWeights(model: LayersModel): Float32Array[] | null {
  const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  return weights.every((values) => values.every(Number.isFinite)) ? weights : null;
}

function writeWeights(tf: Tf, model: LayersModel, weights: Float32Array[]): void {
  const tensors = model.getWeights().map((weight, place) => tf.tensor(weights[place] ?? [], weight.shape));
  model.setWeights(tensors);
  tf.dispose(tensors);
}

/** A figure on its way to the window, which knows no infinity. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);

const augmented = ({ augmentation, mirror }: RunSettings) => augmentation || mirror;

const pick = (labels: Uint8Array, places: Uint32Array) => Uint8Array.from(places, (place) => labels[place] ?? 0);

/** A logit over 0 is a probability over 0.5. */
function countRight(logits: ArrayLike<number>, labels: Uint8Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) right += (logits[i] ?? 0) > 0 === (labels[i] === 1) ? 1 : 0;
  return right;
}
