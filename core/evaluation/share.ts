// How many of how many were right, with the interval the true share lies in.
// Pure statistics.
import type { Share } from '#api/runs.ts';

/** 97.5 % point of the normal distribution. */
export const z95 = 1.959963984540054;

/**
 * Wilson's score interval at 95 % (Wilson 1927, without continuity correction): keeps inside 0 to 1 and holds its
 * promise for few films. Counts as if films were independent; several films of one patient make the true interval
 * somewhat wider. [0, 1] when there is nothing to count.
 */
export function wilson(right: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const share = right / of;
  const z2 = z95 * z95;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const reach = (z95 / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  // At the ends the formula is exact, its arithmetic not quite.
  return [right === 0 ? 0 : middle - reach, right === of ? 1 : middle + reach];
}

/** The share of right ones with its interval; 0 of 0 has the value 0 and the interval [0, 1]. */
export function shareOf(right: number, of: number): Share {
  return { right, of, value: of === 0 ? 0 : right / of, interval95: wilson(right, of) };
}
