// Where the cells of a layer lie on the input, and how far each can see.
// Pure geometry over layers; must not run them.
import type { SymbolicTensor, layers } from '@tensorflow/tfjs';

export interface Field {
  /** Middle of the first cell, in pixels of the input (0 is the middle of the first pixel). */
  first: number;
  /** From one cell to the next. */
  step: number;
  /** From the middle of a cell to the farthest pixel it sees, and half a pixel on. */
  reach: number;
}

/** Of the input: every pixel sees itself. */
const pixel: Field = { first: 0, step: 1, reach: 0.5 };

/**
 * The field of a layer's output, over all ways from the input to it: the way that sees farthest. Convolution and pooling
 * of squares count, what works pixel by pixel changes nothing (arithmetic as in Araujo, Norris and Sim, Distill 2019).
 * What looks at the whole picture to weigh channels is no way: it tells no places.
 * Stretching the layer's grid over the input instead is wrong by pixels without padding: at 28 px the three cells of
 * the paper network's last convolution lie at 8.5, 12.5 and 16.5, not at 4.2, 13.5 and 22.8.
 */
export function fieldOf(output: SymbolicTensor): Field {
  const known = new Map<number, Field>();
  const fieldAt = (tensor: SymbolicTensor): Field => {
    const before = known.get(tensor.id);
    if (before) return before;
    const layer = tensor.sourceLayer;
    if (layer.getClassName() === 'InputLayer') return pixel;
    const inputs = layer.inboundNodes[tensor.nodeIndex]?.inputTensors ?? [];
    const places = inputs.filter(({ shape }) => shape.length === 4 && (inputs.length === 1 || (shape[1] ?? 0) > 1));
    const fields = places.map(fieldAt);
    const widest = fields.reduce((a, b) => (b.reach > a.reach ? b : a), fields[0] ?? pixel);
    const field = through(layer, places[0]?.shape[1] ?? 0, widest);
    known.set(tensor.id, field);
    return field;
  };
  return fieldAt(output);
}

/** @param side of the picture that goes in */
function through(layer: layers.Layer, side: number, { first, step, reach }: Field): Field {
  const config = layer.getConfig();
  const scales = (config['scales'] as number[] | undefined) ?? [1];
  const window = sideOf(config['kernelSize'] ?? config['poolSize'] ?? 1);
  const stride = sideOf(config['strides'] ?? 1);
  const span = (window - 1) * sideOf(config['dilationRate'] ?? 1);
  // At its coarsest scale a convolution sees so many times as far, around the same middle.
  const seen = Math.max(...scales) * window - 1;
  if (seen === 0 && stride === 1) return { first, step, reach };
  return {
    first: first + step * (span / 2 - padding(side, config['padding'], span, stride)),
    step: step * stride,
    reach: reach + (step * (scales.length === 1 ? span : seen)) / 2,
  };
}

/** Rows that "same" padding puts before the picture (TensorFlow's rule: the odd one goes behind). */
export function padding(side: number, kind: unknown, span: number, stride: number): number {
  if (kind === 'same') return Math.floor(Math.max((Math.ceil(side / stride) - 1) * stride + span + 1 - side, 0) / 2);
  return kind === undefined && span > 0 ? span / 2 : 0;
}

/**
 * Cells (count x count) as they lie over an input of size x size: linear between the middles of cells, fading to nothing
 * where the outermost cells see no more.
 */
export function placeCells(cells: ArrayLike<number>, count: number, field: Field, size: number): Float32Array {
  const along = Array.from({ length: size }, (_, pixel) => weightsAt(pixel, count, field));
  const placed = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (const [y, down] of along[row] ?? []) {
        for (const [x, across] of along[column] ?? []) sum += down * across * (cells[y * count + x] ?? 0);
      }
      placed[row * size + column] = sum;
    }
  }
  return placed;
}

/** The cells that count at a pixel, with their weights. */
function weightsAt(pixel: number, count: number, { first, step, reach }: Field): [cell: number, weight: number][] {
  const place = (pixel - first) / step;
  if (place <= 0) return [[0, Math.max(0, 1 - (-place * step) / reach)]];
  const beyond = place - (count - 1);
  if (beyond >= 0) return [[count - 1, Math.max(0, 1 - (beyond * step) / reach)]];
  const cell = Math.floor(place);
  return [
    [cell, 1 - (place - cell)],
    [cell + 1, place - cell],
  ];
}

function sideOf(value: unknown): number {
  return Number(Array.isArray(value) ? value[0] : value);
}
