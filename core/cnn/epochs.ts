// What every engine does alike: epochs over the learning films, a look at the choosing films, the best epoch kept.
// Must not know TensorFlow: an engine hands in how it learns a batch, answers, and gives its weights.
import type { Epoch, RunSettings } from '#api/runs.ts';
import { auc } from '#core/evaluation/roc.ts';
import { Problem } from '#core/problem.ts';
import { random, randomFrom } from '#core/random.ts';
import type { Random, RandomState } from '#core/random.ts';
import { balancedOrder } from './balanced-order.ts';
import { placesOf } from './check-plan.ts';
import { binaryCrossEntropy, classWeightsOf, logistic } from './loss.ts';
import { learningRateAt } from './schedule.ts';
import { knowsNothing, surenessOf } from './sureness.ts';
import type { Sureness } from './sureness.ts';
import type { Best, Fitted, TrainingHooks, TrainingPlan } from './trainer.ts';

/** Streams of the run's seed; the network's first weights take stream 1. */
const streams = { order: 2, augmentation: 3 };
/** How long the loop may keep the process from hearing a stop, and how often a step is reported. */
const breathMs = 50;
const reportMs = 100;

export interface Batch {
  /** Of its films in the plan. */
  places: Uint32Array;
  /** Of the step, from 0 over all epochs. */
  step: number;
  learningRate: number;
}

export interface Learned {
  /** One a batch; mean over its films. */
  losses: number[];
  /** Right at a probability of 0.5, over all batches. */
  right: number;
  /** Of the last batch; null when not asked for. */
  gradientNorm: number | null;
}

/** What an engine does. */
export interface Learner {
  /** Batches it takes at a time. */
  batchesPerCall: number;
  /** Learns full batches, or one that may be shorter. `augmentation`: where to draw the films' placements from. */
  learn(batches: Batch[], augmentation: Random, withNorm: boolean): Learned;
  /** Logits of films by the weights that answer. */
  answer(places: Uint32Array): Float32Array;
  /** Those weights, in the order of `model.getWeights()`. */
  weights(): Float32Array[];
  /** Everything that learning goes on from, by name: weights, the optimiser's variables, averages. */
  state(): LearnerState;
}

export type LearnerState = Record<string, { values: Float32Array; shape: number[] }>;

/** A training after an epoch, with all it takes to go on. */
export interface Progress {
  curve: Epoch[];
  best: Best;
  order: RandomState;
  augmentation: RandomState;
  state: LearnerState;
}

export type Course = Pick<Fitted, 'curve' | 'best' | 'sureness' | 'ended' | 'problem'> & {
  weights: Float32Array[];
  /** On the choosing films, toned down. */
  bestLoss: number;
};

export interface EpochHooks extends TrainingHooks {
  /** After each epoch; `progress` reads it out of the engine. */
  onProgress?(progress: () => Progress): void;
}

interface Training {
  learner: Learner;
  plan: TrainingPlan;
  hooks: TrainingHooks;
  learn: Uint32Array;
  choose: Uint32Array;
  /** Of the loss on the choosing films. */
  classWeights: [number, number];
  order: Random;
  augmentation: Random;
}

/**
 * Best epoch: the lowest loss on the choosing films, weighted by class like the loss that is learned by, once toned down.
 * Not the plain loss: on few films it is lowest before anything is learned (600 real films, 8 splits: AUC 0.545 on films
 * not seen against 0.588). Not the accuracy, which moves in steps of one film. Or the highest AUC there, where the settings
 * say so; of equals the one with the lower loss.
 *
 * @param from where it goes on; the learner is in that state already
 */
export async function learnEpochs(
  learner: Learner,
  plan: TrainingPlan,
  hooks: EpochHooks,
  from: Progress | null = null,
): Promise<Course> {
  const { settings } = plan;
  const learn = placesOf(plan, 'learn');
  const training: Training = {
    learner,
    plan,
    hooks,
    learn,
    choose: placesOf(plan, 'choose'),
    classWeights: choosingWeights(plan),
    order: from ? randomFrom(from.order) : random(settings.seed, streams.order),
    augmentation: from ? randomFrom(from.augmentation) : random(settings.seed, streams.augmentation),
  };
  const curve: Epoch[] = [...(from ?? plan.learned ?? { curve: [] }).curve];
  const before = plan.learned?.curve.length ?? 0;
  let best: Best | null = from?.best ?? plan.learned?.best ?? null;
  /** What was learned until now; `problem` says why there is nothing when no epoch is done. */
  const end = (ended: Fitted['ended'], problem: Problem): Course => {
    if (!best) throw problem;
    const kept = ended === 'loss not finite' ? problem : null;
    const { epoch, weights, sureness } = best;
    return { curve, best: epoch, weights, sureness: sureness.factor, bestLoss: sureness.loss, ended, problem: kept };
  };
  for (let number = curve.length + 1; number <= before + settings.epochs; number++) {
    if (best && waitedEnough(best, number - 1, before, settings)) return end('no gain', new Problem('CANCELLED'));
    const outcome = await learnEpoch(training, number, number - 1 - before);
    if (outcome === 'stopped') return end('stopped', new Problem('CANCELLED'));
    const weights = outcome === 'not finite' ? null : finiteWeights(learner);
    if (outcome === 'not finite' || !weights) {
      return end('loss not finite', new Problem('LOSS_NOT_FINITE', { epoch: number }));
    }
    const { epoch, sureness } = outcome;
    epoch.best = best === null || isBetter({ epoch, sureness }, best, settings.bestBy);
    if (!best || epoch.best) best = { epoch, weights, sureness };
    curve.push(epoch);
    // Kept before it is told: an epoch that was told is never learned twice.
    hooks.onProgress?.(() => progressOf(training, curve, best as Best));
    hooks.onEpoch?.(epoch);
  }
  return end('all epochs', new Problem('CANCELLED'));
}

/** An AUC that cannot be told (one class only) decides nothing. */
function isBetter(now: Omit<Best, 'weights'>, best: Best, by: RunSettings['bestBy']): boolean {
  const gain = by === 'auc' ? (now.epoch.valAuc ?? 0) - (best.epoch.valAuc ?? 0) : 0;
  return gain === 0 ? now.sureness.loss < best.sureness.loss : gain > 0;
}

/** On few films the first epochs are chance: patience starts once something is known. */
function waitedEnough(
  { epoch, sureness }: Best,
  done: number,
  before: number,
  { patience }: Pick<RunSettings, 'patience'>,
): boolean {
  return patience !== null && !knowsNothing(sureness) && done - Math.max(epoch.epoch, before) >= patience;
}

function progressOf({ learner, order, augmentation }: Training, curve: Epoch[], best: Best): Progress {
  return { curve, best, order: order.state(), augmentation: augmentation.state(), state: learner.state() };
}

/** Weight of whole and of fracture in the loss that is learned by. Balanced batches hold as many of either: no weights then. */
export function learningWeights(plan: TrainingPlan): [whole: number, fracture: number] {
  const { classWeights, balanced } = plan.settings;
  return classWeightsOf(pick(plan.labels, placesOf(plan, 'learn')), classWeights && !balanced);
}

/** The same for the choosing films, which stand as they are: weighed where learning makes the classes count the same. */
function choosingWeights(plan: TrainingPlan): [whole: number, fracture: number] {
  const { classWeights, balanced } = plan.settings;
  return classWeightsOf(pick(plan.labels, placesOf(plan, 'learn')), classWeights || balanced);
}

/**
 * One pass over the learning films in a new order (balanced: over those of the commoner class), then a look at the choosing films.
 * @param earlier epochs before it whose steps count
 */
async function learnEpoch(
  training: Training,
  number: number,
  earlier: number,
): Promise<{ epoch: Epoch; sureness: Sureness } | 'stopped' | 'not finite'> {
  const { learner, plan, hooks, learn, augmentation } = training;
  const { settings } = plan;
  const startedAt = performance.now();
  const order = settings.balanced
    ? balancedOrder(learn, plan.labels, training.order)
    : training.order.shuffle(Uint32Array.from(learn));
  const batches = batchesOf(order, settings.batch).map((places, place, all) => {
    const step = earlier * all.length + place;
    return { places, step, learningRate: learningRateAt(settings, step, all.length) };
  });
  let [lossSum, right, learningMs, done] = [0, 0, 0, 0];
  let [breathedAt, reportedAt] = [startedAt, 0];
  while (done < batches.length) {
    const some = nextCall(batches, done, learner.batchesPerCall, settings.batch);
    const now = performance.now();
    const report =
      hooks.onStep !== undefined && (now - reportedAt >= reportMs || done + some.length === batches.length);
    const learned = learner.learn(some, augmentation, report);
    learningMs += performance.now() - now;
    done += some.length;
    if (!learned.losses.every(Number.isFinite)) return 'not finite';
    learned.losses.forEach((loss, place) => (lossSum += loss * (some[place]?.places.length ?? 0)));
    right += learned.right;
    const last = some.at(-1);
    if (report && last) {
      reportedAt = now;
      hooks.onStep?.({
        step: last.step + 1,
        steps: settings.epochs * batches.length,
        batch: done,
        batches: batches.length,
        loss: learned.losses.at(-1) ?? Number.NaN,
        gradientNorm: finite(learned.gradientNorm),
        learningRate: last.learningRate,
      });
    }
    if (performance.now() - breathedAt >= breathMs) {
      await new Promise((resolve) => setImmediate(resolve));
      breathedAt = performance.now();
    }
    if (hooks.signal?.aborted) return 'stopped';
  }
  const { sureness, ...checked } = check(training);
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

function batchesOf(order: Uint32Array, size: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, batch) =>
    order.subarray(batch * size, (batch + 1) * size),
  );
}

/** As many full batches as fit into one call, or one batch. */
function nextCall(batches: Batch[], done: number, most: number, size: number): Batch[] {
  const some = batches.slice(done, done + most);
  return some.length === most && some.every(({ places }) => places.length === size) ? some : some.slice(0, 1);
}

/** Loss, accuracy and AUC on the choosing films, and how sure the network may be. */
function check(training: Training): Pick<Epoch, 'valLoss' | 'valAccuracy' | 'valAuc'> & { sureness: Sureness } {
  const { learner, plan, choose, classWeights } = training;
  const values = learner.answer(choose);
  const labels = pick(plan.labels, choose);
  return {
    valLoss: binaryCrossEntropy(values, labels, classWeights).loss,
    valAccuracy: countRight(values, labels) / choose.length,
    valAuc: auc(labels, values.map(logistic)),
    sureness: surenessOf(values, labels, classWeights),
  };
}

/** All weights as they are now; null when one of them is not a number. */
function finiteWeights(learner: Learner): Float32Array[] | null {
  const weights = learner.weights();
  return weights.every((values) => values.every(Number.isFinite)) ? weights : null;
}

/** A figure on its way to the window, which knows no infinity. */
const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

export const pick = (labels: Uint8Array, places: Uint32Array) => Uint8Array.from(places, (place) => labels[place] ?? 0);

/** A logit over 0 is a probability over 0.5. */
export function countRight(logits: ArrayLike<number>, labels: Uint8Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) right += (logits[i] ?? 0) > 0 === (labels[i] === 1) ? 1 : 0;
  return right;
}
