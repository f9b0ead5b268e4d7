// Optimisers, each a single operation of TensorFlow on the variables of the session.
// Must not know the network or the loss. Formulas and constants are those of core/cnn/optimizer.ts.
import { adam, momentum, rmsprop } from '../optimizer.ts';
import type { GraphBuilder, Slot, Value } from './builder.ts';

/** What changes from step to step, each a scalar. */
export interface Rates {
  learningRate: Value;
  /** Adam's constants to the power of the step, counted from 1. */
  beta1Power: Value;
  beta2Power: Value;
}

export interface OptimizerRule {
  /** Variables beside the weight, of its shape, zero at first. */
  slots: number;
  /** The node that moves the weight. */
  apply(g: GraphBuilder, weight: Slot, slots: Slot[], gradient: Value, rates: Rates): Value;
}

const float = { T: { type: 'float32' } } as const;

const descent: OptimizerRule = {
  slots: 0,
  apply: (g, weight, _, gradient, { learningRate }) =>
    g.op('ResourceApplyGradientDescent', [weight.handle, learningRate, gradient], float),
};

const withMomentum = (nesterov: boolean): OptimizerRule => ({
  slots: 1,
  apply: (g, weight, [speed], gradient, { learningRate }) =>
    g.op('ResourceApplyMomentum', [weight.handle, handleOf(speed), learningRate, gradient, g.scalar(momentum)], {
      ...float,
      use_nesterov: { bool: nesterov },
    }),
});

const rootMeanSquare: OptimizerRule = {
  slots: 2,
  apply: (g, weight, [square, speed], gradient, { learningRate }) =>
    g.op(
      'ResourceApplyRMSProp',
      [
        weight.handle,
        handleOf(square),
        handleOf(speed),
        learningRate,
        g.scalar(rmsprop.decay),
        g.scalar(0),
        g.scalar(rmsprop.epsilon),
        gradient,
      ],
      float,
    ),
};

const adamRule: OptimizerRule = {
  slots: 2,
  apply: (g, weight, [first, second], gradient, { learningRate, beta1Power, beta2Power }) =>
    g.op(
      'ResourceApplyAdam',
      [
        weight.handle,
        handleOf(first),
        handleOf(second),
        beta1Power,
        beta2Power,
        learningRate,
        g.scalar(adam.beta1),
        g.scalar(adam.beta2),
        g.scalar(adam.epsilon),
        gradient,
      ],
      float,
    ),
};

/** AdamW is Adam with its decay of weights beside it, which every optimiser may have: see train-step.ts. */
export const optimizers = {
  sgd: descent,
  momentum: withMomentum(false),
  nesterov: withMomentum(true),
  rmsprop: rootMeanSquare,
  adam: adamRule,
  adamw: adamRule,
} as const satisfies Record<string, OptimizerRule>;
export type OptimizerName = keyof typeof optimizers;

function handleOf(slot: Slot | undefined): Value {
  if (!slot) throw new Error('the optimiser lacks a variable of its own');
  return slot.handle;
}
