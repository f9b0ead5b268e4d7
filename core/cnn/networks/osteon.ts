// Our own default for X-rays of 128 px learned from scratch: a small residual body that weighs its channels.
// Must not load tfjs; it is handed in. What else was tried: docs/osteon-search.md.
import { asThePaper } from './network.ts';
import type { Network } from './network.ts';
import { Parts, sideOf } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 4, width: 16 };
/** From here on the first convolution halves the picture: the rest costs a quarter. */
const halvedFrom = 96;

export const osteon: Network = {
  card: {
    name: 'osteon',
    title: 'Osteon',
    sentence:
      'Residual blocks that weigh their channels by what the whole film shows, made small by a blur, not by leaving pixels out.',
    source:
      'Ours, 2026, after He et al. 2016 (residual blocks), Hu, Shen and Sun 2018 (squeeze and excitation) and Zhang 2019 (blur before shrinking)',
    adapted:
      'One block a step, first filters of 5 × 5; the blur is two averages of two pixels each; one logistic unit over the mean of the last maps. Where learning films carry boxes, a map of marks taught by them stands beside that mean.',
    sizes: [64, 112, 128, 224],
    size: 128,
    kernel: true,
    activation: true,
    depth: { from: 2, to: 5, own: own.depth, what: 'residual blocks, each at half the size' },
    width: { from: 4, to: 64, own: own.width, what: 'filters of the first block, doubled at each up to eight times' },
    learning: {
      ...asThePaper,
      epochs: 24,
      batch: 16,
      optimizer: 'adamw',
      learningRate: 0.002,
      weightDecay: 0.02,
      schedule: 'cosine',
      warmUp: 2,
      augmentation: true,
      mirror: true,
      mirrorAnswers: true,
      marks: true,
    },
  },
  build(tf, settings) {
    const { size, kernel } = settings;
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    let x = parts.steadyConvolved('stem', parts.input, width, 5, size >= halvedFrom ? 2 : 1);
    for (let step = 1; step <= depth; step++) {
      if (step > 1) x = shrunk(parts, `blur${step}`, x);
      x = block(parts, `block${step}`, x, width * 2 ** Math.min(step - 1, 3), kernel);
    }
    const average = parts.globalAverage('average', x);
    if (!settings.marks) return parts.answered('osteon', average);
    const strongest = parts.globalMaximum('marks_strongest', parts.map(x));
    return parts.answered('osteon', parts.joined('joined', [average, strongest]));
  },
};

/** Halved behind a blur of 1, 2, 1: where a thin line lies between two pixels it is not lost. */
function shrunk(parts: Parts, name: string, x: Flow): Flow {
  if (sideOf(x) === 1) return x;
  return parts.averagePooling(`${name}_half`, parts.averagePooling(name, x, 2, 1), 2, 2);
}

function block(parts: Parts, name: string, x: Flow, filters: number, kernel: number): Flow {
  const first = parts.steadyConvolved(`${name}_conv1`, x, filters, kernel);
  const second = parts.steadied(`${name}_conv2`, first, filters, kernel);
  const round = x.shape[3] === filters ? x : parts.steadied(`${name}_round`, x, filters, 1);
  const sum = parts.added(`${name}_sum`, [weighed(parts, name, second, filters), round]);
  return parts.activation(`${name}_activation`, sum);
}

/** Squeeze and excitation: each channel is weighed by what all channels show on the whole picture. */
function weighed(parts: Parts, name: string, x: Flow, filters: number): Flow {
  const means = parts.globalAverage(`${name}_squeeze`, x);
  const few = parts.dense(`${name}_narrow`, means, Math.max(4, filters >> 2));
  const weights = parts.dense(`${name}_wide`, parts.activation(`${name}_narrow_activation`, few), filters);
  const gates = parts.reshaped(`${name}_gates`, parts.gate(`${name}_gate`, weights), [1, 1, filters]);
  return parts.multiplied(`${name}_weighed`, [x, gates]);
}
