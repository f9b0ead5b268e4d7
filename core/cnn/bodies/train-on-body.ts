// A training on a pretrained body: features once, a head on them, then, where the settings say so, the whole network on.
// Must not hold rules of its own about epochs, and must not look at films to judge with.
import { checkPlan, placesOf } from '../check-plan.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Engine } from '../engine.ts';
import { learnEpochs } from '../epochs.ts';
import type { Course } from '../epochs.ts';
import { train } from '../train.ts';
import type { Fitted, TrainingHooks, TrainingPlan } from '../trainer.ts';
import { bodyGrey } from './body-files.ts';
import type { BodyReference } from './body-files.ts';
import { featuresOf } from './features.ts';
import type { FeatureHooks, Features } from './features.ts';
import { HeadLearner } from './head.ts';
import { logitsOfFeatures, openWithHead } from './with-head.ts';
import type { BodyWithHead } from './with-head.ts';

/** A body and what of the plan's films is kept of it. */
export interface BodyOfFilms extends BodyReference {
  /** Of its features, without the endings of the files. */
  cache: string;
  /** Name of each film there. */
  keys: string[];
}

type Hooks = TrainingHooks & FeatureHooks;

/** Share of the learning rate by which a body learns on. */
const gently = 0.1;

/** As `train`. @throws also Problem BODY_DAMAGED */
export async function trainOnBody(
  engine: Engine,
  plan: TrainingPlan,
  order: BodyOfFilms,
  hooks: Hooks,
  from: Checkpoint | null = null,
): Promise<Fitted> {
  checkPlan(plan);
  const opened = openWithHead(engine.tf, order);
  try {
    if (from && from.engine !== 'head') return await fineTuned(engine, plan, opened, hooks, { from });
    const learned = await headLearned(engine, plan, { opened, order }, hooks, from);
    const { course, fitted } = learned;
    const on = plan.settings.fineTune > 0 && (course.ended === 'all epochs' || course.ended === 'no gain');
    if (!on) return fitted;
    fitted.model.dispose();
    return await fineTuned(engine, plan, opened, hooks, { course });
  } finally {
    opened.close();
  }
}

async function headLearned(
  { tf, sentence }: Engine,
  plan: TrainingPlan,
  { opened, order }: { opened: BodyWithHead; order: BodyOfFilms },
  hooks: Hooks,
  from: Checkpoint | null,
): Promise<{ course: Course; fitted: Fitted }> {
  const engine = `${sentence}, a head on the features of the body ${opened.name}`;
  hooks.onEngine?.({ sentence: engine, precision: 'float32' });
  const features = (mirrored: boolean): Promise<Features> => {
    const films = { pixels: plan.pixels, keys: order.keys, places: seen(plan), mirrored };
    return featuresOf(tf, { ...opened, model: opened.body }, films, order.cache, hooks);
  };
  const straight = await features(false);
  // A body that learns on answers by other features than these.
  const mirrored = plan.settings.mirrorAnswers && plan.settings.fineTune === 0 ? await features(true) : null;
  const head = new HeadLearner(tf, straight, plan);
  try {
    if (from) head.restore(from.state);
    const onProgress: Parameters<typeof learnEpochs>[2]['onProgress'] = (progress) =>
      hooks.onCheckpoint?.(() => ({ ...progress(), engine: 'head', precision: 'float32' }));
    const course = await learnEpochs(head, plan, { ...hooks, onProgress }, from);
    const { weights, bestLoss: _, ...rest } = course;
    const model = opened.model(weights);
    const said = (all: Features, places: Uint32Array) =>
      logitsOfFeatures(tf, model, rowsOf(all, plan.labels.length, places), places.length);
    const answer = (places: Uint32Array) => {
      const logits = said(straight, places);
      if (!mirrored) return logits;
      const others = said(mirrored, places);
      return logits.map((logit, i) => (logit + (others[i] ?? Number.NaN)) / 2);
    };
    // Where a body was to learn on and was stopped before, mirror images were not asked.
    const known = mirrored !== null || !plan.settings.mirrorAnswers;
    const fitted = { model, normalisation: bodyGrey, engine, ...rest, answer: known ? answer : undefined };
    return { course, fitted };
  } finally {
    head.close();
  }
}

/** Goes on with all layers, from the best head or from a checkpoint of such a training. */
function fineTuned(
  engine: Engine,
  plan: TrainingPlan,
  opened: BodyWithHead,
  hooks: Hooks,
  start: { course: Course } | { from: Checkpoint },
): Promise<Fitted> {
  const { settings } = plan;
  const before = 'from' in start ? (start.from.head ?? 0) : start.course.curve.length;
  const head = 'course' in start ? start.course.weights : [new Float32Array(opened.card.features), new Float32Array(1)];
  const { curve, best } = 'from' in start ? start.from : bestOf(start.course, opened);
  const on: TrainingPlan = {
    ...plan,
    boxes: undefined,
    settings: { ...settings, epochs: settings.fineTune, learningRate: settings.learningRate * gently },
    learned: { model: () => opened.model(head), normalisation: bodyGrey, curve: curve.slice(0, before), best },
  };
  const { onCheckpoint } = hooks;
  const all: Hooks = onCheckpoint
    ? { ...hooks, onCheckpoint: (checkpoint) => onCheckpoint(() => ({ ...checkpoint(), head: before })) }
    : hooks;
  return train(engine, on, all, 'from' in start ? start.from : null);
}

function bestOf({ curve, best, weights, sureness, bestLoss }: Course, { model }: BodyWithHead) {
  const whole = model(weights);
  const all = whole.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  whole.dispose();
  return { curve, best: { epoch: best, weights: all, sureness: { factor: sureness, loss: bestLoss } } };
}

/** Films to learn from and to choose by. */
const seen = (plan: TrainingPlan): Uint32Array =>
  Uint32Array.from([...placesOf(plan, 'learn'), ...placesOf(plan, 'choose')]);

function rowsOf(features: Features, films: number, places: Uint32Array): Float32Array {
  const count = features.length / films;
  const rows = new Float32Array(places.length * count);
  places.forEach((place, i) => rows.set(features.subarray(place * count, (place + 1) * count), i * count));
  return rows;
}
