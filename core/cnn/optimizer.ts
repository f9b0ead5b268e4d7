// Gradient descent, momentum, RMSProp and Adam over all weights of a network as one flat vector.
// Must not know the network or the loss. Flat, because tfjs pays for each call: ten variables' worth of Adam in one go
// makes a step a fifth quicker at 28 px.
import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs';
import type { RunSettings } from '#api/runs.ts';
import type { Tf } from './engine.ts';
import type { LearnerState } from './epochs.ts';

export interface Optimizer {
  /**
   * Moves the weights a step against the gradient. Disposes of nothing it is given.
   * @returns length of the gradient, the pull of L2 in it, before it is clipped; a scalar
   */
  step(gradients: Tensor1D, learningRate: number): Tensor;
  /** Puts the averaged weights in place of those learned, and back; nothing where no average is kept. */
  swap(): void;
  /** What it keeps beside the weights. */
  state(): LearnerState;
  /** Goes on from what `state` gave and from the weights as they are now. */
  restore(state: LearnerState): void;
  dispose(): void;
}

export type OptimizerSettings = Pick<RunSettings, 'optimizer' | 'weightDecay' | 'clipNorm' | 'averaging'>;

export const momentum = 0.9;
/** Kingma and Ba 2015, with TensorFlow's epsilon and its place (their "epsilon hat", end of section 2). */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
/** Hinton's lecture 6e; the epsilon as in TensorFlow, under the root. */
export const rmsprop = { decay: 0.9, epsilon: 1e-7 };

/** Weights that are pulled towards zero: filters and matrices, not biases nor what scales a normalisation. */
export const decays = (shape: readonly (number | null)[]): boolean => shape.length > 1;

/** An optimiser of these variables, in this order; `gradients` come flattened and joined in the same order. */
export function createOptimizer(tf: Tf, variables: readonly Variable[], settings: OptimizerSettings): Optimizer {
  const { optimizer, weightDecay, clipNorm, averaging } = settings;
  const isAdam = optimizer === 'adam' || optimizer === 'adamw';
  const sizes = variables.map((variable) => variable.size);
  const weights = tf.tidy(() => tf.variable(tf.concat1d(variables.map((v) => v.flatten() as Tensor1D)), false));
  const zeros = () => tf.tidy(() => tf.variable(tf.zerosLike(weights), false));
  const first = optimizer === 'sgd' ? null : zeros();
  const second = isAdam ? zeros() : null;
  const average = averaging === null ? null : tf.tidy(() => tf.variable(weights.clone(), false));
  const pulled = weightDecay === 0 ? null : tf.tidy(() => tf.concat1d(variables.map((v) => maskOf(tf, v))));
  let steps = 0;

  /** What is taken off the weights. */
  function move(gradients: Tensor1D, rate: number): Tensor1D {
    if (!first) return gradients.mul(rate);
    if (optimizer === 'rmsprop') {
      assign(first, first.mul(rmsprop.decay).add(gradients.square().mul(1 - rmsprop.decay)));
      return gradients.mul(rate).div(first.add(rmsprop.epsilon).sqrt());
    }
    if (!second) {
      assign(first, first.mul(momentum).add(gradients));
      return optimizer === 'nesterov' ? gradients.add(first.mul(momentum)).mul(rate) : first.mul(rate);
    }
    assign(first, first.mul(adam.beta1).add(gradients.mul(1 - adam.beta1)));
    assign(second, second.mul(adam.beta2).add(gradients.square().mul(1 - adam.beta2)));
    const corrected = (rate * Math.sqrt(1 - adam.beta2 ** steps)) / (1 - adam.beta1 ** steps);
    return first.mul(corrected).div(second.sqrt().add(adam.epsilon));
  }

  function spread(): void {
    tf.split(weights, sizes).forEach((piece, place) => {
      const variable = variables[place];
      if (variable) variable.assign(piece.reshape(variable.shape));
    });
  }

  return {
    step(gradients, learningRate) {
      steps++;
      return tf.tidy(() => {
        let pull: Tensor1D = gradients;
        if (pulled && optimizer !== 'adamw') pull = pull.add(weights.mul(pulled).mul(2 * weightDecay));
        const norm = pull.square().sum().sqrt();
        if (clipNorm !== null) pull = pull.mul(tf.div(clipNorm, norm.maximum(clipNorm)));
        if (pulled && optimizer === 'adamw')
          assign(weights, weights.sub(weights.mul(pulled).mul(learningRate * weightDecay)));
        assign(weights, weights.sub(move(pull, learningRate)));
        if (average && averaging !== null) assign(average, average.sub(average.sub(weights).mul(1 - averaging)));
        spread();
        return norm;
      });
    },
    swap() {
      if (!average) return;
      tf.tidy(() => {
        const learned = weights.clone();
        assign(weights, average.clone());
        assign(average, learned);
        spread();
      });
    },
    state() {
      const kept = Object.entries({ first, second, average }).flatMap(([name, variable]) =>
        variable ? [[name, { values: Float32Array.from(variable.dataSync()), shape: variable.shape }] as const] : [],
      );
      return { steps: { values: Float32Array.of(steps), shape: [1] }, ...Object.fromEntries(kept) };
    },
    restore(state) {
      steps = state['steps']?.values[0] ?? 0;
      tf.tidy(() => {
        assign(weights, tf.concat1d(variables.map((variable) => variable.flatten() as Tensor1D)));
        for (const [name, variable] of Object.entries({ first, second, average }))
          if (variable) assign(variable, tf.tensor1d(state[name]?.values ?? []));
      });
    },
    dispose() {
      tf.dispose([weights, first, second, average, pulled].filter((tensor) => tensor !== null));
    },
  };
}

const maskOf = (tf: Tf, variable: Variable): Tensor1D =>
  decays(variable.shape) ? tf.ones([variable.size]) : tf.zeros([variable.size]);

function assign(variable: Variable, value: Tensor): void {
  variable.assign(value as Tensor1D);
}
