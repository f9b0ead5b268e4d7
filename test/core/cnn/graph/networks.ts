// One small network for each kind of layer, of random sizes: the layer stands between a convolution and a dense layer, so
// that gradients flow into it and on through it.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import { activationLayer } from '#core/cnn/activations.ts';
import type { Tf } from '#core/cnn/engine.ts';
import type { RuleName } from '#core/cnn/graph/rules/index.ts';
import { multiScaleConvolution } from '#core/cnn/multi-scale-convolution.ts';
import { sCells } from '#core/cnn/s-cells.ts';
import type { Random } from '#core/random.ts';

type Wire = (tf: Tf, x: SymbolicTensor, draw: Random) => SymbolicTensor;

const one = (make: (tf: Tf, draw: Random) => { apply(x: SymbolicTensor): unknown }): Wire => {
  return (tf, x, draw) => make(tf, draw).apply(x) as SymbolicTensor;
};
const choose = <T>(draw: Random, ...values: T[]): T => values[draw.below(values.length)] as T;
const convolved = (tf: Tf, x: SymbolicTensor, filters: number, kernelSize = 1) =>
  tf.layers
    .conv2d({ filters, kernelSize, padding: 'same', kernelInitializer: 'glorotNormal' })
    .apply(x) as SymbolicTensor;
const padding = (draw: Random) => choose(draw, 'same' as const, 'valid' as const);

/** What stands in the middle, by the rule it tries; several where a rule has several ways. */
export const wires: Record<RuleName, Wire[]> = {
  Activation: (
    ['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus', 'softsign', 'softmax', 'swish', 'linear'] as const
  ).map((activation) => one((tf) => tf.layers.activation({ activation }))),
  Add: [
    (tf, x) => tf.layers.add().apply([x, convolved(tf, x, 4), convolved(tf, x, 4)]) as SymbolicTensor,
    // A layer used twice, and one input stretched over the other.
    (tf, x) => tf.layers.add().apply([x, convolved(tf, x, 1)]) as SymbolicTensor,
  ],
  Average: [(tf, x) => tf.layers.average().apply([x, convolved(tf, x, 4)]) as SymbolicTensor],
  AveragePooling2D: [
    one((tf, draw) =>
      tf.layers.averagePooling2d({ poolSize: choose(draw, 2, 3), strides: choose(draw, 1, 2), padding: padding(draw) }),
    ),
  ],
  BatchNormalization: [
    one((tf, draw) =>
      tf.layers.batchNormalization({
        momentum: choose(draw, 0.9, 0.99),
        gammaInitializer: 'randomUniform',
        epsilon: 0.01,
      }),
    ),
    (tf, x) => {
      const flat = tf.layers.dense({ units: 5 }).apply(tf.layers.flatten().apply(x) as SymbolicTensor);
      return tf.layers.batchNormalization({ momentum: 0.8 }).apply(flat as SymbolicTensor) as SymbolicTensor;
    },
  ],
  Concatenate: [
    (tf, x) => tf.layers.concatenate().apply([convolved(tf, x, 3), x, convolved(tf, x, 2)]) as SymbolicTensor,
    (tf, x) => tf.layers.concatenate({ axis: 1 }).apply([x, convolved(tf, x, 4)]) as SymbolicTensor,
  ],
  Conv2D: [
    // A layer that no gradient moves, between layers that are learned.
    one((tf) => tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', trainable: false })),
    one((tf, draw) =>
      tf.layers.conv2d({
        filters: 1 + draw.below(5),
        kernelSize: choose<number | [number, number]>(draw, 1, 2, 3, [3, 2], 5),
        strides: choose<number | [number, number]>(draw, 1, 2, [2, 1]),
        padding: padding(draw),
        useBias: draw.below(3) > 0,
        activation: choose(draw, 'linear' as const, 'tanh' as const),
      }),
    ),
  ],
  Cropping2D: [one((tf, draw) => tf.layers.cropping2D({ cropping: [[draw.below(2), 1], [1, draw.below(3)]] }))], // prettier-ignore
  Dense: [
    (tf, x, draw) => {
      const flat = tf.layers.flatten().apply(x) as SymbolicTensor;
      const useBias = draw.below(3) > 0;
      return tf.layers.dense({ units: 1 + draw.below(6), activation: 'elu', useBias }).apply(flat) as SymbolicTensor;
    },
  ],
  DepthwiseConv2D: [
    one((tf, draw) =>
      tf.layers.depthwiseConv2d({
        kernelSize: choose(draw, 2, 3),
        depthMultiplier: choose(draw, 1, 2),
        strides: choose(draw, 1, 2),
        padding: padding(draw),
      }),
    ),
  ],
  // The second draws its own random figures: it can be held against slopes, not against tfjs.
  Dropout: [one((tf) => tf.layers.dropout({ rate: 0 })), one((tf) => tf.layers.dropout({ rate: 0.4 }))],
  ELU: [one((tf) => tf.layers.elu())],
  Flatten: [one((tf) => tf.layers.flatten())],
  GlobalAveragePooling2D: [one((tf) => tf.layers.globalAveragePooling2d({}))],
  GlobalMaxPooling2D: [one((tf) => tf.layers.globalMaxPooling2d({}))],
  LeakyReLU: [one((tf, draw) => tf.layers.leakyReLU({ alpha: choose(draw, 0.1, 0.3) }))],
  MaxPooling2D: [
    one((tf, draw) =>
      tf.layers.maxPooling2d({ poolSize: choose(draw, 2, 3), strides: choose(draw, 1, 2, 3), padding: padding(draw) }),
    ),
  ],
  MultiScaleConv2D: [
    one((tf, draw) =>
      multiScaleConvolution(tf, {
        filters: 1 + draw.below(4),
        kernelSize: choose(draw, 1, 3, 5),
        scales: choose(draw, [1, 2], [1, 2, 4], [2, 3], [1]),
        useBias: draw.below(3) > 0,
      }),
    ),
  ],
  Multiply: [
    (tf, x) => tf.layers.multiply().apply([x, convolved(tf, x, 4)]) as SymbolicTensor,
    // Squeeze and excitation: one figure a channel over the whole picture.
    (tf, x) => {
      const squeezed = tf.layers.globalAveragePooling2d({}).apply(x) as SymbolicTensor;
      const excited = tf.layers.dense({ units: 4, activation: 'sigmoid' }).apply(squeezed) as SymbolicTensor;
      const wide = tf.layers.reshape({ targetShape: [1, 1, 4] }).apply(excited) as SymbolicTensor;
      return tf.layers.multiply().apply([x, wide]) as SymbolicTensor;
    },
  ],
  Permute: [one((tf) => tf.layers.permute({ dims: [3, 1, 2] }))],
  ReLU: [one((tf, draw) => tf.layers.reLU(choose(draw, {}, { maxValue: 6 })))],
  Reshape: [
    (tf, x) => {
      const [, height = 0, width = 0, channels = 0] = x.shape as number[];
      return tf.layers.reshape({ targetShape: [width, channels, height] }).apply(x) as SymbolicTensor;
    },
  ],
  SCells: [
    one((tf, draw) =>
      sCells(tf, { patterns: 1 + draw.below(5), kernelSize: choose(draw, 1, 3, 5), threshold: choose(draw, 0, 0.2) }),
    ),
  ],
  SeparableConv2D: [
    one((tf, draw) =>
      tf.layers.separableConv2d({
        filters: 1 + draw.below(4),
        kernelSize: 3,
        strides: choose(draw, 1, 2),
        padding: padding(draw),
      }),
    ),
  ],
  SlopedActivation: (['logistic', 'tanh', 'step'] as const).map((kind) =>
    one((tf) => activationLayer(tf, kind, 2, `sloped_${kind}`)),
  ),
  Softmax: [(tf, x) => tf.layers.softmax().apply(tf.layers.flatten().apply(x)) as SymbolicTensor],
  UpSampling2D: [
    one((tf) => tf.layers.upSampling2d({ size: [2, 3] })),
    one((tf) => tf.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })),
  ],
  ZeroPadding2D: [one((tf, draw) => tf.layers.zeroPadding2d({ padding: [[draw.below(2), 1], [2, draw.below(3)]] }))], // prettier-ignore
};

/** The whole network around a wire; `classes` 1 ends in the logistic function. */
export function networkAround(tf: Tf, wire: Wire, draw: Random, size: number, classes = 1): LayersModel {
  const input = tf.input({ shape: [size, size, 1] });
  const before = tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'tanh' }).apply(input) as SymbolicTensor;
  const middle = wire(tf, before, draw);
  const flat = middle.shape.length > 2 ? tf.layers.flatten().apply(middle) : middle;
  const logits = tf.layers.dense({ units: classes, name: 'logit' }).apply(flat as SymbolicTensor) as SymbolicTensor;
  const answer = tf.layers.activation({ activation: classes === 1 ? 'sigmoid' : 'softmax' }).apply(logits);
  return tf.model({ inputs: input, outputs: answer as SymbolicTensor });
}
