// Solves small systems of linear equations.
// Must not know where they come from.

/**
 * Solves `matrix * x = right` for an n x n matrix given row by row, by Gaussian elimination with partial pivoting.
 * Gives null where the matrix is singular to working precision.
 */
export function solve(matrix: ArrayLike<number>, right: ArrayLike<number>, n: number): Float64Array | null {
  const rows: Float64Array[] = Array.from({ length: n }, (_, row) =>
    Float64Array.from({ length: n + 1 }, (__, column) =>
      column === n ? (right[row] as number) : (matrix[row * n + column] as number),
    ),
  );
  const scale = Math.max(...rows.map((row) => Math.max(...row.subarray(0, n).map(Math.abs))));
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(at(rows, row, column)) > Math.abs(at(rows, best, column))) best = row;
    }
    if (!(Math.abs(at(rows, best, column)) > scale * 1e-12)) return null;
    [rows[column], rows[best]] = [rows[best] as Float64Array, rows[column] as Float64Array];
    for (let row = column + 1; row < n; row++) {
      const factor = at(rows, row, column) / at(rows, column, column);
      for (let k = column; k <= n; k++)
        (rows[row] as Float64Array)[k] = at(rows, row, k) - factor * at(rows, column, k);
    }
  }
  const x = new Float64Array(n);
  for (let row = n - 1; row >= 0; row--) {
    let sum = at(rows, row, n);
    for (let column = row + 1; column < n; column++) sum -= at(rows, row, column) * (x[column] as number);
    x[row] = sum / at(rows, row, row);
  }
  return x.every(Number.isFinite) ? x : null;
}

function at(rows: Float64Array[], row: number, column: number): number {
  return (rows[row] as Float64Array)[column] as number;
}
