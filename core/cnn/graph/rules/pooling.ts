// Pooling: the largest or the mean of a window, or of the whole picture.
// Channels last only.
import { broadcastTo, cast, equal, mul, reduce, reshape, shapeOf, times } from '../ops.ts';
import type { Rule, Use } from './rule.ts';
import { channelsLast, onlyInput, onlyShape, pair } from './rule.ts';

function windowOf({ config }: Use) {
  const size = pair(config['poolSize']);
  const strides = pair(config['strides'] ?? size);
  return {
    ksize: { ints: [1, ...size, 1] },
    strides: { ints: [1, ...strides, 1] },
    padding: { text: String(config['padding'] ?? 'valid').toUpperCase() },
    data_format: { text: 'NHWC' },
  };
}

export const maxPooling: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const attributes = { T: { type: x.dtype }, ...windowOf(use) };
  const { explicit_paddings } = { explicit_paddings: { ints: [] } };
  const output = g.op('MaxPool', [x], { ...attributes, explicit_paddings });
  return {
    output,
    backward: (dy) => ({
      inputs: [g.op('MaxPoolGrad', [x, output, dy], { ...attributes, explicit_paddings })],
      weights: [],
    }),
  };
};

export const averagePooling: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const attributes = { T: { type: x.dtype }, ...windowOf(use) };
  return {
    output: g.op('AvgPool', [x], attributes),
    backward: (dy) => ({ inputs: [g.op('AvgPoolGrad', [shapeOf(g, x), dy], attributes, x.dtype)], weights: [] }),
  };
};

export const globalAverage: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const [height = 1, width = 1, channels = 1] = onlyShape(use);
  return {
    output: reduce(g, 'Mean', x, [1, 2]),
    backward: (dy) => {
      const share = times(g, reshape(g, dy, [-1, 1, 1, channels]), 1 / (height * width));
      return { inputs: [broadcastTo(g, share, shapeOf(g, x))], weights: [] };
    },
  };
};

/** Where several places are the largest each gets the whole gradient, as in tfjs. */
export const globalMax: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const output = reduce(g, 'Max', x, [1, 2]);
  const [, , channels = 1] = onlyShape(use);
  const wide = (value: typeof x) => reshape(g, value, [-1, 1, 1, channels]);
  return {
    output,
    backward: (dy) => ({
      inputs: [mul(g, wide(dy), cast(g, equal(g, x, wide(output)), x.dtype))],
      weights: [],
    }),
  };
};
