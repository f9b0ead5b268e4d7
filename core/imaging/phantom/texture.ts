// Three tiles of noise, the same for every film: spongy bone, muscle fibres, rough edges of broken bone.
// Made once a process from a fixed seed; films take them at places of their own.
import { dice } from './dice.ts';

/** Tiles are square, `tileSize` a side, repeat without a seam, and have mean 0 and deviation 1. */
export const tileSize = 256;
const mask = tileSize - 1;

export interface Tiles {
  /** Threads along z crossed by a mesh: about 0.35 mm a cell. */
  spongy: Float32Array;
  /** Long soft streaks along z: about 1 mm a cell. */
  muscle: Float32Array;
  /** Noise of all sizes. */
  rough: Float32Array;
}

let made: Tiles | null = null;

export function tiles(): Tiles {
  made ??= { spongy: spongyTile(), muscle: muscleTile(), rough: roughTile() };
  return made;
}

function whiteTile(name: string): Float32Array {
  const chance = dice(0, name, 0);
  return Float32Array.from({ length: tileSize * tileSize }, () => chance.normal(0, 1));
}

/** Running mean along columns (dx 0) or rows or a slant, `length` cells, wrapping round. */
function smear(tile: Float32Array, length: number, dx: number, dy: number): Float32Array {
  const out = new Float32Array(tile.length);
  for (let y = 0; y < tileSize; y++) {
    for (let x = 0; x < tileSize; x++) {
      let sum = 0;
      for (let k = 0; k < length; k++) {
        const offset = k - (length >> 1);
        const column = (x + Math.round(offset * dx)) & mask;
        sum += tile[((y + Math.round(offset * dy)) & mask) * tileSize + column] ?? 0;
      }
      out[y * tileSize + x] = sum / length;
    }
  }
  return out;
}

const soften = (tile: Float32Array, width: number): Float32Array => smear(smear(tile, width, 1, 0), width, 0, 1);

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
function spongyTile(): Float32Array {
  const threads = (name: string, length: number, dx: number, dy: number): Float32Array =>
    normalised(soften(smear(soften(whiteTile(name), 3), length, dx, dy), 2)).map(
      (value) => -Math.min(1.6, Math.abs(value)),
    );
  const along = threads('along', 19, 0.06, 1);
  const left = threads('left', 9, 0.8, 0.6);
  const right = threads('right', 9, -0.75, 0.65);
  const mesh = threads('mesh', 3, 1, 0);
  const clouds = normalised(soften(soften(whiteTile('clouds'), 15), 15));
  return normalised(
    along.map(
      (value, i) =>
        1.2 * value + 0.7 * ((left[i] ?? 0) + (right[i] ?? 0)) + 0.6 * (mesh[i] ?? 0) + 0.35 * (clouds[i] ?? 0),
    ),
  );
}

function muscleTile(): Float32Array {
  const fine = normalised(soften(smear(whiteTile('fibres'), 61, 0.08, 1), 3));
  const broad = normalised(soften(smear(soften(whiteTile('bellies'), 9), 75, -0.05, 1), 9));
  return normalised(broad.map((value, i) => value + 0.55 * (fine[i] ?? 0)));
}

function roughTile(): Float32Array {
  const sum = new Float32Array(tileSize * tileSize);
  [33, 17, 9, 5, 3].forEach((width, octave) => {
    const layer = normalised(soften(soften(whiteTile(`rough ${octave}`), width), width));
    layer.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value * width ** 0.5));
  });
  return normalised(sum);
}
