// Fukushima's neocognitron: S-cells find patterns, C-cells forgive where they lie; layer by layer without labels.
// Must not load tfjs; it is handed in.
import type { LayersModel, Tensor4D } from '@tensorflow/tfjs';
import { random } from '#core/random.ts';
import type { Random } from '#core/random.ts';
import type { Tf } from '../engine.ts';
import { findPatterns } from '../patterns.ts';
import type { Patches } from '../patterns.ts';
import { sCells } from '../s-cells.ts';
import { answersAt, asThePaper, setWeights } from './network.ts';
import type { LearningFilms, Network } from './network.ts';
import { Parts, sideOf } from './parts.ts';

const own = { depth: 2, width: 24 };
/** From here on the film is halved first: patterns of a few pixels say little on larger ones. */
const halvedFrom = 96;
/** Likeness from which a cell answers, and below which a patch becomes a pattern of its own. */
const THRESHOLD = 0.4;
const NOVEL_BELOW = 0.6;
/** Patches of all learning films together that a layer's patterns are found in. */
const PATCHES = 3000;
/** Of the generator that draws patches; see core/cnn/epochs.ts for the others. */
const stream = 5;

export const neocognitron: Network = {
  card: {
    name: 'neocognitron',
    title: 'Neocognitron',
    sentence:
      'Cells that know patterns and cells that forgive their place, in turn; it finds its patterns by itself, then learns to tell films apart.',
    source: 'Fukushima 1980; patterns found as in Fukushima 2013 (add if silent)',
    adapted:
      'Likeness is the cosine between patch and pattern; contrast by a fixed pair of filters; C-cells are means of 3 × 3 places, every second one kept; a logistic unit taught by gradients in place of the last cells. Patterns are found before the first epoch and stay as they are.',
    sizes: [28, 56, 64, 112, 128],
    size: 28,
    kernel: true,
    activation: false,
    depth: { from: 1, to: 3, own: own.depth, what: 'pairs of S- and C-layers' },
    width: { from: 8, to: 64, own: own.width, what: 'patterns of the first S-layer, twice as many in those after it' },
    learning: { ...asThePaper, learningRate: 0.01 },
  },
  build(tf, settings) {
    const { size, kernel } = settings;
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    const film = size >= halvedFrom ? parts.averagePooling('half', parts.input, 2, 2) : parts.input;
    const contrast = parts.layer(
      tf.layers.conv2d({
        name: 'contrast',
        filters: 2,
        kernelSize: 5,
        padding: 'same',
        useBias: false,
        trainable: false,
      }),
      film,
    );
    let x = parts.layer(tf.layers.activation({ name: 'contrast_on_off', activation: 'relu' }), contrast);
    for (let layer = 1; layer <= depth; layer++) {
      const patterns = layer === 1 ? width : 2 * width;
      x = parts.layer(sCells(tf, { name: `s${layer}`, patterns, kernelSize: kernel, threshold: THRESHOLD }), x);
      if (sideOf(x) > 1) x = parts.averagePooling(`c${layer}`, x, 3, 2);
    }
    const model = parts.answered('neocognitron', parts.flattened(x));
    setWeights(tf, model, 'contrast', [contrastFilters()]);
    return model;
  },
  learnAhead(tf, model, films) {
    const draw = random(films.seed, stream);
    for (let layer = 1; model.layers.some(({ name }) => name === `s${layer}`); layer++) {
      const [side, , channels, patterns] = model.getLayer(`s${layer}`).weights[0]?.shape as [number, number, number, number]; // prettier-ignore
      const before = layer === 1 ? 'contrast_on_off' : `c${layer - 1}`;
      const found = findPatterns(patchesOf(tf, model, before, films, side, draw), patterns, NOVEL_BELOW, draw);
      setWeights(tf, model, `s${layer}`, [asKernel(found, side * side * channels, patterns)]);
    }
  },
};

/** A narrow mean less a wide one, and the other way round: brighter than around, darker than around. [5, 5, 1, 2] */
function contrastFilters(): Float32Array {
  const bell = (spread: number) => {
    const values = Float64Array.from({ length: 25 }, (_, at) =>
      Math.exp(-((Math.floor(at / 5) - 2) ** 2 + ((at % 5) - 2) ** 2) / (2 * spread ** 2)),
    );
    const sum = values.reduce((all, value) => all + value, 0);
    return values.map((value) => value / sum);
  };
  const [narrow, wide] = [bell(0.7), bell(1.6)];
  const filters = new Float32Array(50);
  for (let at = 0; at < 25; at++) {
    const value = (narrow[at] as number) - (wide[at] as number);
    filters[2 * at] = value;
    filters[2 * at + 1] = -value;
  }
  return filters;
}

/** Patches of what a layer answers, drawn at random places that lie wholly within it. */
function patchesOf(
  tf: Tf,
  model: LayersModel,
  layer: string,
  films: LearningFilms,
  side: number,
  draw: Random,
): Patches {
  const perFilm = Math.max(1, Math.ceil(PATCHES / films.places.length));
  const [, height = 1, width = 1, channels = 1] = model.getLayer(layer).outputShape as number[];
  const length = side * side * channels;
  const values = new Float32Array(films.places.length * perFilm * length);
  let at = 0;
  answersAt(tf, model, layer, films, (answer) => {
    const [count] = (answer as Tensor4D).shape;
    const given = answer.dataSync();
    for (let patch = 0; patch < count * perFilm; patch++) {
      const film = Math.floor(patch / perFilm);
      const top = draw.below(Math.max(1, height - side + 1));
      const left = draw.below(Math.max(1, width - side + 1));
      for (let y = top; y < top + side; y++)
        for (let x = left; x < left + side; x++)
          for (let channel = 0; channel < channels; channel++) {
            // A map smaller than a patch is surrounded by nothing, as "same" padding has it.
            const inside = y < height && x < width;
            values[at++] = inside ? (given[((film * height + y) * width + x) * channels + channel] as number) : 0;
          }
    }
  });
  return { values, length };
}

/** From one pattern after the other to [side, side, channels, patterns]. */
function asKernel(found: Float32Array, length: number, patterns: number): Float32Array {
  const kernel = new Float32Array(found.length);
  for (let at = 0; at < length; at++)
    for (let pattern = 0; pattern < patterns; pattern++)
      kernel[at * patterns + pattern] = found[pattern * length + at] as number;
  return kernel;
}
