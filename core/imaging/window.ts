// From stored values to brightness: windows, VOI tables and the window a film gets when it brings none.
// Must not touch files or libraries: arithmetic on a film.
import type { Film, ViewWindow, VoiLut } from './film.ts';

/** Share of pixels cut off at either end of the automatic window. */
export const CLIPPED_SHARE = 0.005;

/** How many stored values a film has room for, and which of them stands first: `table[stored - first]`. */
export function storedRange(film: Film): { first: number; count: number } {
  if (film.pixels instanceof Uint8Array) return { first: 0, count: 256 };
  return film.pixels instanceof Int16Array ? { first: -32768, count: 65536 } : { first: 0, count: 65536 };
}

/** How often each stored value stands in the film, `counts[stored - first]`; padding is left out. */
export function histogram(film: Film): Uint32Array {
  const { first, count } = storedRange(film);
  const counts = new Uint32Array(count);
  const { pixels } = film;
  for (let at = 0; at < pixels.length; at++) {
    const bin = (pixels[at] as number) - first;
    counts[bin] = (counts[bin] as number) + 1;
  }
  if (!film.padding) return counts;
  const [least, greatest] = film.padding;
  const without = counts.slice().fill(0, Math.max(0, least - first), Math.max(0, greatest - first + 1));
  return without.some((n) => n > 0) ? without : counts;
}

/** Index of the first and last bin once `share` of all counts is passed over at either end. */
export function percentileBins(counts: Uint32Array, share: number): [low: number, high: number] {
  let total = 0;
  for (const count of counts) total += count;
  const skip = total * share;
  let low = 0;
  for (let passed = counts[0] ?? 0; passed <= skip && low < counts.length - 1; passed += counts[low] ?? 0) low++;
  let high = counts.length - 1;
  for (let passed = counts[high] ?? 0; passed <= skip && high > low; passed += counts[high] ?? 0) high--;
  return [low, high];
}

/** The window that spans the film without its darkest and brightest half per cent, in modality values. */
export function autoWindow(film: Film, counts = histogram(film)): { center: number; width: number } {
  const { first } = storedRange(film);
  const [low, high] = percentileBins(counts, CLIPPED_SHARE);
  const ends = [modality(film, low + first), modality(film, high + first)];
  const least = Math.min(...ends);
  const greatest = Math.max(...ends);
  // so that the linear function of C.11.2.1.2.1 gives 0 at the least and 1 at the greatest
  return { center: (least + greatest + 1) / 2, width: greatest - least + 1 };
}

/** DICOM PS3.3 C.11.1.1.2: output = slope * stored + intercept. */
export function modality(film: Film, stored: number): number {
  return film.slope * stored + film.intercept;
}

/** LINEAR, PS3.3 C.11.2.1.2.1, with 0 and 1 for ymin and ymax. Width is 1 or more. */
export function linear(value: number, { center, width }: Omit<ViewWindow, 'name'>): number {
  if (value <= center - 0.5 - (width - 1) / 2) return 0;
  if (value > center - 0.5 + (width - 1) / 2) return 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}

/** LINEAR_EXACT, PS3.3 C.11.2.1.3.2. Width is more than 0. */
export function linearExact(value: number, { center, width }: Omit<ViewWindow, 'name'>): number {
  if (value <= center - width / 2) return 0;
  if (value > center + width / 2) return 1;
  return (value - center) / width + 0.5;
}

/** SIGMOID, PS3.3 C.11.2.1.3.1. */
export function sigmoid(value: number, { center, width }: Omit<ViewWindow, 'name'>): number {
  return 1 / (1 + Math.exp((-4 * (value - center)) / width));
}

/** A VOI table, PS3.3 C.11.2.1.1: values before the first and behind the last take the table's ends. */
export function throughTable(value: number, { first, bits, values }: VoiLut): number {
  const index = Math.min(values.length - 1, Math.max(0, Math.round(value) - first));
  return (values[index] ?? 0) / (2 ** bits - 1);
}

/**
 * Brightness, 0 to 1, for every stored value the film has room for, `table[stored - first]`: the file's first window, else
 * its VOI table, else the automatic window (8-bit films are taken as they are), and MONOCHROME1 turned round, so that
 * bone is white.
 */
export function brightness(film: Film, counts?: Uint32Array): Float32Array {
  const { first, count } = storedRange(film);
  const show = shower(film, counts);
  const table = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const bright = show(modality(film, index + first));
    table[index] = film.inverted ? 1 - bright : bright;
  }
  return table;
}

function shower(film: Film, counts: Uint32Array | undefined): (value: number) => number {
  const [window] = film.windows;
  const { voiLut } = film;
  if (window) {
    if (film.windowFunction === 'sigmoid') return (value) => sigmoid(value, window);
    if (film.windowFunction === 'exact') return (value) => linearExact(value, window);
    return (value) => linear(value, window);
  }
  if (voiLut) return (value) => throughTable(value, voiLut);
  if (film.bits === 8 && film.pixels instanceof Uint8Array) return (value) => Math.min(1, Math.max(0, value / 255));
  const auto = autoWindow(film, counts);
  return (value) => linear(value, auto);
}
