// An AlexNet-style network: one large filter first, five convolutions, overlapping pooling, two dense layers.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts } from './parts.ts';

const ownWidth = 24;

export const alexNet: Network = {
  card: {
    name: 'alexnet',
    title: 'AlexNet-style',
    sentence:
      'Five convolutions, the first with large filters, max pooling over windows that overlap, two dense layers.',
    source: 'Krizhevsky, Sutskever and Hinton 2012, ImageNet Classification with Deep Convolutional Neural Networks',
    adapted:
      'One channel in, 24 to 96 filters in place of 96 to 384, the first of 7 × 7 (11 × 11 with kernel 5) moving 2 pixels, 1 below 64 px; dense layers of 128; batch normalisation in place of local response normalisation and dropout.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: true,
    activation: true,
    depth: null,
    width: {
      from: 4,
      to: 64,
      own: ownWidth,
      what: 'filters of the first convolution; the others have up to four times as many',
    },
    learning: asThePaper,
  },
  build(tf, settings) {
    const { size, kernel } = settings;
    const width = settings.width ?? ownWidth;
    const parts = new Parts(tf, settings);
    const large = kernel === 3 ? 7 : 11;
    const first = parts.steadyConvolved('conv1', parts.input, width, large, size >= 64 ? 2 : 1);
    const pooled1 = parts.maxPooling('pool1', first, 3);
    const pooled2 = parts.maxPooling('pool2', parts.steadyConvolved('conv2', pooled1, 2 * width, kernel), 3);
    const third = parts.convolved('conv3', pooled2, 4 * width, kernel);
    const fourth = parts.convolved('conv4', third, 4 * width, kernel);
    const fifth = parts.convolved('conv5', fourth, 2 * width, kernel);
    const flat = parts.flattened(parts.maxPooling('pool5', fifth, 3));
    const dense1 = parts.activation('dense1_activation', parts.dense('dense1', flat, 128));
    const dense2 = parts.activation('dense2_activation', parts.dense('dense2', dense1, 128));
    return parts.answered('alexnet', dense2);
  },
};
