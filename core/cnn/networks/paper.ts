// The paper's network: two pairs of convolution and max pooling, a third convolution, dense, one logistic unit.
// Must not load tfjs; it is handed in.
import type { LayersModel, layers } from '@tensorflow/tfjs';
import { Problem } from '#core/problem.ts';
import { activationLayer } from '../activations.ts';
import type { Tf } from '../engine.ts';
import { asThePaper, initialisers } from './network.ts';
import type { Network, NetworkSettings } from './network.ts';

export const paper: Network = {
  card: {
    name: 'paper',
    title: 'Paper preset',
    sentence:
      'The network of the paper: convolution and max pooling twice, a third convolution, a dense layer of 64, one logistic unit.',
    source:
      'The paper behind Osteon: a sequential convolutional network in Keras, 73.13 % right on its own test pictures',
    adapted: 'The two classes are one logistic unit; numbers of filters and units are ours where the paper gives none.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 28,
    kernel: true,
    activation: true,
    depth: null,
    width: null,
    learning: asThePaper,
  },
  build(tf, settings) {
    const { size, kernel } = settings;
    if (size < smallestSize(kernel)) {
      throw new Problem('BAD_SETTINGS', {
        reason: `a ${kernel} × ${kernel} kernel needs an input of at least ${smallestSize(kernel)} px, not ${size}`,
      });
    }
    return stack(tf, settings);
  },
};

/** Each convolution (no padding) takes kernel - 1, each pooling halves and drops the odd pixel; one pixel must be left. */
function smallestSize(kernel: number): number {
  const beforeThird = kernel;
  const beforeSecond = 2 * beforeThird + kernel - 1;
  return 2 * beforeSecond + kernel - 1;
}

function stack(tf: Tf, { size, kernel, activation, slope, seed }: NetworkSettings): LayersModel {
  const initialiser = initialisers(tf, seed);
  const activated = (name: string) => activationLayer(tf, activation, slope, `${name}_activation`);
  const convolution = (name: string, filters: number): layers.Layer[] => [
    tf.layers.conv2d({ name, filters, kernelSize: kernel, padding: 'valid', kernelInitializer: initialiser() }),
    activated(name),
  ];
  const pooling = (name: string) => tf.layers.maxPooling2d({ name, poolSize: 2 });
  return tf.sequential({
    name: 'paper',
    layers: [
      tf.layers.inputLayer({ name: 'film', inputShape: [size, size, 1] }),
      ...convolution('conv1', 32),
      pooling('pool1'),
      ...convolution('conv2', 64),
      pooling('pool2'),
      ...convolution('conv3', 64),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'dense', units: 64, kernelInitializer: initialiser() }),
      activated('dense'),
      tf.layers.dense({ name: 'logit', units: 1, kernelInitializer: initialiser() }),
      tf.layers.activation({ name: 'probability', activation: 'sigmoid' }),
    ],
  });
}
