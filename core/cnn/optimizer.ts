// Gradient descent, momentum and Adam over all weights of a network as one flat vector.
// Must not know the network or the loss. Flat, because tfjs pays for each call: ten variables' worth of Adam in one go
// makes a step a fifth quicker at 28 px.
import type { Tensor1D, Variable } from '@tensorflow/tfjs';
import type { RunSettings } from '#api/runs.ts';
import type { Tf } from './engine.ts';

export interface Optimizer {
  /** Moves the weights a step against the gradient. Disposes of nothing it is given. */
  step(gradients: Tensor1D): void;
  dispose(): void;
}

const momentum = 0.9;
/** Kingma and Ba 2015, with TensorFlow's epsilon and its place (their "epsilon hat", end of section 2). */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** An optimiser of these variables, in this order; `gradients` come flattened and joined in the same order. */
export function createOptimizer(
  tf: Tf,
  variables: readonly Variable[],
  { optimizer, learningRate }: Pick<RunSettings, 'optimizer' | 'learningRate'>,
): Optimizer {
  const sizes = variables.map((variable) => variable.size);
  const weights = tf.tidy(() => tf.variable(tf.concat1d(variables.map((v) => v.flatten() as Tensor1D)), false));
  const zeros = () => tf.tidy(() => tf.variable(tf.zerosLike(weights), false));
  const first = optimizer === 'sgd' ? null : zeros();
  const second = optimizer === 'adam' ? zeros() : null;
  let steps = 0;

  /** What is taken off the weights. */
  function move(gradients: Tensor1D): Tensor1D {
    if (!first) return gradients.mul(learningRate);
    if (!second) {
      assign(first, first.mul(momentum).add(gradients));
      return first.mul(learningRate);
    }
    assign(first, first.mul(adam.beta1).add(gradients.mul(1 - adam.beta1)));
    assign(second, second.mul(adam.beta2).add(gradients.square().mul(1 - adam.beta2)));
    const rate = (learningRate * Math.sqrt(1 - adam.beta2 ** steps)) / (1 - adam.beta1 ** steps);
    return first.mul(rate).div(second.sqrt().add(adam.epsilon));
  }

  return {
    step(gradients) {
      steps++;
      tf.tidy(() => {
        assign(weights, weights.sub(move(gradients)));
        tf.split(weights, sizes).forEach((piece, place) => {
          const variable = variables[place];
          if (variable) variable.assign(piece.reshape(variable.shape));
        });
      });
    },
    dispose() {
      tf.dispose([weights, first, second].filter((tensor) => tensor !== null));
    },
  };
}

function assign(variable: Variable, value: Tensor1D | ReturnType<Tensor1D['mul']>): void {
  variable.assign(value);
}
