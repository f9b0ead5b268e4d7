// Grey windows: from a centre and a width to the stored values that become black and white; presets; dragging.
// Arithmetic only. Centre and width are modality values (DICOM PS3.3 C.11.2), ramps are stored values.
import type { PixelDescription } from '#api/images.ts';
import { sigmoidTones, tableTones } from './tones.ts';
import type { Tones } from './tones.ts';

export interface GreyWindow {
  center: number;
  width: number;
  /**
   * How a window of the file is drawn where that is not the linear function: LINEAR_EXACT, SIGMOID, or the file's table,
   * whose centre and width only say which values it has entries for.
   */
  curve?: 'exact' | 'sigmoid' | 'table';
}

/**
 * Stored value that becomes black and stored value that becomes white, and whether the two change places. With tones, the
 * values are brightnesses that they give to the stored ones.
 */
export interface Ramp {
  lower: number;
  upper: number;
  inverted: boolean;
  tones?: Tones;
}

export const presets = ['file', 'bone', 'soft', 'full', 'auto'] as const;
export type Preset = (typeof presets)[number];

/** Share of the automatic window, from its bright end, that the bone preset spreads over all greys. */
const BONE_SHARE = 0.6;
/** The same from its dark end, for soft tissue. Films carry no absolute scale, so both are shares of what is there. */
const SOFT_SHARE = 0.65;

/** Pixels of the screen to drag for a window e times as wide. */
const DRAG_E_PX = 220;
/** Pixels of the screen to drag for the level to move by the whole width. */
const DRAG_LEVEL_PX = 320;
/** Widest window, in multiples of the film's own range. */
const WIDEST = 4;

/** Where a window begins and ends, in modality values: LINEAR_EXACT, PS3.3 C.11.2.1.3.2, else LINEAR, C.11.2.1.2.1. */
function endsOf({ center, width, curve }: GreyWindow): [least: number, greatest: number] {
  return [center - width / 2, center + width / 2 - (curve === 'exact' ? 0 : 1)];
}

function windowOf(least: number, greatest: number): GreyWindow {
  return { center: (least + greatest + 1) / 2, width: greatest - least + 1 };
}

type Scale = Pick<PixelDescription, 'slope' | 'intercept' | 'inverted' | 'min' | 'max' | 'table'>;
type Range = Pick<PixelDescription, 'slope' | 'intercept' | 'min' | 'max'>;

/** One stored value, in modality values: nothing narrower shows more. */
function oneStep({ slope }: Pick<PixelDescription, 'slope'>): number {
  return Math.abs(slope) || 1;
}

/**
 * Stored values a window runs between. A window of one value keeps a width of a thousandth, so that no division by
 * zero follows. `invert`: what the user asked for, on top of what the film itself asks for (MONOCHROME1). `entries`: those
 * of the film's table.
 */
export function rampOf(window: GreyWindow, film: Scale, invert: boolean, entries: Uint16Array | null = null): Ramp {
  const tones = curveOf(window, film, entries);
  if (tones) return { lower: 0, upper: 255, inverted: darkens(film, invert), tones };
  const [least, greatest] = endsOf(window);
  const slope = film.slope || 1;
  const first = (least - film.intercept) / slope;
  const last = (greatest - film.intercept) / slope;
  const lower = Math.min(first, last);
  return {
    lower,
    upper: Math.max(lower + 0.001, first, last),
    inverted: darkens(film, invert) !== slope < 0,
  };
}

function curveOf({ center, width, curve }: GreyWindow, film: Scale, entries: Uint16Array | null): Tones | null {
  if (curve === 'sigmoid') return sigmoidTones(center, width, film);
  return curve === 'table' && film.table && entries ? tableTones(film.table, entries, film) : null;
}

/** Brightness of a stored value, 0 to 1: what both ways of rendering draw. */
export function brightness(stored: number, { lower, upper, inverted, tones }: Ramp): number {
  const value = tones ? (tones.values[stored - tones.first] ?? 0) : stored;
  const bright = Math.min(1, Math.max(0, (value - lower) / (upper - lower)));
  return inverted ? 1 - bright : bright;
}

/** Whether greater modality values show darker. */
export function darkens(film: Pick<PixelDescription, 'inverted'>, invert: boolean): boolean {
  return film.inverted !== invert;
}

/** The window a film opens with: the first of the file, else 8-bit pictures as they are, else the automatic one. */
export function openingWindow(film: PixelDescription): GreyWindow {
  return windowsOf(film)[0] ?? film.autoWindow;
}

/** What the file asks for, drawn as it asks: its windows, then its table; 8-bit pictures without either as they are. */
function windowsOf({ windows, windowFunction, table, type, bits }: PixelDescription): GreyWindow[] {
  const curve = windowFunction === 'linear' ? {} : { curve: windowFunction };
  const given: GreyWindow[] = windows.map(({ center, width }) => ({ center, width, ...curve }));
  if (table) given.push({ ...windowOf(table.first, table.first + table.entries - 1), curve: 'table' });
  if (given.length === 0 && type === 'uint8' && bits === 8) given.push({ center: 128, width: 256 });
  return given;
}

/**
 * Window of a preset; null where the film has none (a file without windows). Asking for "file" again takes what the file
 * gives next.
 */
export function presetWindow(preset: Preset, film: PixelDescription, now: GreyWindow): GreyWindow | null {
  if (preset === 'file') return nextOfFile(film, now);
  if (preset === 'auto') return film.autoWindow;
  if (preset === 'full') return fullWindow(film);
  const [least, greatest] = endsOf(film.autoWindow);
  const share = (preset === 'bone' ? BONE_SHARE : SOFT_SHARE) * (greatest - least);
  // Bone is at the bright end: at the high values, but at the low ones in MONOCHROME1.
  const highEnd = (preset === 'bone') !== film.inverted;
  return highEnd ? windowOf(greatest - share, greatest) : windowOf(least, least + share);
}

function nextOfFile(film: PixelDescription, now: GreyWindow): GreyWindow | null {
  const given = windowsOf(film);
  const at = given.findIndex((window) => sameWindow(window, now));
  return given[(at + 1) % given.length] ?? null;
}

/** Least to greatest value present. */
function fullWindow(film: Range): GreyWindow {
  const [a, b] = [film.slope * film.min + film.intercept, film.slope * film.max + film.intercept];
  return windowOf(Math.min(a, b), Math.max(a, b));
}

/** The file's name for a window of its own; null where it is none of them. */
export function nameOf(window: GreyWindow, film: PixelDescription): string | null {
  const at = windowsOf(film).findIndex((given) => sameWindow(given, window));
  return film.windows[at]?.name ?? null;
}

function sameWindow(a: GreyWindow, b: GreyWindow): boolean {
  return Math.abs(a.center - b.center) < 1e-6 && Math.abs(a.width - b.width) < 1e-6 && a.curve === b.curve;
}

/**
 * The window after dragging from `start` by so many CSS pixels, down being positive as on the screen. Right widens;
 * up brightens, whether or not the film is shown inverted. Steps are shares of the width at the start, so that
 * a window over the lowest 4 of 16 bits is as easy to set as one over them all. A window keeps its function; a table has
 * none to keep, and goes on as the linear window over its values.
 */
export function dragWindow(
  start: GreyWindow,
  by: { x: number; y: number },
  film: Range,
  shownDarkening: boolean,
): GreyWindow {
  const full = fullWindow(film);
  const step = oneStep(film);
  const range = Math.max(step, full.width - 1);
  // From black to white LINEAR takes one value less than its width.
  const less = start.curve === 'exact' || start.curve === 'sigmoid' ? 0 : 1;
  const span = Math.max(step, start.width - less);
  const newSpan = Math.min(range * WIDEST, Math.max(step, span * Math.exp(by.x / DRAG_E_PX)));
  const shift = (by.y / DRAG_LEVEL_PX) * Math.max(span, step) * (shownDarkening ? -1 : 1);
  const [least, greatest] = endsOf(full);
  const center = Math.min(greatest + newSpan / 2, Math.max(least - newSpan / 2, start.center + shift));
  const curve = less === 0 && start.curve ? { curve: start.curve } : {};
  return { center, width: newSpan + less, ...curve };
}
