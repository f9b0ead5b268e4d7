// The smallest and the largest film Osteon takes, checked by what a file claims before anything is allocated.
// Must not open files.
import { Problem } from '#core/problem.ts';

/** Largest film, in pixels: a detector plate is about 15 megapixels, a claim beyond 100 is a mistake or an attack. */
export const MAX_PIXELS = 100_000_000;

/** Shorter side of the smallest film, in pixels. */
const MIN_SIDE = 16;

/** Refuses what is too large or too small for a film, by its claims alone. */
export function checkSize(file: string, width: number, height: number): void {
  if (width * height > MAX_PIXELS) {
    throw new Problem('FILM_TOO_LARGE', { file, megapixels: Math.round((width * height) / 1e6) });
  }
  if (Math.min(width, height) < MIN_SIDE) throw new Problem('FILM_TOO_SMALL', { file, width, height });
}
