// S-cells: the cosine between patches and patterns over a threshold.
// Channels last only; computes as core/cnn/s-cells.ts does.
import { FLAT } from '../../s-cells.ts';
import { add, cast, compare, div, like, mul, reduce, sub, times, unary } from '../ops.ts';
import { convolution2d, convolve } from './convolution.ts';
import type { Rule } from './rule.ts';
import { neededWeight, onlyInput } from './rule.ts';

const geometry = { strides: [1, 1], dilation: [1, 1], padding: 'SAME' } as const;

export const sCells: Rule = (c, use) => {
  const { g } = c;
  const x = onlyInput(use);
  const kernel = neededWeight(use.layer, 'kernel');
  const threshold = Number(use.config['threshold']);
  const steepness = 1 / (1 - threshold);
  const product = convolve(c, 'Conv2D', x, kernel, geometry);
  const ones = kernel.shape.slice(0, 3).map((side) => side ?? 1);
  const count = ones.reduce((all, side) => all * side, 1);
  const window = cast(g, g.constant(Array.from({ length: count }, () => 1), [...ones, 1]), x.dtype); // prettier-ignore
  const squared = convolution2d(c, 'Conv2D', unary(g, 'Square', x), window, geometry);
  const length = unary(g, 'Sqrt', add(g, squared.output, like(g, squared.output, FLAT)));
  const cosine = div(g, product.output, length);
  const over = times(g, sub(g, cosine, like(g, cosine, threshold)), steepness);
  const zero = like(g, over, 0);
  return {
    output: g.op('Relu', [over], { T: { type: over.dtype } }),
    backward: (dy) => {
      const alive = cast(g, compare(g, 'Greater', over, zero), dy.dtype);
      const byCosine = times(g, mul(g, dy, alive), steepness);
      const byProduct = product.backward(div(g, byCosine, length));
      // The length stands under every pattern's product: d cosine / d length = -cosine / length.
      const byLength = unary(g, 'Neg', div(g, reduce(g, 'Sum', mul(g, byCosine, cosine), [3], true), length));
      const bySquares = div(g, byLength, times(g, length, 2));
      const bySquare = times(g, mul(g, squared.byInput(bySquares), x), 2);
      const [dx] = byProduct.inputs;
      return { inputs: [dx ? add(g, dx, bySquare) : bySquare], weights: byProduct.weights };
    },
  };
};
