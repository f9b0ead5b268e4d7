// Which rule compiles which kind of layer, by the class names of tfjs.
// Must not hold rules.
import { activation, elu, leakyRelu, relu, sloped, softmax } from './activation.ts';
import { convolution, depthwise, separable } from './convolution.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { added, averaged, concatenated, multiplied } from './merge.ts';
import { multiScale } from './multi-scale.ts';
import { batchNormalisation } from './normalisation.ts';
import { averagePooling, globalAverage, globalMax, maxPooling } from './pooling.ts';
import type { Rule } from './rule.ts';
import { sCells } from './s-cells.ts';
import { cropping, permuted, reshaped, upsampling, zeroPadding } from './shape.ts';

export const rules = {
  Activation: activation,
  Add: added,
  Average: averaged,
  AveragePooling2D: averagePooling,
  BatchNormalization: batchNormalisation,
  Concatenate: concatenated,
  Conv2D: convolution,
  Cropping2D: cropping,
  Dense: dense,
  DepthwiseConv2D: depthwise,
  Dropout: dropout,
  ELU: elu,
  Flatten: reshaped,
  GlobalAveragePooling2D: globalAverage,
  GlobalMaxPooling2D: globalMax,
  LeakyReLU: leakyRelu,
  MaxPooling2D: maxPooling,
  MultiScaleConv2D: multiScale,
  Multiply: multiplied,
  Permute: permuted,
  ReLU: relu,
  Reshape: reshaped,
  SCells: sCells,
  SeparableConv2D: separable,
  SlopedActivation: sloped,
  Softmax: softmax,
  UpSampling2D: upsampling,
  ZeroPadding2D: zeroPadding,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
