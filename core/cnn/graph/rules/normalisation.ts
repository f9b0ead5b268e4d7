// Batch normalisation: by the batch's own mean and variance while learning, by moving averages otherwise.
// Scale, offset and statistics are float32 whatever the precision. Last axis only.
import type { Value } from '../builder.ts';
import { add, cast, div, mul, reduce, reshape, sub, times, unary } from '../ops.ts';
import type { Compiling, Gradients, LayerWeight, Rule } from './rule.ts';
import { CannotCompile, neededWeight, onlyInput, onlyShape, weightAt } from './rule.ts';

export const batchNormalisation: Rule = (c, use) => {
  const { g } = c;
  const shape = onlyShape(use);
  const channels = shape.at(-1) ?? 0;
  const axis = Number(use.config['axis'] ?? -1);
  if (axis !== -1 && axis !== shape.length) throw new CannotCompile(use.layer.name, 'it is not along the last axis');
  // The operation knows pictures only: a list of figures is one of one pixel.
  const wide = (value: Value) => (shape.length === 3 ? value : reshape(g, value, [-1, 1, 1, channels]));
  const narrow = (value: Value) => (shape.length === 3 ? value : reshape(g, value, [-1, ...shape]));
  const [gamma, beta] = [weightAt(use.layer, 'gamma'), weightAt(use.layer, 'beta')];
  const constant = (value: number) =>
    g.constant(
      Array.from({ length: channels }, () => value),
      [channels],
    );
  const scale = gamma ? c.read(gamma) : constant(1);
  const offset = beta ? c.read(beta) : constant(0);
  const mean = neededWeight(use.layer, 'movingMean');
  const variance = neededWeight(use.layer, 'movingVariance');
  const x = wide(onlyInput(use));
  const attributes = {
    T: { type: x.dtype },
    U: { type: 'float32' },
    epsilon: { float: Number(use.config['epsilon'] ?? 1e-3) },
    data_format: { text: 'NHWC' },
    is_training: { bool: c.training },
  } as const;
  const statistics = c.training ? [g.constant([], [0]), g.constant([], [0])] : [c.read(mean), c.read(variance)];
  const [y, , , batchMean, batchVariance, reserved] = g.ops(
    'FusedBatchNormV3',
    [x, scale, offset, ...statistics],
    { ...attributes, exponential_avg_factor: { float: 1 } },
    [x.dtype, 'float32', 'float32', 'float32', 'float32', 'float32'],
  );
  if (c.training) {
    const momentum = Number(use.config['momentum'] ?? 0.99);
    moveTowards(c, mean, batchMean, momentum);
    moveTowards(c, variance, batchVariance, momentum);
  }
  /** By moving averages it is a factor and an offset a channel. */
  const backwardOfAverages = (dy: Value): Gradients => {
    const full = cast(g, wide(dy), 'float32');
    const deviation = unary(g, 'Sqrt', add(g, c.read(variance), g.scalar(Number(use.config['epsilon'] ?? 1e-3))));
    const sum = (value: Value) => reduce(g, 'Sum', value, [0, 1, 2]);
    const standard = () => div(g, sub(g, cast(g, x, 'float32'), c.read(mean)), deviation);
    return {
      inputs: [narrow(cast(g, mul(g, full, div(g, scale, deviation)), x.dtype))],
      weights: [
        ...(gamma ? [{ weight: gamma, gradient: sum(mul(g, full, standard())) }] : []),
        ...(beta ? [{ weight: beta, gradient: sum(full) }] : []),
      ],
    };
  };
  return {
    output: narrow(y),
    backward: (dy) => {
      if (!c.training) return backwardOfAverages(dy);
      const [dx, dScale, dOffset] = g.ops(
        'FusedBatchNormGradV3',
        [wide(dy), x, scale, batchMean, batchVariance, reserved],
        attributes,
        [x.dtype, 'float32', 'float32', 'float32', 'float32'],
      );
      return {
        inputs: [narrow(dx)],
        weights: [
          ...(gamma ? [{ weight: gamma, gradient: dScale }] : []),
          ...(beta ? [{ weight: beta, gradient: dOffset }] : []),
        ],
      };
    },
  };
};

/** The batch's variance is that of its films as a whole, not the estimate for others: as tfjs keeps it. */
function moveTowards(c: Compiling, weight: LayerWeight, value: Value, momentum: number): void {
  const { g } = c;
  const before = c.read(weight);
  c.set(weight, sub(g, before, times(g, sub(g, before, value), 1 - momentum)));
}
