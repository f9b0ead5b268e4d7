// What a network answers on prepared films.
// Must not decide anything from it: thresholds live with the model, words elsewhere.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Normalisation } from './batches.ts';
import { batchOf, filmsPerCall } from './batches.ts';
import type { Tf } from './engine.ts';
import { logistic } from './loss.ts';
import { logitOf } from './run-through.ts';

/** The network up to its logit [batch, 1]; shares the weights of `model`. */
export function logitsOf(tf: Tf, model: LayersModel): LayersModel {
  return tf.model({ inputs: model.inputs, outputs: logitOf(model) });
}

/**
 * Logits of the films at `places` in `pixels` (size * size bytes each, prepared as for learning).
 * @param logits a network as `logitsOf` gives it
 * @param mirrorAnswers whether each is the mean over the film and its mirror image
 */
export function predictLogits(
  tf: Tf,
  logits: LayersModel,
  normalisation: Normalisation,
  pixels: Uint8Array,
  size: number,
  places: ArrayLike<number>,
  mirrorAnswers: boolean,
): Float32Array {
  const answers = new Float32Array(places.length);
  const step = filmsPerCall(size);
  for (let from = 0; from < places.length; from += step) {
    const some = Array.prototype.slice.call(places, from, from + step) as number[];
    const answer = tf.tidy(() => {
      const batch = batchOf(tf, pixels, size, some, normalisation);
      const straight = logits.predictOnBatch(batch) as Tensor;
      if (!mirrorAnswers) return straight;
      const mirrored = logits.predictOnBatch(tf.reverse(batch, 2)) as Tensor;
      return straight.add(mirrored).div(2);
    });
    answers.set(answer.dataSync() as Float32Array, from);
    answer.dispose();
  }
  return answers;
}

/** Probability of fracture, 0 to 1, of each film in `pixels`. */
export function predict(
  tf: Tf,
  model: LayersModel,
  normalisation: Normalisation,
  pixels: Uint8Array,
  size: number,
  mirrorAnswers: boolean,
): Float32Array {
  const places = Uint32Array.from({ length: pixels.length / (size * size) }, (_, place) => place);
  return predictLogits(tf, logitsOf(tf, model), normalisation, pixels, size, places, mirrorAnswers).map(logistic);
}
