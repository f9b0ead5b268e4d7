// Ivakhnenko's polynomial network over descriptors of the film: grown by the group method of data handling, no gradient.
// Must not load tfjs; it is handed in.
import type { LayersModel } from '@tensorflow/tfjs';
import { random } from '#core/random.ts';
import type { Tf } from '../engine.ts';
import { answersOf, growLayer } from '../polynomial-units.ts';
import type { GrownLayer, PolynomialUnit, Table } from '../polynomial-units.ts';
import { asThePaper, answersAt, setWeights } from './network.ts';
import type { LearningFilms, Network } from './network.ts';
import { Parts, sideOf } from './parts.ts';
import type { Flow } from './parts.ts';

const own = { depth: 2, width: 12 };
/** Descriptors are taken over so many cells a side. */
const CELLS = 7;
/** Of the learning films, one in so many is kept from fitting: by these the polynomials are chosen. */
const CHECKED_BY = 3;
/** Descriptors of a cell: slopes in eight directions. */
const DIRECTIONS = 8;
/** Of the generator that parts the learning films; see core/cnn/epochs.ts for the others. */
const stream = 4;

export const polynomial: Network = {
  card: {
    name: 'polynomial',
    title: 'Polynomial',
    sentence:
      'Polynomials of two figures each, layer upon layer; those that err least on films they were not fitted to go on.',
    source:
      'Ivakhnenko 1968 and 1971, group method of data handling; the descriptors after Dalal and Triggs 2005 (histograms of slopes)',
    adapted:
      'Over descriptors, not pixels: mean grey and slopes in eight directions in 7 × 7 cells. Fitted by least squares before the first epoch; the epochs teach only the logistic unit over the last polynomials. Films to choose polynomials by are a third of the learning films, not kept apart by patient.',
    sizes: [28, 56, 64, 112, 128, 224],
    size: 64,
    kernel: false,
    activation: false,
    depth: { from: 1, to: 5, own: own.depth, what: 'layers of polynomials' },
    width: { from: 4, to: 32, own: own.width, what: 'polynomials that are kept in each layer' },
    learning: { ...asThePaper, learningRate: 0.003 },
  },
  build(tf, settings) {
    const [depth, width] = [settings.depth ?? own.depth, settings.width ?? own.width];
    const parts = new Parts(tf, settings);
    let x = parts.flattened(descriptors(tf, parts));
    for (let layer = 1; layer <= depth; layer++) x = polynomials(parts, layer, x, width);
    const model = parts.answered('polynomial', x);
    setWeights(tf, model, 'slopes', [slopeFilters()]);
    return model;
  },
  learnAhead(tf, model, films) {
    let table = describe(tf, model, films);
    const { targets, fitted, checked } = parted(films);
    let least = Infinity;
    for (let layer = 1; hasLayer(model, layer); layer++) {
      const width = model.getLayer(`polynomials${layer}`).outputShape.at(-1) as number;
      const grown = growLayer(table, targets, fitted, checked, width);
      const better = (grown.units[0]?.error ?? Infinity) < least;
      least = Math.min(least, grown.units[0]?.error ?? Infinity);
      // Once a layer errs no less than the one before, Ivakhnenko stops; layers after that hand on what they are given.
      const kept = better ? grown : { ...grown, units: handedOn(width, table.columns) };
      write(tf, model, layer, kept, table.columns, width);
      table = answersOf(table, { ...kept, units: filled(kept.units, width) });
    }
    const share = Float32Array.from({ length: table.columns }, () => 2 / table.columns);
    setWeights(tf, model, 'logit', [share, new Float32Array(1)]);
  },
};

/** [cells, cells, 9]: mean grey, and how steep the film is towards each of eight directions. */
function descriptors(tf: Tf, parts: Parts): Flow {
  const window = Math.ceil(sideOf(parts.input) / CELLS);
  const slopes = parts.layer(
    tf.layers.conv2d({
      name: 'slopes',
      filters: DIRECTIONS,
      kernelSize: 3,
      padding: 'same',
      useBias: false,
      trainable: false,
    }),
    parts.input,
  );
  const steep = parts.layer(tf.layers.activation({ name: 'steep', activation: 'relu' }), slopes);
  return parts.joined('descriptors', [
    parts.averagePooling('grey', parts.input, window, window),
    parts.averagePooling('steepness', steep, window, window),
  ]);
}

/** Scharr's derivative turned to eight directions, [3, 3, 1, 8]. */
function slopeFilters(): Float32Array {
  const filters = new Float32Array(9 * DIRECTIONS);
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const angle = (2 * Math.PI * direction) / DIRECTIONS;
    for (let y = -1; y <= 1; y++)
      for (let x = -1; x <= 1; x++) {
        const across = x * (y === 0 ? 10 : 3);
        const down = y * (x === 0 ? 10 : 3);
        filters[((y + 1) * 3 + x + 1) * DIRECTIONS + direction] =
          (Math.cos(angle) * across + Math.sin(angle) * down) / 32;
      }
  }
  return filters;
}

/** Two inputs are picked for each unit, standardised, and its six terms weighed: dense layers that no gradient moves. */
function polynomials(parts: Parts, layer: number, x: Flow, width: number): Flow {
  const a = parts.fixedDense(`first${layer}`, x, width);
  const b = parts.fixedDense(`second${layer}`, x, width);
  // tfjs lets go too early of a tensor that one layer takes twice: its square is taken with a copy.
  const squared = (name: string, of: Flow) => parts.multiplied(name, [of, parts.reshaped(`${name}_copy`, of, [width])]);
  const terms = [
    a,
    b,
    parts.multiplied(`products${layer}`, [a, b]),
    squared(`first_squares${layer}`, a),
    squared(`second_squares${layer}`, b),
  ];
  return parts.fixedDense(`polynomials${layer}`, parts.joined(`terms${layer}`, terms), width);
}

const hasLayer = (model: LayersModel, layer: number) => model.layers.some(({ name }) => name === `polynomials${layer}`);

function describe(tf: Tf, model: LayersModel, films: LearningFilms): Table {
  const columns = (model.getLayer('flatten').outputShape as number[])[1] ?? 0;
  const values = new Float32Array(films.places.length * columns);
  answersAt(tf, model, 'flatten', films, (answer, from) => values.set(answer.dataSync(), from * columns));
  return { values, columns };
}

function parted({ labels, places, seed }: LearningFilms) {
  const targets = Float64Array.from(places, (place) => (labels[place] === 1 ? 1 : -1));
  // Of each class the same share, so that few films of one class do not all fall on one side.
  const checked: number[] = [];
  const fitted: number[] = [];
  for (const target of [-1, 1]) {
    const rows = Uint32Array.from([...targets.keys()].filter((row) => targets[row] === target));
    random(seed, stream).shuffle(rows);
    rows.forEach((row, place) => (place % CHECKED_BY === 0 ? checked : fitted).push(row));
  }
  return { targets, checked: Uint32Array.from(checked), fitted: Uint32Array.from(fitted) };
}

/** Units that give what they are given, standardised. */
function handedOn(width: number, columns: number): PolynomialUnit[] {
  return Array.from({ length: Math.min(width, columns) }, (_, place) => ({
    first: place,
    second: place,
    coefficients: Float64Array.of(0, 1, 0, 0, 0, 0),
    error: Infinity,
  }));
}

/** A layer has all its units; where too few were found, they repeat. */
const filled = (units: PolynomialUnit[], width: number): PolynomialUnit[] =>
  Array.from({ length: width }, (_, place) => units[place % units.length] as PolynomialUnit);

function write(tf: Tf, model: LayersModel, layer: number, grown: GrownLayer, columns: number, width: number): void {
  const units = filled(grown.units, width);
  const picked = (which: 'first' | 'second') => {
    const [kernel, bias] = [new Float32Array(columns * width), new Float32Array(width)];
    for (const [place, unit] of units.entries()) {
      const column = unit[which];
      const deviation = grown.deviations[column] ?? 1;
      kernel[column * width + place] = 1 / deviation;
      bias[place] = -(grown.means[column] ?? 0) / deviation;
    }
    return [kernel, bias];
  };
  setWeights(tf, model, `first${layer}`, picked('first'));
  setWeights(tf, model, `second${layer}`, picked('second'));
  const terms = new Float32Array(5 * width * width);
  for (const [place, { coefficients }] of units.entries()) {
    for (let term = 0; term < 5; term++) terms[(term * width + place) * width + place] = coefficients[term + 1] ?? 0;
  }
  const bias = Float32Array.from(units, ({ coefficients }) => coefficients[0] ?? 0);
  setWeights(tf, model, `polynomials${layer}`, [terms, bias]);
}
