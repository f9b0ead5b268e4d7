// Patterns found in patches without labels: competition, and a new pattern where none answers.
// Figures only: must not know films or networks.
import type { Random } from '#core/random.ts';

/** Patches row by row, `length` figures each. */
export interface Patches {
  values: Float32Array;
  length: number;
}

/** Rounds of competition once all patterns are there. */
const ROUNDS = 6;
/** Patches with less in them than this share of the mean one are flat: they look like anything. */
const FLAT_SHARE = 0.3;

/**
 * `count` patterns of length 1, one after the other. Patches come in random order: one that no pattern is like by
 * `likeness` (a cosine) becomes a pattern itself (Fukushima 2013, "add if silent"); then each pattern becomes the mean
 * direction of the patches it wins, some rounds long. Where too few patches differ that much, the likeness asked for
 * falls until there are enough.
 */
export function findPatterns(patches: Patches, count: number, likeness: number, draw: Random): Float32Array {
  const { length } = patches;
  const directions = directionsOf(patches);
  const rows = directions.length / length;
  const order = draw.shuffle(Uint32Array.from({ length: rows }, (_, row) => row));
  const patterns = new Float32Array(count * length);
  let found = 0;
  for (let asked = likeness; found < count && asked < 1; asked += 0.1) {
    for (const row of order) {
      if (found === count) break;
      const winner = mostAlike(directions, row, patterns, found, length);
      if (found > 0 && winner.cosine >= asked) continue;
      patterns.set(directions.subarray(row * length, (row + 1) * length), found++ * length);
    }
  }
  // Fewer patches than patterns: the rest is drawn.
  for (let at = found * length; at < patterns.length; at++) patterns[at] = draw.normal();
  normalise(patterns, length);
  for (let round = 0; round < ROUNDS; round++) compete(directions, patterns, length);
  return patterns;
}

/** Patches with something in them, each of length 1. */
function directionsOf({ values, length }: Patches): Float32Array {
  const rows = values.length / length;
  const squares = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = row * length; at < (row + 1) * length; at++) sum += (values[at] as number) ** 2;
    return sum;
  });
  const least = FLAT_SHARE * (squares.reduce((sum, square) => sum + square, 0) / Math.max(1, rows));
  const full = [...squares.keys()].filter((row) => (squares[row] as number) >= Math.max(least, 1e-9));
  const directions = new Float32Array(full.length * length);
  for (const [place, row] of full.entries()) {
    directions.set(values.subarray(row * length, (row + 1) * length), place * length);
  }
  normalise(directions, length);
  return directions;
}

/** Each pattern turns to the mean direction of the patches it wins; one that wins none stays. */
function compete(directions: Float32Array, patterns: Float32Array, length: number): void {
  const count = patterns.length / length;
  const sums = new Float64Array(patterns.length);
  const wins = new Uint32Array(count);
  for (let row = 0; row * length < directions.length; row++) {
    const { pattern } = mostAlike(directions, row, patterns, count, length);
    wins[pattern] = (wins[pattern] as number) + 1;
    for (let at = 0; at < length; at++) {
      sums[pattern * length + at] = (sums[pattern * length + at] as number) + (directions[row * length + at] as number);
    }
  }
  for (let at = 0; at < patterns.length; at++) if ((wins[Math.floor(at / length)] as number) > 0) patterns[at] = sums[at] as number; // prettier-ignore
  normalise(patterns, length);
}

function mostAlike(
  directions: Float32Array,
  row: number,
  patterns: Float32Array,
  count: number,
  length: number,
): { pattern: number; cosine: number } {
  let [pattern, cosine] = [0, -Infinity];
  for (let one = 0; one < count; one++) {
    let sum = 0;
    for (let at = 0; at < length; at++) sum += (directions[row * length + at] as number) * (patterns[one * length + at] as number); // prettier-ignore
    if (sum > cosine) [pattern, cosine] = [one, sum];
  }
  return { pattern, cosine };
}

function normalise(rows: Float32Array, length: number): void {
  for (let from = 0; from < rows.length; from += length) {
    let sum = 0;
    for (let at = from; at < from + length; at++) sum += (rows[at] as number) ** 2;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let at = from; at < from + length; at++) rows[at] = scale * (rows[at] as number);
  }
}
