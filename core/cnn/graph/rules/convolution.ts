// Convolutions: plain, by channel (depthwise), and both one after the other (separable).
// Channels last only; must not know what follows.
import type { Value } from '../builder.ts';
import { biasAdd, biasAddGrad, shapeOf } from '../ops.ts';
import { withActivation } from './activation.ts';
import type { Applied, Compiling, LayerWeight, Rule, Use } from './rule.ts';
import { CannotCompile, channelsLast, neededWeight, onlyInput, pair, weightAt, weightOf } from './rule.ts';

type Kind = 'Conv2D' | 'DepthwiseConv2dNative';
const backwards = {
  Conv2D: { input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' },
  DepthwiseConv2dNative: {
    input: 'DepthwiseConv2dNativeBackpropInput',
    filter: 'DepthwiseConv2dNativeBackpropFilter',
  },
} as const;

interface Geometry {
  strides: readonly [number, number];
  dilation: readonly [number, number];
  padding: 'SAME' | 'VALID';
}

export const convolution: Rule = (c, use) => {
  channelsLast(use);
  const geometry = geometryOf(use);
  if (geometry.dilation.some((side) => side !== 1) && !hasOneDnn())
    throw new CannotCompile(use.layer.name, 'it is dilated, whose gradient needs oneDNN');
  const convolved = convolve(c, 'Conv2D', onlyInput(use), neededWeight(use.layer, 'kernel'), geometry);
  return withActivation(c, use, withBias(c, use, convolved));
};

export const depthwise: Rule = (c, use) => {
  channelsLast(use);
  const geometry = depthwiseGeometry(use);
  const kernel = neededWeight(use.layer, 'depthwiseKernel');
  const convolved = convolve(c, 'DepthwiseConv2dNative', onlyInput(use), kernel, geometry);
  return withActivation(c, use, withBias(c, use, convolved));
};

export const separable: Rule = (c, use) => {
  channelsLast(use);
  const deep = neededWeight(use.layer, 'depthwiseKernel');
  const first = convolve(c, 'DepthwiseConv2dNative', onlyInput(use), deep, depthwiseGeometry(use));
  const one: Geometry = { strides: [1, 1], dilation: [1, 1], padding: 'VALID' };
  const second = convolve(c, 'Conv2D', first.output, neededWeight(use.layer, 'pointwiseKernel'), one);
  const both: Applied = {
    output: second.output,
    backward: (dy) => {
      const after = second.backward(dy);
      const [between] = after.inputs;
      if (!between) throw new Error('a convolution gives a gradient by its input');
      const before = first.backward(between);
      return { inputs: before.inputs, weights: [...before.weights, ...after.weights] };
    },
  };
  return withActivation(c, use, withBias(c, use, both));
};

/** TensorFlow's own kernels for the processor know no gradient of a dilated convolution; see core/cnn/engine.ts. */
const hasOneDnn = () => process.arch === 'x64' && process.env['TF_ENABLE_ONEDNN_OPTS'] !== '0';

function geometryOf({ config, layer }: Use): Geometry {
  const padding = String(config['padding'] ?? 'valid').toUpperCase();
  if (padding !== 'SAME' && padding !== 'VALID')
    throw new CannotCompile(layer.name, `there is no rule for its padding "${padding.toLowerCase()}"`);
  return { strides: pair(config['strides'] ?? 1), dilation: pair(config['dilationRate'] ?? 1), padding };
}

/** The processor's kernels for channel-wise convolutions take one stride for both sides and no dilation. */
function depthwiseGeometry(use: Use): Geometry {
  const geometry = geometryOf(use);
  const { strides, dilation } = geometry;
  if (strides[0] !== strides[1]) throw new CannotCompile(use.layer.name, 'its strides differ');
  if (dilation.some((side) => side !== 1)) throw new CannotCompile(use.layer.name, 'it is dilated');
  return geometry;
}

/** A convolution without offset or activation. */
export function convolve(c: Compiling, kind: Kind, x: Value, kernel: LayerWeight, geometry: Geometry): Applied {
  const { output, byInput, byFilter } = convolution2d(c, kind, x, weightOf(c, kernel), geometry);
  return {
    output,
    backward: (dy) => ({
      inputs: [byInput(dy)],
      weights: [{ weight: kernel, gradient: byFilter(dy, kernel.shape as number[]) }],
    }),
  };
}

/** A convolution by any filter, and its gradients by input and filter (of that shape). */
export function convolution2d({ g }: Compiling, kind: Kind, x: Value, filter: Value, geometry: Geometry) {
  const { strides, dilation, padding } = geometry;
  const attributes = {
    T: { type: x.dtype },
    strides: { ints: [1, ...strides, 1] },
    padding: { text: padding },
    data_format: { text: 'NHWC' },
    dilations: { ints: [1, ...dilation, 1] },
    explicit_paddings: { ints: [] },
  } as const;
  return {
    output: g.op(kind, [x, filter], attributes),
    byInput: (dy: Value): Value => g.op(backwards[kind].input, [shapeOf(g, x), filter, dy], attributes, x.dtype),
    byFilter: (dy: Value, shape: readonly number[]): Value =>
      g.op(backwards[kind].filter, [x, g.ints(shape), dy], attributes, x.dtype),
  };
}

/** Adds the layer's bias, where it has one. */
export function withBias(c: Compiling, { layer }: Use, before: Applied): Applied {
  const bias = weightAt(layer, 'bias');
  if (!bias) return before;
  return {
    output: biasAdd(c.g, before.output, weightOf(c, bias)),
    backward: (dy) => {
      const { inputs, weights } = before.backward(dy);
      return { inputs, weights: [...weights, { weight: bias, gradient: biasAddGrad(c.g, dy) }] };
    },
  };
}
