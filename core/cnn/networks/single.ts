// A single layer: logistic regression on the pixels, the baseline a deeper network must beat.
// Must not load tfjs; it is handed in.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts } from './parts.ts';

export const single: Network = {
  card: {
    name: 'single',
    title: 'Single layer',
    sentence:
      'Every pixel has a weight, their sum goes through the logistic function: what a deeper network must beat.',
    source: 'Rosenblatt 1958 (perceptron); Cox 1958 (logistic regression); Fig. 2 of the paper',
    adapted: 'The logistic function in place of the unit step, so that gradients can teach it.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 28,
    kernel: false,
    activation: false,
    depth: null,
    width: null,
    learning: asThePaper,
  },
  build(tf, settings) {
    const parts = new Parts(tf, settings);
    return parts.answered('single', parts.flattened(parts.input));
  },
};
