// A GoogLeNet-style network: inception blocks, which look through windows of several sizes at once.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 3, width: 8 };

export const googLeNet: Network = {
  card: {
    name: 'googlenet',
    title: 'GoogLeNet-style',
    sentence: 'Inception blocks: windows of 1, 3 and 5 pixels and a max pooling side by side, their answers joined.',
    source: 'Szegedy et al. 2015, Going Deeper with Convolutions; batch normalisation after Ioffe and Szegedy 2015',
    adapted:
      'One channel in, two blocks a step, an eighth of the filters, no second and third answer on the way; from 96 px on the first convolution halves the picture.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: false,
    activation: true,
    depth: { from: 1, to: 4, own: own.depth, what: 'steps of two inception blocks, each at half the size' },
    width: { from: 2, to: 32, own: own.width, what: 'filters of one branch of the first block, doubled at each step' },
    learning: asThePaper,
  },
  build(tf, settings) {
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    let x = parts.steadyConvolved('stem', parts.input, 2 * width, 3, settings.size >= 96 ? 2 : 1);
    for (let step = 1; step <= depth; step++) {
      const filters = width * 2 ** (step - 1);
      x = parts.maxPooling(`step${step}_pool`, x, 3);
      x = inception(parts, `step${step}a`, x, filters);
      x = inception(parts, `step${step}b`, x, filters);
    }
    return parts.answered('googlenet', parts.globalAverage('average', x));
  },
};

/** Narrow convolutions of one pixel come before the wide windows, or those would cost most of the network. */
function inception(parts: Parts, name: string, x: Flow, filters: number): Flow {
  const narrow3 = parts.steadyConvolved(`${name}_before3`, x, filters, 1);
  const narrow5 = parts.steadyConvolved(`${name}_before5`, x, Math.ceil(filters / 2), 1);
  const pooled = parts.maxPooling(`${name}_pool`, x, 3, 1);
  return parts.joined(`${name}_joined`, [
    parts.steadyConvolved(`${name}_conv1`, x, filters, 1),
    parts.steadyConvolved(`${name}_conv3`, narrow3, 2 * filters, 3),
    parts.steadyConvolved(`${name}_conv5`, narrow5, filters, 5),
    parts.steadyConvolved(`${name}_after_pool`, pooled, filters, 1),
  ]);
}
