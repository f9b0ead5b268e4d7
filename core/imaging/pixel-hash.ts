// A hash of what a film shows, whatever file it came in.
// Must not depend on how a file packs, names or windows its pixels.
import { createHash } from 'node:crypto';
import { pixelBytes } from './display.ts';
import type { Film } from './film.ts';

/**
 * SHA-256 over width, height, bits, whether low values are white, and the stored values, little-endian. Slope and intercept only
 * name the values anew, so that of them only a falling slope counts: it turns the film into its negative.
 */
export function pixelSha256(film: Film): string {
  const negative = film.inverted !== film.slope < 0;
  return createHash('sha256')
    .update(`${film.width} ${film.height} ${film.bits} ${negative ? 'negative' : 'positive'}\n`)
    .update(pixelBytes(film))
    .digest('hex');
}
