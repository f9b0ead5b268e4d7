// The card of networks on a pretrained body: a logistic unit over the features of a network that learned elsewhere.
// Must not build one: the body is a folder of the library, not a setting (core/cnn/bodies/).
import type { Preset } from '#api/runs.ts';
import { asThePaper } from './network.ts';

export const pretrained: Preset = {
  name: 'pretrained',
  title: 'Pretrained body',
  sentence:
    'The features of a network that learned elsewhere, computed once and kept, and one logistic unit over them that learns in seconds; then, if wanted, the whole of it learns on.',
  source: 'Donahue et al. 2014 (DeCAF) and Razavian et al. 2014 (features off the shelf); the body is whose it is',
  adapted:
    'Batch normalisations keep their averages while the body learns on. No body comes with Osteon: take one in with "osteon import-body".',
  sizes: [96, 128, 160, 192, 224],
  size: 224,
  kernel: false,
  activation: false,
  depth: null,
  width: null,
  learning: { ...asThePaper, epochs: 60, batch: 16, learningRate: 0.001, weightDecay: 0.001, schedule: 'cosine' },
};
