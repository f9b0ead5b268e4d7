// Which of the settings that were measured is taken: the usual one, unless another is faster beyond noise.
// Must not measure anything.
import type { Tuning } from '#api/runs.ts';

export interface Measured extends Tuning {
  /** Films a second, one a call. */
  speeds: number[];
}

/** Fewer calls prove nothing: a computer that is so slow trains as usual. */
const FEWEST_CALLS = 3;
/** A gain below this share is not worth leaving the usual setting. */
const LEAST_GAIN = 0.05;

/**
 * The fastest by median. The first is the usual one and stands unless another gains at least `LEAST_GAIN` and its slower
 * quarter is still faster than the usual one's faster quarter.
 */
export function fastest<One extends Pick<Measured, 'speeds'>>([usual, ...others]: [One, ...One[]]): One {
  const enough = median(usual.speeds) * (1 + LEAST_GAIN);
  const usualAtBest = quantile(usual.speeds, 0.75);
  if (usual.speeds.length < FEWEST_CALLS) return usual;
  const faster = others.filter(
    ({ speeds }) => speeds.length >= FEWEST_CALLS && median(speeds) >= enough && quantile(speeds, 0.25) > usualAtBest,
  );
  return faster.toSorted((a, b) => median(b.speeds) - median(a.speeds))[0] ?? usual;
}

export const median = (values: number[]) => quantile(values, 0.5);

/** Between the two nearest where none lies there; 0 of nothing. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below = 0, above = below] = sorted.slice(Math.floor(at), Math.floor(at) + 2);
  return below + (above - below) * (at - Math.floor(at));
}
