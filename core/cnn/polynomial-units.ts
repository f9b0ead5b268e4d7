// Polynomial units grown layer by layer by the group method of data handling (Ivakhnenko 1968, 1971).
// Figures only: must not know films or networks.
import { solve } from '#core/imaging/linear-system.ts';

/**
 * y = c0 + c1 a + c2 b + c3 ab + c4 aa + c5 bb, where a and b are two of the inputs, each less its mean and over its
 * deviation.
 */
export interface PolynomialUnit {
  first: number;
  second: number;
  coefficients: Float64Array;
  /** Mean square off the target on the rows that were not fitted to; classes count the same. */
  error: number;
}

export interface GrownLayer {
  means: Float64Array;
  deviations: Float64Array;
  units: PolynomialUnit[];
}

/** Figures of films, row by row: `columns` a film. */
export interface Table {
  values: Float32Array | Float64Array;
  columns: number;
}

export const TERMS = 6;
/** Columns that are paired with each other: those that alone tell most. All pairs of more take long and tell little more. */
const PAIRED = 48;
/** Keeps coefficients small where two inputs are nearly one. In units of films. */
const RIDGE = 1;

/**
 * One layer: every pair of inputs gets its own polynomial, fitted by least squares to the rows `fitted`; the `width` that
 * err least on the rows `checked`, which they have not seen, are kept, the best first. Ivakhnenko's external criterion.
 * Fewer where there are fewer pairs.
 * @param targets 1 or -1 a row
 */
export function growLayer(
  table: Table,
  targets: ArrayLike<number>,
  fitted: Uint32Array,
  checked: Uint32Array,
  width: number,
): GrownLayer {
  const { means, deviations, columns } = standardised(table, fitted);
  const weights = weightsOf(targets, fitted);
  const paired = tellingMost(columns, targets, fitted, weights);
  const checkWeights = weightsOf(targets, checked);
  const units: PolynomialUnit[] = [];
  paired.forEach((first, place) => {
    for (const second of paired.slice(place + 1)) {
      const [a, b] = [columns[first], columns[second]];
      const coefficients = a && b && fit(a, b, targets, fitted, weights);
      if (!a || !b || !coefficients) continue;
      const error = errorOf(a, b, targets, checked, checkWeights, coefficients);
      units.push({ first, second, coefficients, error });
    }
  });
  return { means, deviations, units: units.sort((a, b) => a.error - b.error).slice(0, width) };
}

/** What the units of a layer answer on every row: `units.length` columns. */
export function answersOf({ values, columns }: Table, layer: GrownLayer): Table {
  const { units, means, deviations } = layer;
  const rows = values.length / columns;
  const answers = new Float64Array(rows * units.length);
  for (let row = 0; row < rows; row++) {
    const input = (column: number): number =>
      ((values[row * columns + column] as number) - (means[column] as number)) / (deviations[column] as number);
    for (const [place, { first, second, coefficients }] of units.entries()) {
      answers[row * units.length + place] = polynomial(coefficients, input(first), input(second));
    }
  }
  return { values: answers, columns: units.length };
}

function polynomial(c: Float64Array, a: number, b: number): number {
  const [c0, c1, c2, c3, c4, c5] = c as unknown as [number, number, number, number, number, number];
  return c0 + c1 * a + c2 * b + c3 * a * b + c4 * a * a + c5 * b * b;
}

/** Columns less their mean over their deviation; a column that never changes is left at nothing. */
function standardised({ values, columns }: Table, rows: Uint32Array) {
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns).fill(1);
  const all = values.length / columns;
  const standard = Array.from({ length: columns }, (_, column) => {
    let [sum, squares] = [0, 0];
    for (const row of rows) sum += values[row * columns + column] as number;
    const mean = sum / rows.length;
    for (const row of rows) squares += ((values[row * columns + column] as number) - mean) ** 2;
    const deviation = Math.sqrt(squares / rows.length);
    means[column] = mean;
    if (deviation > 1e-6) deviations[column] = deviation;
    const scale = deviation > 1e-6 ? 1 / deviation : 0;
    return Float64Array.from({ length: all }, (__, row) => scale * ((values[row * columns + column] as number) - mean));
  });
  return { means, deviations, columns: standard };
}

/** A weight a row, so that both classes count the same; their sum is the number of rows. */
function weightsOf(targets: ArrayLike<number>, rows: Uint32Array): Float64Array {
  const broken = rows.reduce((count, row) => count + ((targets[row] as number) > 0 ? 1 : 0), 0);
  return Float64Array.from(rows, (row) => {
    const alike = (targets[row] as number) > 0 ? broken : rows.length - broken;
    return rows.length / (2 * Math.max(1, alike));
  });
}

/** The columns whose own product with the target is farthest from nothing. */
function tellingMost(
  columns: Float64Array[],
  targets: ArrayLike<number>,
  rows: Uint32Array,
  weights: Float64Array,
): number[] {
  const telling = columns.map((column, place) => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      sum += (weights[i] as number) * (column[row] as number) * (targets[row] as number);
    }
    return { place, sum: Math.abs(sum) };
  });
  return telling
    .sort((a, b) => b.sum - a.sum || a.place - b.place)
    .slice(0, PAIRED)
    .map(({ place }) => place);
}

/** Weighted least squares over the six terms; null where the pair says one thing twice. */
function fit(
  a: Float64Array,
  b: Float64Array,
  targets: ArrayLike<number>,
  rows: Uint32Array,
  weights: Float64Array,
): Float64Array | null {
  const squares = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  const term = new Float64Array(TERMS);
  term[0] = 1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const [u, v, weight] = [a[row] as number, b[row] as number, weights[i] as number];
    term[1] = u;
    term[2] = v;
    term[3] = u * v;
    term[4] = u * u;
    term[5] = v * v;
    for (let j = 0; j < TERMS; j++) {
      const scaled = weight * (term[j] as number);
      right[j] = (right[j] as number) + scaled * (targets[row] as number);
      for (let k = 0; k <= j; k++) squares[j * TERMS + k] = (squares[j * TERMS + k] as number) + scaled * (term[k] as number); // prettier-ignore
    }
  }
  for (let j = 0; j < TERMS; j++) {
    for (let k = 0; k < j; k++) squares[k * TERMS + j] = squares[j * TERMS + k] as number;
    if (j > 0) squares[j * TERMS + j] = (squares[j * TERMS + j] as number) + RIDGE;
  }
  return solve(squares, right, TERMS);
}

function errorOf(
  a: Float64Array,
  b: Float64Array,
  targets: ArrayLike<number>,
  rows: Uint32Array,
  weights: Float64Array,
  coefficients: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const off = polynomial(coefficients, a[row] as number, b[row] as number) - (targets[row] as number);
    sum += (weights[i] as number) * off * off;
  }
  return sum / rows.length;
}
