// One training step as a graph: forward, loss, backward, weights moved.
// Must not know where the films come from.
import type { LayersModel } from '@tensorflow/tfjs';
import type { OptimizerSettings } from '../optimizer.ts';
import { decays } from '../optimizer.ts';
import type { GraphBuilder, Slot, Value } from './builder.ts';
import { losses, mapGradient } from './losses.ts';
import type { LossRule } from './losses.ts';
import { forwardOf } from './network.ts';
import type { Head, Network } from './network.ts';
import { add, addAll, binary, cast, div, halfSquares, mul, sub, times, unary } from './ops.ts';
import { optimizers } from './optimizers.ts';
import type { OptimizerRule, Rates } from './optimizers.ts';
import type { Compiling, LayerWeight } from './rules/rule.ts';

/** A weight of the network in the session, and what the optimiser keeps beside it. */
export interface Held {
  weight: LayerWeight;
  trainable: boolean;
  value: Slot;
  /** Of the optimiser. */
  slots: Slot[];
  /** The average that answers, where one is kept. */
  average: Slot | null;
}

export interface StepSettings extends OptimizerSettings {
  labelSmoothing: number;
  precision: Compiling['precision'];
  /** Learns as it answers: by moving averages that stay, with nothing dropped out. */
  asAnswering?: boolean;
  /** A test may put in others. */
  lossRule?: LossRule;
  optimizerRule?: OptimizerRule;
}

/** Variables for all weights, in the order of `model.weights`. */
export function hold(g: GraphBuilder, model: LayersModel, settings: StepSettings): Held[] {
  const learned = new Set(model.trainableWeights);
  const { slots } = settings.optimizerRule ?? optimizers[settings.optimizer];
  return model.weights.map((weight, place) => {
    const shape = weight.shape as number[];
    const trainable = learned.has(weight);
    const slot = (name: string) => g.slot(`${name}${place}`, 'float32', shape);
    return {
      weight,
      trainable,
      value: slot('weight'),
      slots: Array.from({ length: trainable ? slots : 0 }, (_, number) => slot(`slot${number}_`)),
      average: trainable && settings.averaging !== null ? slot('average') : null,
    };
  });
}

/** What a step takes in, all of this step's batch. */
export interface StepInput {
  /** [films, height, width, 1], normalised, float32. */
  films: Value;
  labels: Value;
  weights: Value;
  /** Of a network with a map. */
  marks: { targets: Value; weights: Value } | null;
  /** int32, [2]. */
  seed: Value;
  rates: Rates;
}

export interface StepGraph {
  loss: Value;
  right: Value;
  /** Length of the gradient before it is clipped. */
  norm: Value;
  /** Gradients by the weights, before clipping; for tests. */
  gradients: Map<LayerWeight, Value>;
  /** What must have run before the variables hold this step's weights, by weight. */
  updates: Map<LayerWeight, Value>;
}

/** @param before nodes after which a weight may be read, by weight */
export function trainStep(
  g: GraphBuilder,
  { network, head }: { network: Network; head: Head },
  held: readonly Held[],
  settings: StepSettings,
  input: StepInput,
  before: Map<LayerWeight, Value>,
): StepGraph {
  const slotOf = new Map(held.map(({ weight, value }) => [weight, value]));
  const read = new Map<LayerWeight, Value>();
  const updates = new Map<LayerWeight, Value>();
  const c: Compiling = {
    g,
    precision: settings.precision,
    training: settings.asAnswering !== true,
    read(weight) {
      const known = read.get(weight);
      if (known) return known;
      const slot = slotOf.get(weight);
      const previous = before.get(weight);
      if (!slot) throw new Error('a layer has a weight the network does not know');
      const value = g.inOrder(previous ? [previous] : [], () => g.read(slot));
      read.set(weight, value);
      return value;
    },
    seed: (layer) => {
      const stream = network.stages.findIndex((stage) => stage.layer === layer) + 1;
      return add(g, input.seed, g.constant([Math.imul(stream, 0x9e3779b9), 0], [2], 'int32'));
    },
    set(weight, value) {
      const slot = slotOf.get(weight);
      if (slot) updates.set(weight, g.assign(slot, value));
    },
  };
  const forward = forwardOf(c, network, cast(g, input.films, settings.precision));
  const loss = (settings.lossRule ?? losses[head.loss])(g, {
    logits: cast(g, forward.output, 'float32'),
    labels: input.labels,
    weights: input.weights,
    classes: head.logits.shape.at(-1) ?? 1,
    labelSmoothing: settings.labelSmoothing,
  });
  const back = (gradient: Value) => cast(g, gradient, settings.precision);
  const more =
    head.map && input.marks ? [[head.map, back(mapGradient(g, forward.valueOf(head.map), input.marks))] as const] : [];
  const gradients = withL2(c, settings, forward.backward(back(loss.gradient), more));
  const norm = unary(
    g,
    'Sqrt',
    times(
      g,
      addAll(
        g,
        [...gradients.values()].map((value) => halfSquares(g, value)),
      ),
      2,
    ),
  );
  const factor = settings.clipNorm === null ? null : clipFactor(g, norm, settings.clipNorm);
  for (const one of held) {
    const gradient = gradients.get(one.weight);
    if (!one.trainable || !gradient) continue;
    const clipped = factor ? mul(g, gradient, factor) : gradient;
    updates.set(one.weight, move(g, one, settings, clipped, input.rates, c.read(one.weight)));
  }
  return { loss: loss.loss, right: loss.right, norm, gradients, updates };
}

/** L2: the gradient of the sum of squares times the decay. AdamW has its decay beside the gradient. */
function withL2(c: Compiling, settings: StepSettings, gradients: Map<LayerWeight, Value>): Map<LayerWeight, Value> {
  const { weightDecay, optimizer } = settings;
  if (weightDecay === 0 || optimizer === 'adamw') return gradients;
  return new Map(
    [...gradients].map(([weight, gradient]) => {
      if (!decays(weight.shape)) return [weight, gradient];
      return [weight, add(c.g, gradient, times(c.g, c.read(weight), 2 * weightDecay))];
    }),
  );
}

const clipFactor = (g: GraphBuilder, norm: Value, longest: number): Value =>
  div(g, g.scalar(longest), binary(g, 'Maximum', norm, g.scalar(longest)));

/** One weight moved, decayed and averaged; the last node of these. */
function move(
  g: GraphBuilder,
  { weight, value, slots, average }: Held,
  settings: StepSettings,
  gradient: Value,
  rates: Rates,
  before: Value,
): Value {
  const { optimizer, weightDecay, averaging } = settings;
  const after: Value[] = [];
  if (optimizer === 'adamw' && weightDecay > 0 && decays(weight.shape)) {
    const decay = mul(g, before, times(g, rates.learningRate, weightDecay));
    after.push(g.op('AssignSubVariableOp', [value.handle, decay], { dtype: { type: 'float32' } }));
  }
  const rule = settings.optimizerRule ?? optimizers[optimizer];
  const moved = g.inOrder(after, () => rule.apply(g, value, slots, gradient, rates));
  if (!average || averaging === null) return moved;
  const [now, kept] = g.inOrder([moved], () => [g.read(value), g.read(average)]);
  const pull = times(g, sub(g, kept, now), 1 - averaging);
  return g.op('AssignSubVariableOp', [average.handle, pull], { dtype: { type: 'float32' } });
}
