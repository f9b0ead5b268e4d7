// What lies in or on the limb and looks like a break but is none: canals of vessels, folds of skin, edges of dressings.
// Must not know the label: whole and broken films get the same.
import type { Affine } from './affine.ts';
import { compose } from './affine.ts';
import type { Fracture } from './fracture.ts';
import type { Patient } from './patient.ts';
import type { FilmPlan } from './plan.ts';
import { placing, project, Row } from './project.ts';
import { pieceMap } from './pieces.ts';

/** Canals of vessels: short thin clear lines, slanting through the cortex of the shaft. */
export function drawVessels(patient: Patient, film: FilmPlan, fractures: readonly Fracture[], tau: Float32Array): void {
  const shape = patient.shapes[patient.aim.bone];
  if (!shape) return;
  const broken = fractures.find((fracture) => fracture.bone === patient.aim.bone);
  const profile = project(shape, film.view, film.mmPerPixel / 2);
  const toFilm = compose(film.toFilm, placing(shape.place, film.view));
  for (const { z, side, lengthMm, depth } of film.vessels) {
    const row = Math.round(z * profile.count) * Row.width;
    const height = profile.start + z * (profile.ends[1] - profile.ends[0]);
    const u = (profile.rows[row] ?? 0) + side / (profile.rows[row + Row.perHalf] ?? 1);
    const slant = -Math.sign(side) * 0.2;
    const end = broken && (height + 0.5 * lengthMm < broken.z ? 'upper' : 'lower');
    const piece = end && broken.pieces.find((found) => found[end] === null);
    const lying = piece ? compose(toFilm, pieceMap(shape, piece, film.view)) : toFilm;
    drawLine(film, lying, { u, z: height, du: slant * lengthMm, dz: lengthMm, wide: 0.35, depth: -depth }, tau);
  }
}

/** Adds optical depth along a line that fades at both ends. */
function drawLine(
  film: FilmPlan,
  toFilm: Affine,
  line: { u: number; z: number; du: number; dz: number; wide: number; depth: number },
  tau: Float32Array,
): void {
  const steps = Math.ceil(line.dz / (0.4 * film.mmPerPixel));
  const radius = Math.max(0.7, line.wide / film.mmPerPixel);
  const reach = Math.ceil(2.2 * radius);
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const u = line.u + t * line.du;
    const z = line.z + t * line.dz;
    const px = toFilm.a + toFilm.b * u + toFilm.c * z;
    const py = toFilm.d + toFilm.e * u + toFilm.f * z;
    const strength = line.depth * Math.min(1, 4 * t, 4 * (1 - t)) * 0.22;
    for (let y = Math.round(py) - reach; y <= Math.round(py) + reach; y++)
      for (let x = Math.round(px) - reach; x <= Math.round(px) + reach; x++) {
        if (x < 0 || y < 0 || x >= film.width || y >= film.height) continue;
        const away = ((x - px) ** 2 + (y - py) ** 2) / (radius * radius);
        tau[y * film.width + x] = (tau[y * film.width + x] ?? 0) + strength * Math.exp(-away);
      }
  }
}

/** Folds of skin and edges of a dressing: an edge across the limb that fades to one side. */
export function drawFolds(film: FilmPlan, tau: Float32Array): void {
  const { toFilm, width, height } = film;
  for (const fold of film.folds) {
    const above = 3;
    const edge = Float32Array.from({ length: above + Math.ceil((3 * fold.softMm) / film.mmPerPixel) }, (_, i) => {
      const mm = (i - above) * film.mmPerPixel;
      return fold.depth * (mm < 0 ? Math.exp(mm / 0.4) : Math.exp(-mm / fold.softMm));
    });
    for (let x = 0; x < width; x++) {
      const u = (x - width / 2) * film.mmPerPixel;
      const z = fold.z + fold.slope * u + fold.curve * u * u;
      const top = Math.round(toFilm.d + toFilm.f * z) - above;
      for (let y = Math.max(0, top); y < Math.min(height, top + edge.length); y++) {
        const pixel = y * width + x;
        const here = tau[pixel] as number;
        tau[pixel] = here + (edge[y - top] as number) * Math.min(1, here / 0.5);
      }
    }
  }
}
