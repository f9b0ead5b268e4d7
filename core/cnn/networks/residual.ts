// A residual network for small grey pictures: blocks of two convolutions, each with a way round it.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts, sideOf } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 3, width: 16 };
/** From here on the first convolution halves the picture: the rest costs a quarter. */
const halvedFrom = 96;

export const residual: Network = {
  card: {
    name: 'resnet',
    title: 'ResNet-style',
    sentence:
      'Residual blocks of two convolutions: what they find is added to what came in, so that many can be stacked.',
    source:
      'He, Zhang, Ren and Sun 2016, Deep Residual Learning for Image Recognition (its networks for small pictures)',
    adapted:
      'One channel in, two blocks a step, one logistic unit; from 96 px on the first convolution halves the picture.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: true,
    activation: true,
    depth: { from: 1, to: 5, own: own.depth, what: 'steps of two blocks, each at half the size' },
    width: { from: 4, to: 64, own: own.width, what: 'filters of the first step, doubled at each' },
    learning: asThePaper,
  },
  build(tf, settings) {
    const { size, kernel } = settings;
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    let x = parts.steadyConvolved('stem', parts.input, width, kernel, size >= halvedFrom ? 2 : 1);
    for (let step = 1; step <= depth; step++) {
      const filters = width * 2 ** (step - 1);
      x = block(parts, `step${step}a`, x, filters, kernel, step > 1 && sideOf(x) > 1 ? 2 : 1);
      x = block(parts, `step${step}b`, x, filters, kernel, 1);
    }
    return parts.answered('resnet', parts.globalAverage('average', x));
  },
};

/** The way round is the input itself; where the size changes, a convolution of one pixel fits it. */
function block(parts: Parts, name: string, x: Flow, filters: number, kernel: number, strides: number): Flow {
  const first = parts.steadyConvolved(`${name}_conv1`, x, filters, kernel, strides);
  const second = parts.steadied(`${name}_conv2`, first, filters, kernel);
  const round = strides === 1 && x.shape[3] === filters ? x : parts.steadied(`${name}_round`, x, filters, 1, strides);
  return parts.activation(`${name}_activation`, parts.added(`${name}_sum`, [second, round]));
}
