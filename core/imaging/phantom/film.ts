// One film of the demo set from a seed and its number: the same pixels in every process, whatever else is drawn.
// Must not touch files.
import { entryOf } from './roster.ts';
import type { BreakKind, Fracture } from './fracture.ts';
import { depthOf, buffers, blur, enhance, expose, quantumNoise, scatter } from './exposure.ts';
import type { Box } from './layer.ts';
import { drawMarker } from './marker.ts';
import type { Patient } from './patient.ts';
import { patientOf } from './patient.ts';
import type { Film } from './plan.ts';
import { planOf } from './plan.ts';
import type { Trace } from './render.ts';
import { perMm, render } from './render.ts';
import { Slice, sliceMm } from './shape.ts';
import { dice } from './dice.ts';

export interface Phantom {
  width: number;
  height: number;
  /** Row by row, white is bone. */
  pixels: Uint8Array;
  label: 'fracture' | 'whole';
  /** Whole pixels; null where no break shows. */
  box: { x: number; y: number; width: number; height: number } | null;
  patient: string;
  study: string;
  bodyPart: string;
  projection: 'frontal' | 'lateral';
  laterality: 'left' | 'right';
  breakKind: BreakKind | null;
}

/**
 * Film `index` (from 0) of the set of `seed`. Takes some 25 ms.
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
  const fractures: readonly Fracture[] = broken ? patient.fractures : [];
  const trace = render(patient, film, fractures, tau);
  const box = trace && visibleBox(trace, film, tau);
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
    projection: entry.projection,
    laterality: patient.side,
    breakKind: box && first ? first.kind : null,
  };
}

/** The box of the break with a small margin, inside the field; null where too little of it can be seen. */
function visibleBox({ box, change }: Trace, film: Film, tau: Float32Array): Phantom['box'] {
  const margin = 5;
  const { field, width, height } = film;
  const left = Math.max(0, Math.ceil(field.x - field.halfWidth) + 2, Math.floor(box.left) - margin);
  const top = Math.max(0, Math.ceil(field.y - field.halfHeight) + 2, Math.floor(box.top) - margin);
  const right = Math.min(width - 1, Math.floor(field.x + field.halfWidth) - 2, Math.ceil(box.right) + margin);
  const bottom = Math.min(height - 1, Math.floor(field.y + field.halfHeight) - 2, Math.ceil(box.bottom) + margin);
  if (right - left < 6 || bottom - top < 6) return null;
  return seen(change, tau, film, { left, top, right, bottom }) ? { x: left, y: top, width: right - left + 1, height: bottom - top + 1 } : null;
}

/** A break shows where enough pixels differ by more than the noise about them and than bone's own texture. */
function seen(change: Float32Array, tau: Float32Array, film: Film, box: Box): boolean {
  let count = 0;
  for (let y = box.top; y <= box.bottom; y++)
    for (let pixel = y * film.width + box.left; pixel <= y * film.width + box.right; pixel++) {
      const noise = 0.6 * Math.sqrt(Math.exp(tau[pixel] as number) / film.exposure.photons);
      if (Math.abs(change[pixel] as number) > 0.05 + 1.5 * noise) count++;
    }
  return count * film.mmPerPixel ** 2 > 4;
}

function develop(film: Film, patient: Patient, tau: Float32Array, light: Float32Array, spare: Float32Array, seed: number): Uint8Array {
  const { width, height, exposure, field } = film;
  expose(tau, light, width, height, exposure);
  if (field.shutter > 0) collimate(film, (pixel, open) => (light[pixel] = (light[pixel] as number) * (0.002 + 0.998 * open)));
  blur(light, spare, width, height, exposure.blurPixels);
  scatter(light, width, height, exposure.scatter);
  quantumNoise(light, exposure.photons, seed);
  blur(light, spare, width, height, 0.5);
  depthOf(light);
  enhance(light, width, height, exposure.enhance);
  if (exposure.sharpen > 0) {
    tau.set(light);
    blur(tau, spare, width, height, 1.2);
    for (let i = 0; i < light.length; i++) light[i] = (light[i] as number) + exposure.sharpen * ((light[i] as number) - (tau[i] as number));
  }
  const pixels = display(film, light, densest(patient, film));
  if (field.shutter === 0) collimate(film, (pixel, open) => (pixels[pixel] = (pixels[pixel] as number) * open + 3 * (1 - open)));
  return pixels;
}

/** Optical depth of the thickest cortex at the height aimed at, whole: the display is set by it. */
function densest(patient: Patient, film: Film): number {
  const shape = patient.shapes[patient.aim.bone];
  if (!shape) return 3;
  const slice = Math.round((patient.aim.z - shape.start) / sliceMm) * Slice.width;
  const at = (column: number): number => shape.slices[slice + column] ?? 0;
  const along = film.view.uy ** 2 > 0.5 ? [Slice.b, Slice.innerB, Slice.a] : [Slice.a, Slice.innerA, Slice.b];
  const [half = 1, inner = 0, deep = 1] = along.map(at);
  const cortex = 2 * deep * Math.sqrt(Math.max(0, 1 - (inner / half) ** 2));
  return perMm.cortex * cortex + fleshDepth(patient, film);
}

function fleshDepth(patient: Patient, film: Film): number {
  const { scale } = patient.traits;
  const z = patient.aim.z / scale + (patient.limb.bones[patient.aim.bone]?.place?.z ?? 0);
  const slices = patient.limb.flesh[0]?.slices ?? [];
  const next = slices.findIndex((slice) => slice[0] > z);
  const [, , , a = 30, b = 30] = slices[Math.max(0, next)] ?? [];
  return perMm.muscle * 2 * (film.view.uy ** 2 > 0.5 ? a : b) * scale * patient.flesh;
}

/** Optical depth to grey by the reader's curve: dark air, a slow foot, a shoulder before white. */
function display(film: Film, depth: Float32Array, dense: number): Uint8Array {
  const { air, bone, gamma } = film.exposure;
  const steps = 2048;
  const top = dense * 1.45;
  const curve = new Uint8Array(steps + 1);
  for (let i = 0; i <= steps; i++) {
    const value = (i / steps) * 1.65 - 0.2;
    const level = Math.max(0, value) * 1.45;
    const foot = level ** gamma;
    const shoulder = foot < 0.8 ? foot : 0.8 + 0.32 * (1 - Math.exp(-(foot - 0.8) / 0.32));
    curve[i] = Math.min(255, Math.max(2, air + Math.min(0, value) * 60 + (bone - air) * shoulder));
  }
  const pixels = new Uint8Array(depth.length);
  const scale = steps / 1.65;
  for (let i = 0; i < depth.length; i++) {
    const place = ((depth[i] as number) / top + 0.2) * scale;
    pixels[i] = curve[place < 0 ? 0 : place > steps ? steps : place | 0] as number;
  }
  return pixels;
}

/** Calls `use` where the collimator's edge or the outside is; `open` 1 inside, 0 outside. */
function collimate({ width, height, field }: Film, use: (pixel: number, open: number) => void): void {
  const cos = Math.cos(field.angle);
  const sin = Math.sin(field.angle);
  const slack = field.softPixels + Math.abs(sin) * height;
  const left = field.x - field.halfWidth + slack;
  const right = field.x + field.halfWidth - slack;
  for (let y = 0; y < height; y++) {
    const dy = y - field.y;
    const middle = Math.abs(dy) < field.halfHeight - slack;
    for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
      if (middle && x > left && x < right) {
        pixel += Math.ceil(right) - x - 1;
        x = Math.ceil(right) - 1;
        continue;
      }
      const dx = x - field.x;
      const inside = Math.min(
        field.halfWidth - Math.abs(cos * dx + sin * dy),
        field.halfHeight - Math.abs(cos * dy - sin * dx),
      );
      if (inside >= field.softPixels) continue;
      const open = inside <= 0 ? 0 : inside / field.softPixels;
      use(pixel, open * open * (3 - 2 * open));
    }
  }
}
