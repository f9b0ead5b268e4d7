// Where the cells of a layer lie on the input, and how far each can see.
// Pure geometry over a chain of layers; must not run them.
import type { SymbolicTensor, layers } from '@tensorflow/tfjs';

export interface Field {
  /** Middle of the first cell, in pixels of the input (0 is the middle of the first pixel). */
  first: number;
  /** From one cell to the next. */
  step: number;
  /** From the middle of a cell to the farthest pixel it sees, and half a pixel on. */
  reach: number;
}

/**
 * The field of the last of these layers, which follow each other from the input on; convolution and pooling of squares
 * count, what works pixel by pixel changes nothing (arithmetic as in Araujo, Norris and Sim, Distill 2019).
 * Stretching the layer's grid over the input instead is wrong by pixels without padding: at 28 px the three cells of
 * the paper network's last convolution lie at 8.5, 12.5 and 16.5, not at 4.2, 13.5 and 22.8.
 */
export function fieldOf(chain: readonly layers.Layer[]): Field {
  let [first, step, width] = [0, 1, 1];
  for (const layer of chain) {
    const config = layer.getConfig();
    const window = sideOf(config['kernelSize'] ?? config['poolSize'] ?? 1);
    const stride = sideOf(config['strides'] ?? 1);
    const span = (window - 1) * sideOf(config['dilationRate'] ?? 1);
    if (span === 0 && stride === 1) continue;
    first += step * (span / 2 - padding(layer, config['padding'], span, stride));
    width += step * span;
    step *= stride;
  }
  return { first, step, reach: width / 2 };
}

/** Rows that "same" padding puts before the picture (TensorFlow's rule: the odd one goes behind). */
function padding(layer: layers.Layer, kind: unknown, span: number, stride: number): number {
  if (kind !== 'same') return 0;
  const side = (layer.input as SymbolicTensor).shape[1] ?? 0;
  return Math.floor(Math.max((Math.ceil(side / stride) - 1) * stride + span + 1 - side, 0) / 2);
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
