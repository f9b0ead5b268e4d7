// Windows that are no straight line: the sigmoid function and the tables of files, as the brightness of each stored value.
// Arithmetic only. Must not know where a film is drawn.
import type { PixelDescription } from '#api/images.ts';
import type { StoredValues } from './films.ts';

/** Brightness, 0 to 255, of the stored values from `first` to the greatest that is present. */
export interface Tones {
  /** Other tones of the same film have another one. */
  key: string;
  first: number;
  values: Uint8Array;
}

type Range = Pick<PixelDescription, 'slope' | 'intercept' | 'min' | 'max'>;

/** SIGMOID (DICOM PS3.3 C.11.2.1.3.1), from 0 to 255. */
export function sigmoidTones(center: number, width: number, film: Range): Tones {
  return tonesOf(`sigmoid,${center},${width}`, film, (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width)));
}

/** A VOI table (PS3.3 C.11.2.1.1): values before its first and behind its last take its ends. */
export function tableTones(
  { first, bits }: Pick<NonNullable<PixelDescription['table']>, 'first' | 'bits'>,
  entries: Uint16Array,
  film: Range,
): Tones {
  const white = 2 ** bits - 1;
  const last = entries.length - 1;
  const at = (value: number) => Math.min(last, Math.max(0, Math.round(value) - first));
  return tonesOf('table', film, (value) => (entries[at(value)] ?? 0) / white);
}

/** Stored values as their tones. */
export function toned(values: StoredValues, tones: Tones): Uint8Array {
  const bright = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) bright[at] = tones.values[(values[at] as number) - tones.first] as number;
  return bright;
}

function tonesOf(key: string, { slope, intercept, min, max }: Range, bright: (value: number) => number): Tones {
  const values = new Uint8Array(max - min + 1);
  for (let at = 0; at < values.length; at++) values[at] = Math.round(255 * bright(slope * (min + at) + intercept));
  return { key, first: min, values };
}
