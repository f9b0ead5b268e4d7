// Activation functions: alone as layers, and inside the layers that carry one.
// Must not know where they stand.
import type { Value } from '../builder.ts';
import { add, cast, compare, div, like, mul, reduce, sub, times, unary } from '../ops.ts';
import type { Applied, Compiling, Rule, Use } from './rule.ts';
import { CannotCompile, onlyInput } from './rule.ts';

/** An activation: its value, and the gradient by its input from that by its output. */
interface Curve {
  y: Value;
  dx(dy: Value): Value;
}
type CurveOf = (c: Compiling, x: Value) => Curve;

/** TensorFlow's own pair of operations; `by` says whether the gradient's second operand is the input or the output. */
function own(op: string, gradient: string, by: 'input' | 'output', order: 'dy first' | 'dy last'): CurveOf {
  return ({ g }, x) => {
    const T = { T: { type: x.dtype } } as const;
    const y = g.op(op, [x], T);
    const other = by === 'input' ? x : y;
    return { y, dx: (dy) => g.op(gradient, order === 'dy first' ? [dy, other] : [other, dy], T, x.dtype) };
  };
}

const curves: Record<string, CurveOf> = {
  linear: (_, x) => ({ y: x, dx: (dy) => dy }),
  relu: own('Relu', 'ReluGrad', 'output', 'dy first'),
  relu6: own('Relu6', 'Relu6Grad', 'output', 'dy first'),
  elu: own('Elu', 'EluGrad', 'output', 'dy first'),
  selu: own('Selu', 'SeluGrad', 'output', 'dy first'),
  sigmoid: own('Sigmoid', 'SigmoidGrad', 'output', 'dy last'),
  tanh: own('Tanh', 'TanhGrad', 'output', 'dy last'),
  softplus: own('Softplus', 'SoftplusGrad', 'input', 'dy first'),
  softsign: own('Softsign', 'SoftsignGrad', 'input', 'dy first'),
  softmax: ({ g }, x) => {
    const y = unary(g, 'Softmax', x);
    return { y, dx: (dy) => mul(g, sub(g, dy, reduce(g, 'Sum', mul(g, dy, y), [-1], true)), y) };
  },
  swish: ({ g }, x) => {
    const s = unary(g, 'Sigmoid', x);
    const y = mul(g, x, s);
    // y' = s + x s (1 - s) = s + y (1 - s)
    return { y, dx: (dy) => mul(g, dy, add(g, s, mul(g, y, sub(g, like(g, x, 1), s)))) };
  },
};

export function curveOf(c: Compiling, layer: string, name: string, x: Value): Curve {
  const curve = curves[name];
  if (!curve) throw new CannotCompile(layer, `there is no rule for the activation "${name}"`);
  return curve(c, x);
}

const applied = ({ y, dx }: Curve): Applied => ({
  output: y,
  backward: (dy) => ({ inputs: [dx(dy)], weights: [] }),
});

export const activation: Rule = (c, use) =>
  applied(curveOf(c, use.layer.name, nameOf(use.config['activation']), onlyInput(use)));

export const relu: Rule = (c, use) => {
  const limit = use.config['maxValue'];
  if (limit !== undefined && limit !== null && limit !== 6)
    throw new CannotCompile(use.layer.name, `its limit of ${String(limit)} has no rule`);
  return applied(curveOf(c, use.layer.name, limit === 6 ? 'relu6' : 'relu', onlyInput(use)));
};

export const elu: Rule = (c, use) => applied(curveOf(c, use.layer.name, 'elu', onlyInput(use)));

export const softmax: Rule = (c, use) => {
  const axis = Number(use.config['axis'] ?? -1);
  if (axis !== -1 && axis !== use.outputShape.length)
    throw new CannotCompile(use.layer.name, 'it is not along the last axis');
  return applied(curveOf(c, use.layer.name, 'softmax', onlyInput(use)));
};

export const leakyRelu: Rule = ({ g }, use) => {
  const x = onlyInput(use);
  const attributes = { T: { type: x.dtype }, alpha: { float: Number(use.config['alpha'] ?? 0.3) } } as const;
  return applied({
    y: g.op('LeakyRelu', [x], attributes),
    dx: (dy) => g.op('LeakyReluGrad', [dy, x], attributes),
  });
};

/** The paper's functions with a slope (core/cnn/activations.ts): 1 / (1 + exp(-a x)), tanh(x / a), unit step. */
export const sloped: Rule = (c, use: Use) => {
  const { g } = c;
  const x = onlyInput(use);
  const [kind, slope] = [String(use.config['kind']), Number(use.config['slope'])];
  if (kind === 'logistic') {
    const { y, dx } = curveOf(c, use.layer.name, 'sigmoid', times(g, x, slope));
    return applied({ y, dx: (dy) => times(g, dx(dy), slope) });
  }
  if (kind === 'tanh') {
    const by = like(g, x, slope);
    const { y, dx } = curveOf(c, use.layer.name, 'tanh', div(g, x, by));
    return applied({ y, dx: (dy) => div(g, dx(dy), by) });
  }
  if (kind === 'step') {
    return applied({
      y: cast(g, compare(g, 'Greater', x, like(g, x, 0)), x.dtype),
      // Straight-through between -1 and 1.
      dx: (dy) => mul(g, dy, cast(g, compare(g, 'LessEqual', unary(g, 'Abs', x), like(g, x, 1)), x.dtype)),
    });
  }
  throw new CannotCompile(use.layer.name, `there is no rule for "${kind}"`);
};

/** An activation that a layer carries: put after what the layer computes. */
export function withActivation(c: Compiling, use: Use, before: Applied): Applied {
  const name = nameOf(use.config['activation'] ?? 'linear');
  if (name === 'linear') return before;
  const { y, dx } = curveOf(c, use.layer.name, name, before.output);
  return { output: y, backward: (dy) => before.backward(dx(dy)) };
}

/** tfjs writes a name, Keras' files sometimes an object. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return String((value as { className?: unknown } | null)?.className ?? 'linear');
}
