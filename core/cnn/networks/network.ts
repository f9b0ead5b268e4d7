// What every network is: a card and a way to build it. One file a network stands beside this one.
import type { LayersModel } from '@tensorflow/tfjs';
import { learningSettings } from '#api/runs.ts';
import type { Preset, RunSettings } from '#api/runs.ts';
import { random } from '#core/random.ts';
import type { Tf } from '../engine.ts';

/** The settings a network is made from; the rest of a run's settings say how it learns. */
export type NetworkSettings = Pick<
  RunSettings,
  'preset' | 'size' | 'kernel' | 'activation' | 'slope' | 'depth' | 'width' | 'seed'
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
}

/** First weights: uniform after Glorot and Bengio 2010 (Keras' default), a seed of its own for each layer. */
export function initialisers(tf: Tf, seed: number): () => ReturnType<Tf['initializers']['glorotUniform']> {
  const seeds = random(seed, 1);
  return () => tf.initializers.glorotUniform({ seed: seeds.below(0x7fffffff) });
}
