// The multi-scale network: convolutions whose one set of kernels looks at several scales.
// Must not load tfjs; it is handed in.
import { multiScaleConvolution } from '../multi-scale-convolution.ts';
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 3, width: 16 };
const scales = [1, 2, 4];

export const multiScale: Network = {
  card: {
    name: 'multi-scale',
    title: 'Multi-scale',
    sentence:
      'The same filters look at the picture, at its half and at its quarter; the strongest answer counts, whatever the size.',
    source:
      'Kanazawa, Sharma and Jacobs 2014, Locally Scale-Invariant Convolutional Neural Networks; multi-scale layer of the paper',
    adapted:
      'Three scales from means of pixels, no larger ones; in the first two convolutions only; batch normalisation; the mean over the picture answers.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: true,
    activation: true,
    depth: { from: 1, to: 5, own: own.depth, what: 'convolutions, each followed by max pooling' },
    width: {
      from: 4,
      to: 64,
      own: own.width,
      what: 'filters of the first convolution, doubled at each up to four times',
    },
    learning: asThePaper,
  },
  build(tf, settings) {
    const { kernel } = settings;
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    const atScales = (name: string, x: Flow, filters: number): Flow => {
      const kernelInitializer = parts.initialiser();
      const layer = multiScaleConvolution(tf, {
        name,
        filters,
        kernelSize: kernel,
        scales,
        useBias: false,
        kernelInitializer,
      });
      const steadied = parts.normalisation(`${name}_normalisation`, parts.layer(layer, x));
      return parts.activation(`${name}_activation`, steadied);
    };
    let x = parts.input;
    for (let step = 1; step <= depth; step++) {
      const filters = width * 2 ** Math.min(step - 1, 2);
      const name = `conv${step}`;
      const found = step <= 2 ? atScales(name, x, filters) : parts.steadyConvolved(name, x, filters, kernel);
      x = parts.maxPooling(`pool${step}`, found);
    }
    return parts.answered('multi-scale', parts.globalAverage('average', x));
  },
};
