// Mean and standard deviation of a figure over runs. Pure.

export interface Spread {
  mean: number;
  /** Of a sample: over one less than the values; 0 of a single one. */
  deviation: number;
}

/** Null of no values, and where one of them is not known. */
export function spreadOf(values: readonly (number | undefined)[]): Spread | null {
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : 0 };
}
