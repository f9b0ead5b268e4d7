// How the grey of a film, 0 to 1, becomes what a body takes: each channel a factor and an offset.
// Sources: Keras' preprocess_input of its modes "tf", "torch" and "caffe"; means and deviations are those of ImageNet.
import type { GreyRange } from '#api/networks.ts';

interface Line {
  factors: readonly [number, number, number];
  offsets: readonly [number, number, number];
  words: string;
}

const same = (black: number, white: number, words: string): Line => {
  const span = white - black;
  return { factors: [span, span, span], offsets: [black, black, black], words };
};

const [red, green, blue] = [
  { mean: 0.485, deviation: 0.229 },
  { mean: 0.456, deviation: 0.224 },
  { mean: 0.406, deviation: 0.225 },
];

const lines: Record<GreyRange, Line> = {
  '0..1': same(0, 1, 'from 0 to 1'),
  '-1..1': same(-1, 1, 'from -1 to 1'),
  '0..255': same(0, 255, 'from 0 to 255'),
  imagenet: {
    factors: [1 / red.deviation, 1 / green.deviation, 1 / blue.deviation],
    offsets: [-red.mean / red.deviation, -green.mean / green.deviation, -blue.mean / blue.deviation],
    words: "from 0 to 1, less ImageNet's mean, over its deviation, channel by channel",
  },
  'imagenet-bgr': {
    factors: [255, 255, 255],
    offsets: [-103.939, -116.779, -123.68],
    words: "from 0 to 255, less ImageNet's mean, blue first",
  },
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A factor and an offset for each channel; one channel has the means of three. */
export function greyLine(range: GreyRange, channels: 1 | 3): { factors: number[]; offsets: number[] } {
  const { factors, offsets } = lines[range];
  return channels === 3
    ? { factors: [...factors], offsets: [...offsets] }
    : { factors: [mean(factors)], offsets: [mean(offsets)] };
}

export const greyInWords = (range: GreyRange, channels: 1 | 3): string =>
  `${channels === 3 ? 'grey three times' : 'grey'}, ${lines[range].words}`;
