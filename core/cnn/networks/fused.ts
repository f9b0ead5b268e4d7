// The fused network: features of shallow and of deep layers joined before the answer.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts, sideOf } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 4, width: 16 };

export const fused: Network = {
  card: {
    name: 'fused',
    title: 'Fused',
    sentence:
      'Shallow layers keep edges and texture, deep ones see parts: the features of all are joined before the answer.',
    source:
      'Pang, Du, Orgun and Yu 2019, A novel fused convolutional neural network for biomedical image classification',
    adapted:
      'Each step is one normalised convolution and a max pooling; its features are pooled to the grid of the deepest, joined, and mixed by a convolution of one pixel; their mean over the picture answers.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: true,
    activation: true,
    depth: { from: 2, to: 5, own: own.depth, what: 'convolutions whose features are joined' },
    width: {
      from: 4,
      to: 64,
      own: own.width,
      what: 'filters of the first convolution, doubled at each up to four times',
    },
    learning: asThePaper,
  },
  build(tf, settings) {
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    const steps: Flow[] = [];
    let x = parts.input;
    for (let step = 1; step <= depth; step++) {
      const filters = width * 2 ** Math.min(step - 1, 2);
      x = parts.maxPooling(`pool${step}`, parts.steadyConvolved(`conv${step}`, x, filters, settings.kernel));
      steps.push(x);
    }
    const onOneGrid = steps.map((features, place) => pooledTo(parts, `level${place + 1}`, features, sideOf(x)));
    const mixed = parts.steadyConvolved('mixed', parts.joined('joined', onOneGrid), 4 * width, 1);
    return parts.answered('fused', parts.globalAverage('average', mixed));
  },
};

/** Halved, the odd pixel counted, as the deeper layers were: it ends on their grid. */
function pooledTo(parts: Parts, name: string, x: Flow, side: number): Flow {
  return sideOf(x) <= side ? x : pooledTo(parts, `${name}_pool`, parts.maxPooling(`${name}_pool`, x), side);
}
