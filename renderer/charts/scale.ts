// Where axes begin and end and which numbers stand on them.
// Must not know what is measured beyond its range.
import { count, percent } from '#renderer/words/figures.ts';
import type { Axis, Tick } from './figure.ts';

/** Steps a person counts in, times a power of ten. */
const PLEASANT = [1, 2, 2.5, 5, 10];

/** Least pleasant step that cuts `range` into at most `most` pieces. */
export function pleasantStep(range: number, most: number): number {
  const rough = range / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = PLEASANT.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Multiples of `step` from `min` to `max`, free of the drift of repeated addition. */
export function multiples(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Axis of shares: always up to 100 %, down to the ten below the least value and at least to `lowest`, so that a live
 * curve does not make its axis jump.
 */
export function shareAxis(values: readonly number[], lowest = 0.4): Axis {
  const least = Math.min(lowest, ...values.filter(Number.isFinite));
  const min = Math.max(0, Math.floor(least * 10 + 1e-9) / 10);
  const step = 1 - min > 0.65 ? 0.2 : 0.1;
  const ticks = multiples(min, 1, step).map((at): Tick => ({ at, text: percent(at, 0) }));
  return { min, max: 1, ticks, grid: true };
}

/** Axis of a loss: from 0 to the first pleasant number above all values. */
export function lossAxis(values: readonly number[]): Axis {
  const most = Math.max(0.7, ...values.filter(Number.isFinite));
  const step = pleasantStep(most, 5);
  const max = Number((Math.ceil(most / step - 1e-9) * step).toPrecision(12));
  const ofStep = -Math.floor(Math.log10(step) + 1e-9) + (step.toExponential(1).startsWith('2.5') ? 1 : 0);
  const decimals = Math.max(step >= 1 ? 0 : 1, ofStep);
  const ticks = multiples(0, max, step).map((at): Tick => ({ at, text: at.toFixed(decimals) }));
  return { min: 0, max, ticks, grid: true };
}

/** Axis of epochs: the first, pleasant multiples, and the last where it does not crowd the one before. */
export function epochAxis(epochs: number): Axis {
  const last = Math.max(2, Math.ceil(epochs));
  const step = Math.max(1, Math.round(pleasantStep(last, 6)));
  const inner = multiples(1, last, step).filter((at) => at > 1 && (at >= 1 + step / 2 || step === 1));
  const end = inner.at(-1) ?? 1;
  if (last - end >= step / 2) inner.push(last);
  return { min: 1, max: last, ticks: [1, ...inner].map((at) => ({ at, text: count(at) })), grid: false };
}
