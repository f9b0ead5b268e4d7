// The TensorFlow operations graphs are made of, each a function with its attributes filled in.
// Must not know layers or training.
import type { GraphBuilder, Value } from './builder.ts';
import type { DataType, Shape } from './messages.ts';

type G = GraphBuilder;

const typed = ({ dtype }: Value) => ({ T: { type: dtype } }) as const;

/** Operations of two values of one type, and of one. */
type Binary = 'AddV2' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum' | 'Minimum' | 'SquaredDifference' | 'DivNoNan';
type Unary = 'Exp' | 'Log1p' | 'Neg' | 'Abs' | 'Sqrt' | 'Rsqrt' | 'Square' | 'Sigmoid' | 'Tanh' | 'Softmax';

export const binary = (g: G, op: Binary, a: Value, b: Value): Value => g.op(op, [a, b], typed(a));
export const add = (g: G, a: Value, b: Value): Value => binary(g, 'AddV2', a, b);
export const sub = (g: G, a: Value, b: Value): Value => binary(g, 'Sub', a, b);
export const mul = (g: G, a: Value, b: Value): Value => binary(g, 'Mul', a, b);
export const div = (g: G, a: Value, b: Value): Value => binary(g, 'RealDiv', a, b);
export const unary = (g: G, op: Unary, x: Value): Value => g.op(op, [x], typed(x));

/** A constant of the value's own type. */
export const like = (g: G, x: Value, constant: number): Value => cast(g, g.scalar(constant), x.dtype);
export const times = (g: G, x: Value, factor: number): Value => mul(g, x, like(g, x, factor));

export const compare = (g: G, op: 'Greater' | 'GreaterEqual' | 'LessEqual', a: Value, b: Value): Value =>
  g.op(op, [a, b], typed(a), 'bool');

export const equal = (g: G, a: Value, b: Value): Value =>
  g.op('Equal', [a, b], { ...typed(a), incompatible_shape_error: { bool: true } }, 'bool');

export function cast(g: G, x: Value, to: DataType): Value {
  return x.dtype === to ? x : g.op('Cast', [x], { SrcT: { type: x.dtype }, DstT: { type: to } }, to);
}

export const reshape = (g: G, x: Value, shape: Shape): Value => reshapeTo(g, x, g.ints(shape));

export const reshapeTo = (g: G, x: Value, shape: Value): Value =>
  g.op('Reshape', [x, shape], { ...typed(x), Tshape: { type: shape.dtype } });

export const shapeOf = (g: G, x: Value): Value =>
  g.op('Shape', [x], { ...typed(x), out_type: { type: 'int32' } }, 'int32');

export const identity = (g: G, x: Value, after: readonly Value[]): Value =>
  g.op('Identity', [x], typed(x), x.dtype, after);

export const transpose = (g: G, x: Value, order: readonly number[]): Value =>
  g.op('Transpose', [x, g.ints(order)], { ...typed(x), Tperm: { type: 'int32' } });

/** Sum, mean or largest value over axes. */
export function reduce(g: G, op: 'Sum' | 'Mean' | 'Max', x: Value, axes: readonly number[], keep = false): Value {
  return g.op(op, [x, g.ints(axes)], { ...typed(x), Tidx: { type: 'int32' }, keep_dims: { bool: keep } });
}

/** Sum of everything, whatever the rank, as a scalar. */
export const sumAll = (g: G, x: Value): Value => reduce(g, 'Sum', reshape(g, x, [-1]), [0]);

/** Half the sum of the squares. */
export const halfSquares = (g: G, x: Value): Value => g.op('L2Loss', [x], typed(x));

export const addAll = (g: G, values: readonly Value[]): Value => {
  const [first] = values;
  if (!first) throw new Error('nothing to add up');
  return values.length === 1 ? first : g.op('AddN', values, { ...typed(first), N: { int: values.length } });
};

export const matMul = (g: G, a: Value, b: Value, transposeA = false, transposeB = false): Value =>
  g.op('MatMul', [a, b], { ...typed(a), transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } });

export const biasAdd = (g: G, x: Value, bias: Value): Value =>
  g.op('BiasAdd', [x, bias], { ...typed(x), data_format: { text: 'NHWC' } });

export const biasAddGrad = (g: G, dy: Value): Value =>
  g.op('BiasAddGrad', [dy], { ...typed(dy), data_format: { text: 'NHWC' } });

/** Rows of `x` at `places` (int32). */
export const gather = (g: G, x: Value, places: Value): Value =>
  g.op(
    'GatherV2',
    [x, places, g.scalar(0, 'int32')],
    { Tparams: { type: x.dtype }, Tindices: { type: places.dtype }, Taxis: { type: 'int32' }, batch_dims: { int: 0 } },
    x.dtype,
  );

export const stack = (g: G, values: readonly Value[], axis = 0): Value => {
  const [first] = values;
  if (!first) throw new Error('nothing to stack');
  return g.op('Pack', values, { ...typed(first), N: { int: values.length }, axis: { int: axis } });
};

export const unstack = (g: G, x: Value, count: number): Value[] =>
  g.ops(
    'Unpack',
    [x],
    { ...typed(x), num: { int: count }, axis: { int: 0 } },
    Array.from({ length: count }, () => x.dtype),
  );

export const concat = (g: G, values: readonly Value[], axis: number): Value => {
  const [first] = values;
  if (!first) throw new Error('nothing to join');
  const attributes = { ...typed(first), N: { int: values.length }, Tidx: { type: 'int32' } } as const;
  return g.op('ConcatV2', [...values, g.scalar(axis, 'int32')], attributes);
};

/** Pieces of the given sizes along an axis. */
export const split = (g: G, x: Value, sizes: readonly number[], axis: number): Value[] =>
  g.ops(
    'SplitV',
    [x, g.ints(sizes), g.scalar(axis, 'int32')],
    { ...typed(x), num_split: { int: sizes.length }, Tlen: { type: 'int32' } },
    sizes.map(() => x.dtype),
  );

/** A size of -1 is all that is left. */
export const slice = (g: G, x: Value, begin: readonly number[], size: readonly number[]): Value =>
  g.op('Slice', [x, g.ints(begin), g.ints(size)], { ...typed(x), Index: { type: 'int32' } });

/** Zeros around; [before, after] a dimension. */
export const pad = (g: G, x: Value, sides: readonly (readonly [number, number])[]): Value =>
  g.op('Pad', [x, g.constant(sides.flat(), [sides.length, 2], 'int32')], {
    ...typed(x),
    Tpaddings: { type: 'int32' },
  });

export const broadcastTo = (g: G, x: Value, shape: Value): Value =>
  g.op('BroadcastTo', [x, shape], { ...typed(x), Tidx: { type: 'int32' } });

/** Random numbers that the seed (int32, [2]) alone decides: even in [0, 1), or normal. */
export const stateless = (
  g: G,
  op: 'StatelessRandomUniform' | 'StatelessRandomNormal',
  shape: Value,
  seed: Value,
): Value =>
  g.op(op, [shape, seed], { dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: seed.dtype } }, 'float32');
