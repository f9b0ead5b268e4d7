// Whether a break can be seen on a film, and where: the honest label and the box that goes with it.
// Must not know what kind of break it is.
import { densest } from './develop.ts';
import type { Box } from './layer.ts';
import type { Patient } from './patient.ts';
import type { FilmPlan } from './plan.ts';
import type { Trace } from './render.ts';
import { widthAt } from './shape.ts';

/** Whole pixels. */
export interface VisibleBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The box of the break with a small margin, inside the field; null where too little of it can be seen. */
export function visibleBox(
  { box, change }: Trace,
  film: FilmPlan,
  patient: Patient,
  tau: Float32Array,
): VisibleBox | null {
  const margin = 5;
  const { field, width, height } = film;
  const left = Math.max(0, Math.ceil(field.x - field.halfWidth) + 2, Math.floor(box.left) - margin);
  const top = Math.max(0, Math.ceil(field.y - field.halfHeight) + 2, Math.floor(box.top) - margin);
  const right = Math.min(width - 1, Math.floor(field.x + field.halfWidth) - 2, Math.ceil(box.right) + margin);
  const bottom = Math.min(height - 1, Math.floor(field.y + field.halfHeight) - 2, Math.ceil(box.bottom) + margin);
  if (right - left < 6 || bottom - top < 6) return null;
  return seen(change, tau, film, patient, { left, top, right, bottom })
    ? { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
    : null;
}

/**
 * A break shows where it changes as many pixels as most of the bone's width, each by more than the noise about it and
 * the bone's own texture, and where the display is not white anyway.
 */
function seen(change: Float32Array, tau: Float32Array, film: FilmPlan, patient: Patient, box: Box): boolean {
  const shape = patient.shapes[patient.aim.bone];
  if (!shape) return false;
  const white = 1.7 * densest(patient, film);
  let count = 0;
  for (let y = box.top; y <= box.bottom; y++)
    for (let pixel = y * film.width + box.left; pixel <= y * film.width + box.right; pixel++) {
      const depth = tau[pixel] as number;
      const noise = 0.6 * Math.sqrt(Math.exp(depth) / film.exposure.photons);
      if (depth < white && Math.abs(change[pixel] as number) > 0.05 + 1.5 * noise) count++;
    }
  return count * film.mmPerPixel > 0.8 * widthAt(shape, patient.aim.z);
}
