// All weights of a network set at once.
// Must not know where they come from.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

/** @param weights in the order of `model.getWeights()` */
export function writeWeights(tf: Tf, model: LayersModel, weights: Float32Array[]): void {
  const tensors = model.getWeights().map((weight, place) => tf.tensor(weights[place] ?? [], weight.shape));
  model.setWeights(tensors);
  tf.dispose(tensors);
}
