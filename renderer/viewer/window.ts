// Grey windows: from a centre and a width to the stored values that become black and white; presets; dragging.
// Arithmetic only. Centre and width are modality values (DICOM PS3.3 C.11.2), ramps are stored values.
import type { PixelDescription } from '#api/images.ts';

export interface GreyWindow {
  center: number;
  width: number;
}

/** Stored value that becomes black and stored value that becomes white, and whether the two change places. */
export interface Ramp {
  lower: number;
  upper: number;
  inverted: boolean;
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

/** Where a window begins and ends, in modality values: LINEAR, PS3.3 C.11.2.1.2.1. */
function endsOf({ center, width }: GreyWindow): [least: number, greatest: number] {
  return [center - width / 2, center + width / 2 - 1];
}

function windowOf(least: number, greatest: number): GreyWindow {
  return { center: (least + greatest + 1) / 2, width: greatest - least + 1 };
}

type Scale = Pick<PixelDescription, 'slope' | 'intercept' | 'inverted'>;
type Range = Pick<PixelDescription, 'slope' | 'intercept' | 'min' | 'max'>;

/** One stored value, in modality values: nothing narrower shows more. */
function oneStep({ slope }: Pick<PixelDescription, 'slope'>): number {
  return Math.abs(slope) || 1;
}

/**
 * Stored values a window runs between. A window of one value keeps a width of a thousandth, so that no division by
 * zero follows. `invert`: what the user asked for, on top of what the film itself asks for (MONOCHROME1).
 */
export function rampOf(window: GreyWindow, film: Scale, invert: boolean): Ramp {
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

/** Brightness of a stored value, 0 to 1: what both ways of rendering draw. */
export function brightness(stored: number, { lower, upper, inverted }: Ramp): number {
  const bright = Math.min(1, Math.max(0, (stored - lower) / (upper - lower)));
  return inverted ? 1 - bright : bright;
}

/** Whether greater modality values show darker. */
export function darkens(film: Pick<PixelDescription, 'inverted'>, invert: boolean): boolean {
  return film.inverted !== invert;
}

/** The window a film opens with: the first of the file, else 8-bit pictures as they are, else the automatic one. */
export function openingWindow(film: PixelDescription): GreyWindow {
  return fromFile(film) ?? film.autoWindow;
}

function fromFile(film: PixelDescription): GreyWindow | null {
  const [window] = film.windows;
  if (window) return { center: window.center, width: window.width };
  return film.type === 'uint8' && film.bits === 8 ? { center: 128, width: 256 } : null;
}

/**
 * Window of a preset; null where the film has none (a file without windows). Asking for "file" again takes the next
 * window of the file.
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
  const at = film.windows.findIndex((window) => sameWindow(window, now));
  const next = film.windows[(at + 1) % film.windows.length];
  return next ? { center: next.center, width: next.width } : fromFile(film);
}

/** Least to greatest value present. */
function fullWindow(film: Range): GreyWindow {
  const [a, b] = [film.slope * film.min + film.intercept, film.slope * film.max + film.intercept];
  return windowOf(Math.min(a, b), Math.max(a, b));
}

export function sameWindow(a: GreyWindow, b: GreyWindow): boolean {
  return Math.abs(a.center - b.center) < 1e-6 && Math.abs(a.width - b.width) < 1e-6;
}

/**
 * The window after dragging from `start` by so many CSS pixels, down being positive as on the screen. Right widens;
 * up brightens, whether or not the film is shown inverted. Steps are shares of the width at the start, so that
 * a window over the lowest 4 of 16 bits is as easy to set as one over them all.
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
  const span = Math.max(step, start.width - 1);
  const newSpan = Math.min(range * WIDEST, Math.max(step, span * Math.exp(by.x / DRAG_E_PX)));
  const shift = (by.y / DRAG_LEVEL_PX) * Math.max(span, step) * (shownDarkening ? -1 : 1);
  const [least, greatest] = endsOf(full);
  const center = Math.min(greatest + newSpan / 2, Math.max(least - newSpan / 2, start.center + shift));
  return { center, width: newSpan + 1 };
}
