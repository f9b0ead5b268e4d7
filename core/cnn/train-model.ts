// One training from prepared films to a model folder: fit, tone down, threshold, guard, card.
// Must not know the library; never asks the network about a film to judge with.
import { readFileSync } from 'node:fs';
import type { Box } from '#api/box.ts';
import type { Epoch, RunSettings } from '#api/runs.ts';
import { cannotTellBand, chooseThreshold } from '#core/evaluation/threshold.ts';
import type { Band } from '#core/evaluation/threshold.ts';
import { toProblem } from '#core/problem.ts';
import type { Problem } from '#core/problem.ts';
import type { FeatureHooks } from './bodies/features.ts';
import { listOf } from './bodies/with-head.ts';
import { trainOnBody } from './bodies/train-on-body.ts';
import type { BodyOfFilms } from './bodies/train-on-body.ts';
import { placesOf } from './check-plan.ts';
import { Checkpoints } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { learnGuard } from './guard.ts';
import { logistic } from './loss.ts';
import { saveModel } from './model-files.ts';
import { logitsOf, predictLogits } from './predict.ts';
import { toneDown } from './sureness.ts';
import { train } from './train.ts';
import type { Fitted, TrainingHooks, TrainingPlan } from './trainer.ts';

export interface TrainingOrder {
  settings: RunSettings;
  /** One file of prepared films, one after the other, settings.size squared bytes each. */
  files: { pixels: string; count: number };
  /** 1 fracture, 0 whole. */
  labels: Uint8Array;
  /** 0 to learn from, 1 to choose by, 2 to judge with. */
  parts: Uint8Array;
  /** On each film, in pixels of the prepared film; absent where marks do not teach. */
  boxes?: Box[][] | undefined;
  /** See `TrainingPlan`. */
  stepsPerCall?: number | undefined;
  /** Colourfulness of each film as imported (Hasler and Suesstrunk). */
  colours: Float32Array;
  /** Version of the routine that prepared the films. */
  preprocess: number;
  /** The body the settings name: a head learns on its features. */
  body?: BodyOfFilms | undefined;
  /** Must not exist yet. */
  modelFolder: string;
  /** Where a checkpoint is written after each epoch; null: nowhere. */
  checkpoints: string | null;
  /** Goes on from the newest checkpoint there. */
  resume: boolean;
}

export interface ModelHooks extends Omit<TrainingHooks, 'onCheckpoint'>, Pick<FeatureHooks, 'onFeatures'> {
  /** Goes on after this epoch, since so many newer checkpoints were damaged. */
  onResumed?(from: { epoch: number; damaged: number }): void;
}

export interface TrainingResult {
  best: Epoch;
  bestEpoch: number;
  /** Done. */
  epochs: number;
  ended: Fitted['ended'];
  /** Why it ended early through no one's wish; the model of the best epoch is saved all the same. */
  problem: Pick<Problem, 'code' | 'values'> | null;
  /** In words. */
  engine: string;
  /** Of fracture, one a film, in the films' order; NaN for films to judge with. */
  probabilities: Float32Array;
  threshold: number;
  cannotTell: Band | null;
  /** SHA-256 of the model's osteon.json: keep it to know the model again. */
  cardSha256: string;
}

/** Problems: see `Trainer` and `Checkpoints.newest`; DISK_FULL and DISK_FAILED when the model or a checkpoint cannot be written. */
export async function trainModel(engine: Engine, order: TrainingOrder, hooks: ModelHooks): Promise<TrainingResult> {
  const { settings, labels, parts, boxes, stepsPerCall } = order;
  const plan: TrainingPlan = { settings, labels, parts, pixels: readPixels(order), boxes, stepsPerCall };
  const fitted = await fittedBy(engine, plan, order, hooks);
  try {
    toneDown(engine.tf, fitted.model, fitted.sureness);
    const learn = placesOf(plan, 'learn');
    const choose = placesOf(plan, 'choose');
    const probabilities = answers(engine, fitted, plan, [learn, choose]);
    const chosen = { labels: pick(labels, choose), probabilities: pick(probabilities, choose) };
    const threshold = chooseThreshold(chosen.labels, chosen.probabilities);
    const cannotTell = cannotTellBand(chosen.labels, chosen.probabilities, threshold);
    const cardSha256 = await saveModel(engine.tf, order.modelFolder, fitted.model, {
      settings,
      network: order.body && listOf(fitted.model),
      preprocess: order.preprocess,
      normalisation: fitted.normalisation,
      threshold,
      cannotTell,
      guard: learnGuard(plan.pixels, settings.size, learn, order.colours),
      films: learn.length,
      bestEpoch: fitted.best.epoch,
      sureness: fitted.sureness,
      engine: fitted.engine,
    });
    const { best, curve, ended, problem } = fitted;
    return {
      best,
      bestEpoch: best.epoch,
      epochs: curve.length,
      ended,
      problem: problem && { code: problem.code, values: problem.values },
      engine: fitted.engine,
      probabilities,
      threshold,
      cannotTell,
      cardSha256,
    };
  } catch (error) {
    throw toProblem(error) ?? error;
  } finally {
    fitted.model.dispose();
  }
}

/** Trains with a checkpoint an epoch, from the newest one where the order says so. */
async function fittedBy(engine: Engine, plan: TrainingPlan, order: TrainingOrder, hooks: ModelHooks): Promise<Fitted> {
  const checkpoints = order.checkpoints === null ? null : new Checkpoints(order.checkpoints, plan);
  const from = order.resume && checkpoints ? checkpoints.newest() : null;
  if (from) hooks.onResumed?.({ epoch: from.checkpoint.curve.length, damaged: from.damaged });
  const onCheckpoint = (checkpoint: () => Checkpoint) => {
    try {
      checkpoints?.write(checkpoint());
    } catch (error) {
      throw toProblem(error) ?? error;
    }
  };
  const all = checkpoints ? { ...hooks, onCheckpoint } : hooks;
  if (order.body) return trainOnBody(engine, plan, order.body, all, from?.checkpoint ?? null);
  return train(engine, plan, all, from?.checkpoint ?? null);
}

function readPixels({ files, settings }: TrainingOrder): Uint8Array {
  const pixels = readFileSync(files.pixels);
  const wanted = files.count * settings.size * settings.size;
  if (pixels.length !== wanted)
    throw new Error(`${files.count} prepared films take ${wanted} bytes, not ${pixels.length}`);
  return pixels;
}

function answers(
  { tf }: Engine,
  { model, normalisation, answer }: Fitted,
  { settings, pixels, labels }: TrainingPlan,
  parts: Uint32Array[],
): Float32Array {
  const probabilities = new Float32Array(labels.length).fill(Number.NaN);
  const logits = logitsOf(tf, model);
  for (const places of parts) {
    const values = answer
      ? answer(places)
      : predictLogits(tf, logits, normalisation, pixels, settings.size, places, settings.mirrorAnswers);
    places.forEach((place, i) => (probabilities[place] = logistic(values[i] ?? Number.NaN)));
  }
  return probabilities;
}

function pick(values: ArrayLike<number>, places: Uint32Array): number[] {
  return Array.from(places, (place) => values[place] ?? Number.NaN);
}
