// What a training is given and what it gives back, whatever engine does it.
// Types only; no engine here.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Box } from '#api/box.ts';
import type { Epoch, RunSettings, Step } from '#api/runs.ts';
import type { Problem } from '#core/problem.ts';
import type { Engine } from './engine.ts';
import type { Normalisation } from './batches.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Precision } from './graph/precision.ts';
import type { Sureness } from './sureness.ts';

/** Place of a film's part in `TrainingPlan.parts`. */
export const partCodes = { learn: 0, choose: 1, judge: 2 } as const;

export interface TrainingPlan {
  settings: RunSettings;
  /** Prepared films one after the other, settings.size x settings.size bytes of grey each, row by row. */
  pixels: Uint8Array;
  /** 1 fracture, 0 whole; one a film. */
  labels: Uint8Array;
  /** A `partCodes` value a film. Films to judge with are never looked at. */
  parts: Uint8Array;
  /** Boxes on each film; only a network with a map learns from them. */
  boxes?: Box[][] | undefined;
  /** Steps one call of a compiled training makes, at most; absent: as usual at that size. The weights do not depend on it. */
  stepsPerCall?: number | undefined;
  /** What learned before and learns on; without it the settings make a fresh network. */
  learned?: LearnedBefore | undefined;
}

/**
 * A network that learned before. It learns on as it answers: moving averages stay as they are and nothing is dropped out.
 * Its epochs are counted on, and only an epoch that is better than its best is kept.
 */
export interface LearnedBefore {
  /** A new one each time; the caller disposes of it. */
  model(): LayersModel;
  normalisation: Normalisation;
  curve: Epoch[];
  /** Weights in the order of `model().getWeights()`. */
  best: Best;
}

/** The best epoch so far. */
export interface Best {
  epoch: Epoch;
  weights: Float32Array[];
  sureness: Sureness;
}

export interface EngineAtWork {
  /** In words. */
  sentence: string;
  precision: Precision;
}

export interface TrainingHooks {
  onEpoch?(epoch: Epoch): void;
  /** The newest step, a few times a second. */
  onStep?(step: Step): void;
  /** What trains and in which precision; again where it has to change. */
  onEngine?(at: EngineAtWork): void;
  /** Aborting stops after the batches at hand (less than a second's) and keeps the best epoch. */
  signal?: AbortSignal | undefined;
  /** After each epoch, before `onEpoch`; `checkpoint` reads it out of the engine. */
  onCheckpoint?(checkpoint: () => Checkpoint): void;
}

export interface Fitted {
  /** Holds the weights of the best epoch; the caller disposes of it. */
  model: LayersModel;
  normalisation: Normalisation;
  /** What trained it, in words. */
  engine: string;
  curve: Epoch[];
  /** The best epoch on the choosing films by loss once toned down (`surenessOf`) or by AUC; the earlier of equals. */
  best: Epoch;
  /** How far its logits are to be toned down; the model is as it learned, not yet toned down. */
  sureness: number;
  ended: 'all epochs' | 'no gain' | 'stopped' | 'loss not finite';
  /** Why it ended early through no one's wish; earlier epochs are kept. */
  problem: Problem | null;
  /** Logits of films by the weights of `model` as they are then, where that is quicker than to ask the whole of it. */
  answer?: ((places: Uint32Array) => Float32Array) | undefined;
}

/**
 * Trains a network, from the start or from a checkpoint of the same training. Shapes and meaning above; accuracies are shares at probability 0.5.
 * @throws Problem BAD_SETTINGS, ONE_CLASS_ONLY, TOO_FEW_FILMS, FILMS_EMPTY, PART_WITHOUT_BOTH for plans that cannot be trained;
 *   RESUME_ENGINE when the engine that wrote `from` cannot be had;
 *   LOSS_NOT_FINITE when that happens before one epoch is done; CANCELLED when stopped before one epoch is done.
 */
export type Trainer = (
  engine: Engine,
  plan: TrainingPlan,
  hooks: TrainingHooks,
  from?: Checkpoint | null,
) => Promise<Fitted>;
