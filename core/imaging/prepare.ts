// The one way from a film to a network's input, the same for training, classifying, capture and export.
// Must not know of labels or networks. Whoever changes what it gives raises PREPARE_VERSION.
import type { Film } from './film.ts';
import { averageAreas, fitInside } from './resample.ts';
import { CLIPPED_SHARE, brightness, histogram, percentileBins, storedRange } from './window.ts';

/** Steps brightness is counted in for the percentiles: fine enough for 12 bits. */
const LEVELS = 4096;

/**
 * A film as `size * size` bytes, row by row: modality values, the file's window, VOI table or the automatic window, MONOCHROME1
 * turned round, the darkest and brightest half per cent cut off and the rest spread over 0 to 255, area-averaged with its
 * aspect kept, centred on black.
 *
 * Collimated borders are not cut away: where plain border ends and a dim film begins can be told on most films but not on all,
 * and one film cut differently from its neighbour changes scale, which harms more than a border that is always there.
 */
export function prepare(film: Film, size: number): Uint8Array {
  const counts = histogram(film);
  const table = stretched(brightness(film, counts), counts);
  const inner = placeInSquare(film, size);
  const { left, top } = inner;
  const means = averageAreas(film, table, storedRange(film).first, inner);
  const output = new Uint8Array(size * size);
  for (let y = 0; y < inner.height; y++) {
    for (let x = 0; x < inner.width; x++) {
      output[(top + y) * size + left + x] = Math.round(means[y * inner.width + x] as number);
    }
  }
  return output;
}

/** Where a film lies in its square, in pixels of the square: what is marked on it moves the same way. */
export function placeInSquare(film: Sides, size: number): Sides & { left: number; top: number } {
  const inner = scaledTo(film, size);
  return { ...inner, left: (size - inner.width) >> 1, top: (size - inner.height) >> 1 };
}

interface Sides {
  width: number;
  height: number;
}

/** The longer side fills the square, for small films too: a network must see one scale. */
function scaledTo({ width, height }: Sides, size: number): Sides {
  const longer = Math.max(width, height);
  if (longer >= size) return fitInside(width, height, size);
  const scale = size / longer;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Brightness of each stored value spread over 0 to 255 between the percentiles of the film. */
function stretched(table: Float32Array, counts: Uint32Array): Float32Array {
  const levels = new Uint32Array(LEVELS);
  for (let index = 0; index < table.length; index++) {
    const level = levelOf(table[index] as number);
    levels[level] = (levels[level] as number) + (counts[index] as number);
  }
  const [lowLevel, highLevel] = percentileBins(levels, CLIPPED_SHARE);
  // the ends are brightnesses that stand in the film, not the middles of levels
  let low = 1;
  let high = 0;
  for (let index = 0; index < table.length; index++) {
    if (counts[index] === 0) continue;
    const bright = table[index] as number;
    if (levelOf(bright) === lowLevel) low = Math.min(low, bright);
    if (levelOf(bright) === highLevel) high = Math.max(high, bright);
  }
  // a film of one brightness stays what it is: there is nothing to spread
  if (high <= low) return table.map((bright) => 255 * bright);
  return table.map((bright) => 255 * Math.min(1, Math.max(0, (bright - low) / (high - low))));
}

function levelOf(bright: number): number {
  return Math.round(bright * (LEVELS - 1));
}
