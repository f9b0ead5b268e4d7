// How alike two films are, judged on their 24 x 24 grey copies: fine structure only, so that the common shape of two hands
// or the white edge of a plate does not count. Must not read films, only fingerprints.
import { COPY_SIDE } from './fingerprint-layout.ts';
import { solve } from './linear-system.ts';

const SIDE = COPY_SIDE;
const CELLS = SIDE * SIDE;
const MIDDLE = (SIDE - 1) / 2;

/** Cells at each side that do not count. */
const OUTER = 2;

/** Most steps of the fit, and the change (cells, shares) at which it has settled: mostly after three. */
const STEPS = 5;
const SETTLED = 0.02;

/** A film cropped by more than this is another picture: shift in cells, stretch as a share. */
const MAX_SHIFT = 2.5;
const MAX_STRETCH = 0.2;

/**
 * Fine structure of a copy: what stands out from the 3 x 3 cells around it, its square root with its sign (else a plate's
 * edge outweighs the bone), of mean 0 and length 1. All zeros for a copy without structure.
 */
export function structureOf(copy: ArrayLike<number>, inside: (cell: number) => boolean = isInner): Float32Array {
  const structure = new Float32Array(CELLS);
  let count = 0;
  let sum = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (!inside(cell)) continue;
    const out = (copy[cell] as number) - meanAround(copy, cell);
    structure[cell] = Math.sign(out) * Math.sqrt(Math.abs(out));
    count++;
    sum += structure[cell] as number;
  }
  let squares = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (!inside(cell)) continue;
    structure[cell] = (structure[cell] as number) - sum / count;
    squares += (structure[cell] as number) ** 2;
  }
  const length = Math.sqrt(squares);
  return length < 1 ? structure.fill(0) : structure.map((value) => value / length);
}

/** The outer cells hold the plate's edge, the same on all films of a detector. */
function isInner(cell: number): boolean {
  const x = cell % SIDE;
  const y = Math.floor(cell / SIDE);
  return Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y) >= OUTER;
}

function meanAround(copy: ArrayLike<number>, cell: number): number {
  const y = Math.floor(cell / SIDE);
  const x = cell % SIDE;
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) sum += copy[clamp(y + dy) * SIDE + clamp(x + dx)] as number;
  }
  return sum / 9;
}

function clamp(at: number): number {
  return Math.min(SIDE - 1, Math.max(0, at));
}

/** Correlation of two structures, -1 to 1. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let cell = 0; cell < CELLS; cell++) sum += (a[cell] as number) * (b[cell] as number);
  return sum;
}

/** Correlation of the structures once one copy is shifted and stretched, each way by itself, to lie on the other. */
export function alignedCorrelation(a: Uint8Array, b: Uint8Array): number {
  const fit = align(smooth(a), smooth(b));
  if (!fit) return 0;
  const moved = new Float32Array(CELLS);
  const covered = new Uint8Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const x = (cell % SIDE) + fit[0] + fit[1] * ((cell % SIDE) - MIDDLE);
    const y = Math.floor(cell / SIDE) + fit[2] + fit[3] * (Math.floor(cell / SIDE) - MIDDLE);
    covered[cell] = x >= 0 && y >= 0 && x <= SIDE - 1 && y <= SIDE - 1 ? 1 : 0;
    moved[cell] = sample(a, x, y);
  }
  const inside = (cell: number) => covered[cell] === 1 && isInner(cell);
  return correlation(structureOf(moved, inside), structureOf(b, inside));
}

/** Where a cell of the second copy lies in the first: shift and stretch along x, along y; then gain and offset of grey. */
type Fit = [shiftX: number, stretchX: number, shiftY: number, stretchY: number, gain: number, offset: number];

/** Least squares by Gauss and Newton; null where it runs away. */
function align(a: Float32Array, b: Float32Array): Fit | null {
  const fit: Fit = [0, 0, 0, 0, 1, 0];
  for (let step = 0; step < STEPS; step++) {
    const { normal, right } = equations(a, b, fit);
    const change = solve(normal, right, 6);
    if (!change) return null;
    for (let i = 0; i < 6; i++) fit[i] = (fit[i] as number) + (change[i] as number);
    if (Math.max(Math.abs(fit[0]), Math.abs(fit[2])) > MAX_SHIFT) return null;
    if (Math.max(Math.abs(fit[1]), Math.abs(fit[3])) > MAX_STRETCH) return null;
    if (change.subarray(0, 4).every((part) => Math.abs(part) < SETTLED)) break;
  }
  return fit[4] > 0 ? fit : null;
}

/** Normal equations of one step: how each of the six changes what the first copy gives at every cell of the second. */
function equations(a: Float32Array, b: Float32Array, [shiftX, stretchX, shiftY, stretchY, gain, offset]: Fit) {
  const normal = new Float64Array(36);
  const right = new Float64Array(6);
  const row = new Float64Array(6);
  for (let cell = 0; cell < CELLS; cell++) {
    const across = (cell % SIDE) - MIDDLE;
    const down = Math.floor(cell / SIDE) - MIDDLE;
    const x = across + MIDDLE + shiftX + stretchX * across;
    const y = down + MIDDLE + shiftY + stretchY * down;
    if (x < 1 || y < 1 || x > SIDE - 2 || y > SIDE - 2) continue;
    const value = sample(a, x, y);
    row[0] = gain * (sample(a, x + 0.5, y) - sample(a, x - 0.5, y));
    row[1] = row[0] * across;
    row[2] = gain * (sample(a, x, y + 0.5) - sample(a, x, y - 0.5));
    row[3] = row[2] * down;
    row[4] = value;
    row[5] = 1;
    const left = (b[cell] as number) - gain * value - offset;
    for (let i = 0; i < 6; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * left;
      for (let j = i; j < 6; j++)
        normal[6 * i + j] = (normal[6 * i + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  for (let i = 1; i < 6; i++) for (let j = 0; j < i; j++) normal[6 * i + j] = normal[6 * j + i] as number;
  return { normal, right };
}

/** Bilinear, edges continued. */
function sample(copy: ArrayLike<number>, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = x - left;
  const down = y - top;
  const x0 = clamp(left);
  const x1 = clamp(left + 1);
  const y0 = clamp(top) * SIDE;
  const y1 = clamp(top + 1) * SIDE;
  const upper = (copy[y0 + x0] as number) * (1 - across) + (copy[y0 + x1] as number) * across;
  const lower = (copy[y1 + x0] as number) * (1 - across) + (copy[y1 + x1] as number) * across;
  return upper * (1 - down) + lower * down;
}

/** Binomial 3 x 3: without it the slopes of single cells lead the fit astray. */
function smooth(copy: Uint8Array): Float32Array {
  const output = new Float32Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const y = Math.floor(cell / SIDE);
    const x = cell % SIDE;
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        sum += (2 - Math.abs(dx)) * (2 - Math.abs(dy)) * (copy[clamp(y + dy) * SIDE + clamp(x + dx)] as number);
      }
    }
    output[cell] = sum / 16;
  }
  return output;
}
