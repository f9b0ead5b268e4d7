// A film from its optical depth: exposed, noisy, processed, windowed and collimated, each by its plan.
// Must not know whether a bone is broken: the display is set by the whole bone.
import { depthOf, enhance, expose, quantumNoise, scatter } from './exposure.ts';
import { filter, gaussian } from './filter.ts';
import type { Taps } from './filter.ts';
import type { Patient } from './patient.ts';
import type { FilmPlan } from './plan.ts';
import { perMm } from './absorb.ts';
import { Slice, sliceAt } from './shape.ts';

/** Grey pixels of a film from its optical depth; `tau` is used up. */
export function develop(
  film: FilmPlan,
  patient: Patient,
  tau: Float32Array,
  light: Float32Array,
  spare: Float32Array,
  seed: number,
): Uint8Array {
  const { width, height, exposure, field } = film;
  expose(tau, light, width, height, exposure);
  if (field.shutter > 0) collimate(film, light, 0.002);
  filter(light, spare, width, height, gaussian(exposure.blurPixels));
  scatter(light, width, height, exposure.scatter);
  quantumNoise(light, exposure.photons, seed);
  depthOf(light);
  enhance(light, width, height, exposure.enhance);
  filter(light, spare, width, height, readingOut(exposure.sharpen));
  const pixels = display(film, light, densest(patient, film));
  if (field.shutter === 0) collimate(film, pixels, 3);
  return pixels;
}

/** What the plate's own spot blurs and the processing sharpens again, in one: grain comes out in soft clumps. */
function readingOut(sharpen: number): Taps {
  const [spot, wide] = [gaussian(0.5), gaussian(1.3)];
  const tap = (place: 0 | 1 | 2): number => (1 + sharpen) * spot[place] - sharpen * wide[place];
  return [tap(0), tap(1), tap(2)];
}

/** Optical depth to grey by the reader's curve: dark air, a slow foot, a shoulder before white. */
function display(film: FilmPlan, depth: Float32Array, dense: number): Uint8Array {
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
  for (let from = 0; from < depth.length; from += film.width) {
    lookUp(depth, pixels, from, from + film.width, curve, steps / (1.65 * top));
  }
  return pixels;
}

function lookUp(
  depth: Float32Array,
  pixels: Uint8Array,
  from: number,
  to: number,
  curve: Uint8Array,
  scale: number,
): void {
  const last = curve.length - 1;
  const zero = (0.2 / 1.65) * last;
  for (let i = from; i < to; i++) {
    const place = (depth[i] as number) * scale + zero;
    pixels[i] = curve[place < 0 ? 0 : place > last ? last : place | 0] as number;
  }
}

/** Blends `outside` in where the collimator's edge or the outside is. */
function collimate({ width, height, field }: FilmPlan, plane: Float32Array | Uint8Array, outside: number): void {
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
      const part = inside <= 0 ? 0 : inside / field.softPixels;
      const open = part * part * (3 - 2 * part);
      plane[pixel] = (plane[pixel] as number) * open + outside * (1 - open);
    }
  }
}

/** Optical depth of the thickest cortex at the height aimed at, whole: the display is set by it. */
export function densest(patient: Patient, film: FilmPlan): number {
  const shape = patient.shapes[patient.aim.bone];
  if (!shape) return 3;
  const slice = sliceAt(shape, patient.aim.z);
  const at = (column: number): number => shape.slices[slice + column] ?? 0;
  const along = film.view.uy ** 2 > 0.5 ? [Slice.b, Slice.innerB, Slice.a] : [Slice.a, Slice.innerA, Slice.b];
  const [half = 1, inner = 0, deep = 1] = along.map(at);
  const cortex = 2 * deep * Math.sqrt(Math.max(0, 1 - (inner / half) ** 2));
  return perMm.cortex * cortex + fleshDepth(patient, film);
}

function fleshDepth(patient: Patient, film: FilmPlan): number {
  const { scale } = patient.traits;
  const z = patient.aim.z / scale + (patient.limb.bones[patient.aim.bone]?.place?.z ?? 0);
  const slices = patient.limb.flesh[0]?.slices ?? [];
  const next = slices.findIndex((slice) => slice[0] > z);
  const [, , , a = 30, b = 30] = slices[Math.max(0, next)] ?? [];
  return perMm.muscle * 2 * (film.view.uy ** 2 > 0.5 ? a : b) * scale * patient.flesh;
}
