// How sure a network may be: its logits toned down to what the choosing films bear out.
// Pure but for the last function, which puts the tone into the network's weights. Never makes a network surer.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';
import { binaryCrossEntropy, logistic } from './loss.ts';

export interface Sureness {
  /** Factor on the logits, 0.02 to 1. */
  factor: number;
  /** Cross-entropy with that factor: what the network knows, whatever it claims. */
  loss: number;
}

/** Below this nothing is known: every answer lies near 0.5. */
const least = 0.02;

/**
 * The factor that makes the loss smallest (temperature scaling, Guo et al. 2017; the factor is one over the temperature).
 * The loss that is left tells epochs apart better than the plain one, which rises as soon as a network grows surer than
 * it ought to be, though it may still be learning to tell the classes apart (refinement: Berta et al. 2025).
 * @param classWeights weight of whole and of fracture, as in learning
 */
export function surenessOf(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classWeights: readonly [whole: number, fracture: number],
): Sureness {
  // The loss is convex in the factor: its slope changes sign once at most.
  const slope = (factor: number) => {
    let sum = 0;
    for (let i = 0; i < logits.length; i++) {
      const [z, y] = [logits[i] ?? 0, labels[i] ?? 0];
      sum += (y === 1 ? classWeights[1] : classWeights[0]) * (logistic(factor * z) - y) * z;
    }
    return sum;
  };
  const lossAt = (factor: number): Sureness => {
    const toned = Float64Array.from(logits, (z) => factor * z);
    return { factor, loss: binaryCrossEntropy(toned, labels, classWeights).loss };
  };
  if (!(slope(1) > 0)) return lossAt(1);
  let [low, high] = [least, 1];
  for (let halving = 0; halving < 40 && slope(least) < 0; halving++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return lossAt(low);
}

/** Nothing it learned holds on the choosing films. */
export function knowsNothing({ factor }: Sureness): boolean {
  return factor < 1.001 * least;
}

/** Multiplies the weights of the layer that gives the logit, so that wherever the model is opened it answers toned down. */
export function toneDown(tf: Tf, model: LayersModel, factor: number): void {
  const logit = model.layers.at(-2);
  if (logit?.getClassName() !== 'Dense') throw new Error('the layer before the logistic function is not dense');
  const toned = logit.getWeights().map((weight) => tf.mul(weight, factor));
  logit.setWeights(toned);
  tf.dispose(toned);
}
