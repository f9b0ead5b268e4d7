// From optical depth to grey: the beam, its scatter, blur and quantum noise, and what the reader does to the picture.
// Must not know what was in the beam. One pass a step over typed arrays; buffers are kept between films.
import { random } from '#core/random.ts';
import type { Exposure } from './plan.ts';
import { tiles, tileSize } from './texture.ts';

/** Arrays of one film size. */
export interface Buffers {
  tau: Float32Array;
  light: Float32Array;
  spare: Float32Array;
}

const kept = new Map<number, Buffers>();

/** Buffers for so many pixels; what they hold lasts until the next film. */
export function buffers(pixels: number): Buffers {
  const found = kept.get(pixels);
  if (found) return found;
  const made = { tau: new Float32Array(pixels), light: new Float32Array(pixels), spare: new Float32Array(pixels) };
  kept.set(pixels, made);
  return made;
}

/** exp(-x) for x from 0 to 32 in steps of 1/64; the rest of x by the first three terms of the series. */
const absorbed = Float32Array.from({ length: 32 * 64 + 1 }, (_, i) => Math.exp(-i / 64));

/** Beer and Lambert: what is left of the beam, its heel fall-off included. Optical depth is cut at 0 and 32. */
export function expose(
  tau: Float32Array,
  light: Float32Array,
  width: number,
  height: number,
  exposure: Exposure,
): void {
  const [across, along] = exposure.heel;
  const { rough } = tiles();
  const columns = Float32Array.from({ length: width }, (_, x) => {
    const stripe = exposure.bands * (rough[x % tileSize] ?? 0) * (x < tileSize ? 1 : -1);
    return 1 + across * (x / width - 0.5) + stripe;
  });
  for (let y = 0; y < height; y++) {
    exposeLine(tau, light, y * width, columns, 1 + along * (y / height - 0.5));
  }
}

function exposeLine(tau: Float32Array, light: Float32Array, from: number, beam: Float32Array, row: number): void {
  for (let x = 0, pixel = from; x < beam.length; x++, pixel++) {
    const depth = tau[pixel] as number;
    const fine = depth <= 0 ? 0 : depth >= 32 ? 32 * 64 : depth * 64;
    const coarse = fine | 0;
    const rest = (fine - coarse) / 64;
    light[pixel] = row * (beam[x] as number) * (absorbed[coarse] as number) * (1 - rest + 0.5 * rest * rest);
  }
}

/** Scatter: a part of the light, spread over centimetres, falls on everything. */
export function scatter(light: Float32Array, width: number, height: number, part: number): void {
  const small = shrink(light, width, height, 16);
  for (let pass = 0; pass < 2; pass++) spread(small, 3);
  mixIn(light, width, height, 16, small, 1, part);
}

/** Quantiles of the normal distribution, one for each of 4096 equal slices; drawn by 12 random bits. */
const bell = bellTable();

function bellTable(): Float32Array {
  const table = new Float32Array(4096);
  // Inverse by stepping the distribution function (Abramowitz and Stegun 26.2.17 is not needed: the table is filled once).
  let x = -6;
  let sum = 0;
  const step = 1e-3;
  for (let i = 0; i < 4096; i++) {
    const wanted = (i + 0.5) / 4096;
    while (sum < wanted) {
      sum += step * Math.exp(-0.5 * (x + step / 2) ** 2) * 0.3989422804014327;
      x += step;
    }
    table[i] = x;
  }
  return table;
}

/**
 * Quantum noise: counts scatter as Poisson's distribution says, which for the tens to thousands of photons of a film is
 * the normal one of the same variance. Every pixel draws the same number whatever its light, so that a change in one
 * place moves no noise elsewhere.
 */
export function quantumNoise(light: Float32Array, photons: number, seed: number): void {
  const state = Int32Array.of(random(seed).below(0xffffffff) + 1);
  for (let from = 0; from < light.length; from += runPixels) {
    addNoise(light, from, Math.min(light.length, from + runPixels), state, 1 / photons);
  }
}

/** Pixels a call of an inner loop: one that is called often is soon compiled for good, one that runs long is not. */
const runPixels = 512;

/** One run of pixels; `state` is that of a xorshift generator (Marsaglia, Journal of Statistical Software 2003). */
function addNoise(light: Float32Array, from: number, to: number, state: Int32Array, perPhoton: number): void {
  let word = state[0] as number;
  for (let i = from; i < to; i++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const level = light[i] as number;
    const noisy = level + Math.sqrt(level * perPhoton) * (bell[word >>> 20] as number);
    light[i] = noisy > perPhoton ? noisy : perPhoton;
  }
  state[0] = word;
}

/** ln of 1 to 2 by the upper 12 bits of the mantissa: exact to 1e-4, finer than a grey level by far. */
const mantissas = Float32Array.from({ length: 4096 }, (_, i) => Math.log(1 + (i + 0.5) / 4096));

/** Optical depth again, as the reader of the plate gives it. All light must be positive. */
export function depthOf(light: Float32Array): void {
  const bits = new Int32Array(light.buffer, light.byteOffset, light.length);
  for (let from = 0; from < light.length; from += runPixels) {
    takeLogarithms(light, bits, from, Math.min(light.length, from + runPixels));
  }
}

function takeLogarithms(light: Float32Array, bits: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const word = bits[i] as number;
    light[i] = (127 - (word >> 23)) * Math.LN2 - (mantissas[(word >> 11) & 4095] as number);
  }
}

/**
 * Local contrast over a centimetre or two, with less of what is slower: the processing of every plate reader, halo and
 * all. Soft tissue and thick bone then stand on one film.
 */
export function enhance(plane: Float32Array, width: number, height: number, amount: number): void {
  const small = shrink(plane, width, height, 16);
  spread(small, 2);
  spread(small, 1);
  mixIn(plane, width, height, 16, small, 1 + amount, -amount);
}

interface Small {
  values: Float32Array;
  width: number;
  height: number;
}

/** Means of squares of `cell` pixels. */
function shrink(plane: Float32Array, width: number, height: number, cell: number): Small {
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const bottom = Math.min(height, (row + 1) * cell);
    for (let column = 0; column < columns; column++) {
      const right = Math.min(width, (column + 1) * cell);
      let sum = 0;
      for (let y = row * cell; y < bottom; y++)
        for (let i = y * width + column * cell; i < y * width + right; i++) sum += plane[i] as number;
      values[row * columns + column] = sum / ((bottom - row * cell) * (right - column * cell));
    }
  }
  return { values, width: columns, height: rows };
}

/** Mean over a square of 2 `reach` + 1, the border repeated. */
function spread(small: Small, reach: number): void {
  const { values, width, height } = small;
  const across = new Float32Array(values.length);
  const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
  const share = 1 / (2 * reach + 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) sum += values[y * width + clamp(x + k, width)] as number;
      across[y * width + x] = sum * share;
    }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) sum += across[clamp(y + k, height) * width + x] as number;
      values[y * width + x] = sum * share;
    }
}

/** plane = keep * plane + add * small, the small one enlarged bilinearly. */
function mixIn(
  plane: Float32Array,
  width: number,
  height: number,
  cell: number,
  small: Small,
  keep: number,
  add: number,
): void {
  const { values } = small;
  const columns = small.width;
  const line = new Float32Array(columns);
  const half = cell >> 1;
  for (let y = 0; y < height; y++) {
    const v = Math.min(small.height - 1, Math.max(0, (y + 0.5) / cell - 0.5));
    const top = v | 0;
    const o = top * columns;
    const under = Math.min(small.height - 1, top + 1) * columns;
    const down = v - top;
    for (let i = 0; i < columns; i++) {
      const above = values[o + i] as number;
      line[i] = add * (above + down * ((values[under + i] as number) - above));
    }
    // From the middle of one cell to the middle of the next a straight slope; level before the first and after the last.
    let x = 0;
    for (let i = 0; i <= columns; i++) {
      const from = line[Math.max(0, i - 1)] as number;
      const slope = ((line[Math.min(columns - 1, i)] as number) - from) / cell;
      let level = i === 0 ? from : from + 0.5 * slope;
      for (const end = Math.min(width, i * cell + half); x < end; x++, level += slope) {
        const pixel = y * width + x;
        plane[pixel] = keep * (plane[pixel] as number) + level;
      }
    }
  }
}
