// Three tiles of noise, the same for every film: spongy bone, muscle fibres, rough edges of broken bone.
// Made once a process from a fixed seed; films take them at places of their own.
import { dice } from './dice.ts';

/** Tiles are square, `tileSize` a side, repeat without a seam, and have mean 0 and deviation 1. */
export const tileSize = 256;
const mask = tileSize - 1;

export interface Tiles {
  /** Threads along z crossed by a mesh. */
  spongy: Float32Array;
  /** Long soft streaks along z: about 1 mm a cell. */
  muscle: Float32Array;
  /** Noise of all sizes. */
  rough: Float32Array;
}

let made: Tiles | null = null;

export function tiles(): Tiles {
  if (made) return made;
  const noise = whiteNoise();
  made = { spongy: spongyTile(noise), muscle: muscleTile(noise), rough: roughTile(noise) };
  return made;
}

function whiteNoise(): Float32Array {
  const chance = dice(0, 'white', 0);
  const noise = new Float32Array(tileSize * tileSize);
  for (let i = 0; i < noise.length; i++) noise[i] = chance.normal(0, 1);
  return noise;
}

/** The same noise moved on: layers that take it from places far from each other's know nothing of each other. */
function moved(noise: Float32Array, layer: number): Float32Array {
  const from = layer * (20 * tileSize + 77);
  const tile = new Float32Array(noise.length);
  tile.set(noise.subarray(from));
  tile.set(noise.subarray(0, from), noise.length - from);
  return tile;
}

/** Mean of `length` cells along a slant, wrapping round. */
function smear(tile: Float32Array, length: number, dx: number, dy: number): Float32Array {
  const out = new Float32Array(tile.length);
  for (let k = 0; k < length; k++) {
    const right = Math.round((k - (length >> 1)) * dx);
    const down = Math.round((k - (length >> 1)) * dy);
    for (let y = 0; y < tileSize; y++) {
      const from = ((y + down) & mask) * tileSize;
      for (let x = 0, o = y * tileSize; x < tileSize; x++, o++)
        out[o] = (out[o] as number) + (tile[from + ((x + right) & mask)] as number) / length;
    }
  }
  return out;
}

/** The same along a row (`step` 1) or a column (`step` tileSize), by a sum that runs on. */
function run(tile: Float32Array, length: number, step: number): Float32Array {
  const out = new Float32Array(tile.length);
  const across = step === 1 ? tileSize : 1;
  const back = length >> 1;
  for (let line = 0; line < tileSize; line++) {
    const at = (place: number): number => tile[line * across + (place & mask) * step] as number;
    let sum = 0;
    for (let k = 0; k < length; k++) sum += at(k - back);
    for (let place = 0; place < tileSize; place++) {
      out[line * across + place * step] = sum / length;
      sum += at(place - back + length) - at(place - back);
    }
  }
  return out;
}

const soften = (tile: Float32Array, width: number): Float32Array => run(run(tile, width, 1), width, tileSize);

function normalised(tile: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const value of tile) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / tile.length;
  const deviation = Math.sqrt(squares / tile.length - mean * mean);
  return tile.map((value) => (value - mean) / deviation);
}

/** Bright threads where smeared noise crosses zero: the look of trabeculae, which carry load along the bone. */
function spongyTile(noise: Float32Array): Float32Array {
  const threads = (layer: number, length: number, dx: number, dy: number): Float32Array =>
    normalised(soften(smear(soften(moved(noise, layer), 3), length, dx, dy), 2)).map(
      (value) => -Math.min(1.6, Math.abs(value)),
    );
  const along = threads(0, 19, 0.06, 1);
  const left = threads(1, 9, 0.8, 0.6);
  const right = threads(2, 9, -0.75, 0.65);
  const mesh = threads(3, 3, 1, 0);
  const clouds = normalised(soften(soften(moved(noise, 4), 15), 15));
  return normalised(
    along.map(
      (value, i) =>
        1.2 * value + 0.7 * ((left[i] ?? 0) + (right[i] ?? 0)) + 0.6 * (mesh[i] ?? 0) + 0.35 * (clouds[i] ?? 0),
    ),
  );
}

function muscleTile(noise: Float32Array): Float32Array {
  const fine = normalised(soften(smear(moved(noise, 5), 61, 0.08, 1), 3));
  const broad = normalised(soften(smear(soften(moved(noise, 6), 9), 75, -0.05, 1), 9));
  return normalised(broad.map((value, i) => value + 0.55 * (fine[i] ?? 0)));
}

function roughTile(noise: Float32Array): Float32Array {
  const sum = new Float32Array(tileSize * tileSize);
  [33, 17, 9, 5, 3].forEach((width, octave) => {
    const layer = normalised(soften(soften(moved(noise, 7 + octave), width), width));
    layer.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value * width ** 0.5));
  });
  return normalised(sum);
}
