// The multi-scale convolution: one set of kernels at several scales, the strongest answer kept.
// Channels last only; computes as core/cnn/multi-scale-convolution.ts does.
import type { Value } from '../builder.ts';
import { cast, compare, like, mul, pad, shapeOf, slice, sub } from '../ops.ts';
import { convolve, withBias } from './convolution.ts';
import type { Applied, Compiling, Gradients, Rule, Use } from './rule.ts';
import { neededWeight, onlyInput, onlyShape } from './rule.ts';

export const multiScale: Rule = (c, use) => {
  const scales = use.config['scales'] as number[];
  const answers = scales.map((scale) => atScale(c, use, scale));
  return withBias(
    c,
    use,
    answers.reduce((finer, coarser) => strongest(c, finer, coarser)),
  );
};

/** Shrunk by means, convolved, brought back: each answer stands for scale x scale pixels. */
function atScale(c: Compiling, use: Use, scale: number): Applied {
  const { g } = c;
  const x = onlyInput(use);
  const kernel = neededWeight(use.layer, 'kernel');
  const geometry = { strides: [1, 1], dilation: [1, 1], padding: 'SAME' } as const;
  if (scale === 1) return convolve(c, 'Conv2D', x, kernel, geometry);

  const T = { T: { type: x.dtype } } as const;
  const window = { ints: [1, scale, scale, 1] };
  const pooling = { ...T, ksize: window, strides: window, padding: { text: 'SAME' }, data_format: { text: 'NHWC' } };
  const corners = { ...T, align_corners: { bool: false }, half_pixel_centers: { bool: false } };
  const [height = 0, width = 0] = onlyShape(use);
  const filters = use.outputShape[2] ?? 0;
  const small = [Math.ceil(height / scale), Math.ceil(width / scale)] as const;
  const large = [small[0] * scale, small[1] * scale] as const;

  const convolved = convolve(c, 'Conv2D', g.op('AvgPool', [x], pooling), kernel, geometry);
  const back = g.op('ResizeNearestNeighbor', [convolved.output, g.ints(large)], corners);
  return {
    output: slice(g, back, [0, 0, 0, 0], [-1, height, width, filters]),
    backward: (dy) => {
      const whole = pad(g, dy, [[0, 0], [0, large[0] - height], [0, large[1] - width], [0, 0]]); // prettier-ignore
      const shrunk = g.op('ResizeNearestNeighborGrad', [whole, g.ints(small)], corners);
      const { inputs, weights } = convolved.backward(shrunk);
      return { inputs: inputs.map((dx) => dx && g.op('AvgPoolGrad', [shapeOf(g, x), dx], pooling, x.dtype)), weights };
    },
  };
}

/** The larger of two answers place by place; the finer one's where they are equal, as in tfjs. */
function strongest({ g }: Compiling, finer: Applied, coarser: Applied): Applied {
  const [a, b] = [finer.output, coarser.output];
  return {
    output: g.op('Maximum', [a, b], { T: { type: a.dtype } }),
    backward: (dy) => {
      const mask = cast(g, compare(g, 'GreaterEqual', a, b), a.dtype);
      const first = finer.backward(mul(g, dy, mask));
      const second = coarser.backward(mul(g, dy, sub(g, like(g, mask, 1), mask)));
      return { inputs: [sumOf(g, first, second)], weights: [...first.weights, ...second.weights] };
    },
  };
}

/** Both answers come from one input. */
function sumOf(g: Compiling['g'], first: Gradients, second: Gradients): Value | null {
  const [a, b] = [first.inputs[0], second.inputs[0]];
  return a && b ? g.op('AddV2', [a, b], { T: { type: a.dtype } }) : (a ?? b ?? null);
}
