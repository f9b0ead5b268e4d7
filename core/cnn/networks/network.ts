// What every network is: a card and a way to build it. One file a network stands beside this one.
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { learningSettings } from '#api/runs.ts';
import type { Preset, RunSettings } from '#api/runs.ts';
import { random } from '#core/random.ts';
import { batchOf, filmsPerCall } from '../batches.ts';
import type { Normalisation } from '../batches.ts';
import type { Tf } from '../engine.ts';
import { runThrough } from '../run-through.ts';

/** The settings a network is made from; the rest of a run's settings say how it learns. */
export type NetworkSettings = Pick<
  RunSettings,
  'preset' | 'size' | 'kernel' | 'activation' | 'slope' | 'depth' | 'width' | 'marks' | 'seed'
>;

/** How a network learns where its card has nothing of its own: as the paper's. */
export const asThePaper: Preset['learning'] = learningSettings.parse({});

export interface Network {
  card: Preset;
  /**
   * Input [batch, size, size, 1], normalised grey; output [batch, 1], probability of fracture.
   * Its last layer is the logistic function, the one before gives the logit: learning and explaining read that.
   * Layers have names of their own, so that weights keep theirs from one process to the next.
   * @throws Problem BAD_SETTINGS when the settings do not make a network.
   */
  build(tf: Tf, settings: NetworkSettings): LayersModel;
  /**
   * What is learned before the first epoch and without a gradient: sets weights of layers that are not trainable. Sees
   * the learning films only.
   */
  learnAhead?(tf: Tf, model: LayersModel, films: LearningFilms): void;
}

/** The films a network learns from. */
export interface LearningFilms {
  /** All prepared films, as in `TrainingPlan`. */
  pixels: Uint8Array;
  labels: Uint8Array;
  size: number;
  /** Of the learning films among them. */
  places: Uint32Array;
  normalisation: Normalisation;
  seed: number;
}

/** What a layer answers on the learning films: `take` gets some films at a time, from which of them on. */
export function answersAt(
  tf: Tf,
  model: LayersModel,
  layer: string,
  { pixels, size, places, normalisation }: LearningFilms,
  take: (answer: Tensor, from: number) => void,
): void {
  const [input] = model.inputs;
  const output = model.getLayer(layer).output as SymbolicTensor;
  if (!input) throw new Error('a network needs an input');
  const most = filmsPerCall(size);
  for (let from = 0; from < places.length; from += most) {
    tf.tidy(() => {
      const films = batchOf(tf, pixels, size, places.subarray(from, from + most), normalisation);
      take(runThrough(output, [[input, films]]), from);
    });
  }
}

/** Sets all weights of one layer. */
export function setWeights(tf: Tf, model: LayersModel, layer: string, values: Float32Array[]): void {
  const into = model.getLayer(layer);
  const tensors = into.weights.map(({ shape }, place) => tf.tensor(values[place] ?? [], shape as number[]));
  into.setWeights(tensors);
  tf.dispose(tensors);
}

/** First weights: uniform after Glorot and Bengio 2010 (Keras' default), a seed of its own for each layer. */
export function initialisers(tf: Tf, seed: number): () => ReturnType<Tf['initializers']['glorotUniform']> {
  const seeds = random(seed, 1);
  return () => tf.initializers.glorotUniform({ seed: seeds.below(0x7fffffff) });
}
