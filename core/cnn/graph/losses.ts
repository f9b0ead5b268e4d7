// Losses on logits and their gradients, as graphs. Always float32.
// Must not know what gives the logits.
import { boxShare, mapShare } from '../marks.ts';
import type { GraphBuilder, Value } from './builder.ts';
import { add, binary, cast, compare, div, equal, mul, reduce, reshape, sub, sumAll, times, unary } from './ops.ts';

export interface LossGraph {
  /** Mean over the films, each times its weight; a scalar. */
  loss: Value;
  /** By the logits, in their shape. */
  gradient: Value;
  /** Films on the right side of a probability of 0.5, or whose largest logit is that of their class; a scalar. */
  right: Value;
}

export interface LossInput {
  /** [films, 1] or [films, classes] */
  logits: Value;
  /** Number of the class of each film, float32, [films]. */
  labels: Value;
  /** Weight of each film, float32, [films]. */
  weights: Value;
  classes: number;
  /** Share of the answer that is spread evenly over the classes (Szegedy et al. 2016), 0 to 1. */
  labelSmoothing: number;
}

export type LossRule = (g: GraphBuilder, input: LossInput) => LossGraph;

/** w (max(z, 0) - z y + log(1 + exp(-|z|))), as core/cnn/loss.ts has it. */
const binaryCrossEntropy: LossRule = (g, { logits, labels, weights, labelSmoothing: s }) => {
  const z = reshape(g, logits, [-1]);
  const y = s === 0 ? labels : add(g, times(g, labels, 1 - s), g.scalar(s / 2));
  const films = countOf(g, labels);
  const tail = unary(g, 'Log1p', unary(g, 'Exp', unary(g, 'Neg', unary(g, 'Abs', z))));
  const each = add(g, sub(g, binary(g, 'Maximum', z, g.scalar(0)), mul(g, z, y)), tail);
  const by = mul(g, div(g, weights, films), sub(g, unary(g, 'Sigmoid', z), y));
  const answer = cast(g, compare(g, 'Greater', z, g.scalar(0)), 'float32');
  return {
    loss: div(g, sumAll(g, mul(g, weights, each)), films),
    gradient: reshape(g, by, [-1, 1]),
    right: sumAll(g, cast(g, equal(g, answer, labels), 'float32')),
  };
};

const categoricalCrossEntropy: LossRule = (g, { logits, labels, weights, classes, labelSmoothing: s }) => {
  const films = countOf(g, labels);
  const places = cast(g, labels, 'int32');
  const hot = g.op(
    'OneHot',
    [places, g.scalar(classes, 'int32'), g.scalar(1 - s + s / classes), g.scalar(s / classes)],
    { T: { type: 'float32' }, TI: { type: 'int32' }, axis: { int: -1 } },
    'float32',
  );
  const T = { T: { type: 'float32' } } as const;
  const [each, by] = g.ops('SoftmaxCrossEntropyWithLogits', [logits, hot], T, ['float32', 'float32']);
  const largest = g.op(
    'ArgMax',
    [logits, g.scalar(1, 'int32')],
    { ...T, Tidx: { type: 'int32' }, output_type: { type: 'int32' } },
    'int32',
  );
  return {
    loss: div(g, sumAll(g, mul(g, weights, each)), films),
    gradient: mul(g, by, reshape(g, div(g, weights, films), [-1, 1])),
    right: reduce(g, 'Sum', cast(g, equal(g, largest, places), 'float32'), [0]),
  };
};

export const losses = { binary: binaryCrossEntropy, categorical: categoricalCrossEntropy } as const satisfies Record<
  string,
  LossRule
>;
export type LossName = keyof typeof losses;

/** Gradient by the logits of a map [films, side, side, 1], as core/cnn/marks.ts has it; that loss is not shown. */
export function mapGradient(
  g: GraphBuilder,
  map: Value,
  { targets, weights }: { targets: Value; weights: Value },
): Value {
  const films = reshape(g, weights, [-1, 1, 1, 1]);
  const weight = mul(g, films, add(g, times(g, targets, boxShare - 1), g.scalar(1)));
  const by = mul(g, weight, sub(g, unary(g, 'Sigmoid', cast(g, map, 'float32')), targets));
  return div(g, times(g, by, mapShare), countOf(g, targets));
}

function countOf(g: GraphBuilder, x: Value): Value {
  const size = g.op('Size', [x], { T: { type: x.dtype }, out_type: { type: 'int32' } }, 'int32');
  return cast(g, size, 'float32');
}
