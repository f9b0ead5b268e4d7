// A VGG-style network: pairs of small convolutions, each pair followed by max pooling.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts } from './parts.ts';

const own = { depth: 4, width: 16 };

export const vgg: Network = {
  card: {
    name: 'vgg',
    title: 'VGG-style',
    sentence:
      'Two small convolutions and a max pooling, again and again, then a dense layer: two small filters see as far as a large one.',
    source: 'Simonyan and Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image Recognition',
    adapted:
      'One channel in, a quarter of the filters, two convolutions a block, one dense layer of 128 in place of two of 4,096, no dropout.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: true,
    activation: true,
    depth: { from: 1, to: 5, own: own.depth, what: 'blocks of two convolutions' },
    width: { from: 4, to: 64, own: own.width, what: 'filters of the first block, doubled at each up to eight times' },
    learning: asThePaper,
  },
  build(tf, settings) {
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    let x = parts.input;
    for (let block = 1; block <= depth; block++) {
      const filters = width * 2 ** Math.min(block - 1, 3);
      x = parts.convolved(`block${block}_conv1`, x, filters, settings.kernel);
      x = parts.convolved(`block${block}_conv2`, x, filters, settings.kernel);
      x = parts.maxPooling(`block${block}_pool`, x);
    }
    const dense = parts.activation('dense_activation', parts.dense('dense', parts.flattened(x), 128));
    return parts.answered('vgg', dense);
  },
};
