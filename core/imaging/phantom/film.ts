// One film of the demo set from a seed and its number: the same pixels in every process, whatever else is drawn.
// Must not touch files.
import { develop } from './develop.ts';
import { dice } from './dice.ts';
import { buffers } from './exposure.ts';
import type { BreakKind } from './fracture.ts';
import { drawMarker } from './marker.ts';
import { patientOf } from './patient.ts';
import { planOf, projectionOf } from './plan.ts';
import { render } from './render.ts';
import { entryOf } from './roster.ts';
import type { VisibleBox } from './visible.ts';
import { visibleBox } from './visible.ts';

export interface Phantom {
  width: number;
  height: number;
  /** Row by row, white is bone. */
  pixels: Uint8Array;
  label: 'fracture' | 'whole';
  /** Whole pixels; null where no break shows. */
  box: VisibleBox | null;
  patient: string;
  study: string;
  bodyPart: string;
  projection: 'frontal' | 'lateral' | 'oblique';
  laterality: 'left' | 'right';
  breakKind: BreakKind | null;
}

/**
 * Film `index` (from 0) of the set of `seed`. Takes some 10 ms.
 * A film counts as broken where the break shows on it: a hairline seen flat-on leaves its film "whole".
 */
export function drawPhantom(seed: number, index: number): Phantom {
  return drawFilm(seed, index, true);
}

/** The same film; without its break where `broken` is false. */
export function drawFilm(seed: number, index: number, broken: boolean): Phantom {
  const entry = entryOf(seed, index);
  const patient = patientOf(seed, entry);
  const film = planOf(seed, index, entry, patient);
  const { tau, light, spare } = buffers(film.width * film.height);
  const fractures = broken ? patient.fractures : [];
  const trace = render(patient, film, fractures, tau);
  const box = trace && visibleBox(trace, film, patient, tau);
  const [first] = fractures;
  drawMarker(film, patient.side, tau);
  const pixels = develop(film, patient, tau, light, spare, dice(seed, 'noise', index).below(0x7fffffff));
  const name = `D-${String(entry.patient + 1).padStart(4, '0')}`;
  return {
    width: film.width,
    height: film.height,
    pixels,
    label: box ? 'fracture' : 'whole',
    box,
    patient: name,
    study: `${name}-${entry.study + 1}`,
    bodyPart: patient.bodyPart,
    projection: projectionOf(entry, patient),
    laterality: patient.side,
    breakKind: box && first ? first.kind : null,
  };
}
