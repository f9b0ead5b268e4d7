// The optical depth of a patient in the beam of one film: flesh, plaster, bones, and what lies on them.
// Must not know the beam or the display.
import type { Affine } from './affine.ts';
import { compose, pose } from './affine.ts';
import { castOf, fleshOf } from './flesh.ts';
import type { Fracture, Piece } from './fracture.ts';
import type { Box, Layer } from './layer.ts';
import { drawDisc, drawTube, layer, nowhere } from './layer.ts';
import type { Patient } from './patient.ts';
import type { Film } from './plan.ts';
import type { Profile, View } from './project.ts';
import { placing, project, projectLump } from './project.ts';
import type { Shape } from './shape.ts';
import { Slice, sliceMm } from './shape.ts';
import { tiles, tileSize } from './texture.ts';

/** Absorption a millimetre near 40 keV effective (NIST tables, rounded); bone beyond the muscle it displaces. */
export const perMm = { muscle: 0.024, fat: 0.0195, cortex: 0.078, spongy: 0.03 };

/** What a break changed: its box in pixels, and optical depth with it less optical depth without it. */
export interface Trace {
  box: Box;
  change: Float32Array;
}

const layers = new Map<number, { layer: Layer; change: Float32Array }>();

function layerFor(width: number, height: number): { layer: Layer; change: Float32Array } {
  const key = width * 65536 + height;
  const found = layers.get(key);
  if (found) return found;
  const made = { layer: layer(width, height), change: new Float32Array(width * height) };
  layers.set(key, made);
  return made;
}

/** Fills `tau`; the answer's `change` is kept until the next film. */
export function render(patient: Patient, film: Film, fractures: readonly Fracture[], tau: Float32Array): Trace | null {
  const { layer: paths, change } = layerFor(film.width, film.height);
  tau.fill(0);
  drawFlesh(patient, film, fractures, paths, tau);
  drawCast(patient, film, fractures, paths, tau);
  const box = nowhere();
  if (fractures.length > 0) change.fill(0);
  patient.shapes.forEach((shape, bone) => {
    const toFilm = compose(film.toFilm, placing(shape.place, film.view));
    if (shape.count > 0 && beside(shape, toFilm, film)) return;
    const profile = project(shape, film.view, film.mmPerPixel / 4);
    const fracture = fractures.find((broken) => broken.bone === bone);
    if (!fracture) {
      const shift = shiftOf(shape, patient, fractures);
      const moved = shift === 0 ? toFilm : compose(film.toFilm, compose(pose(0, 0, 0, 0, shift), placing(shape.place, film.view)));
      drawWhole(paths, shape, profile, moved, film.view);
      absorb(paths, film, tau, 1);
      return;
    }
    drawWhole(paths, shape, profile, toFilm, film.view);
    absorb(paths, film, change, -1);
    for (const piece of fracture.pieces) {
      drawPiece(paths, shape, profile, toFilm, film, fracture, piece, box);
      absorb(paths, film, tau, 1, change);
    }
    for (const chip of fracture.chips) {
      drawDisc(paths, projectLump(chip, film.view), toFilm, box);
      absorb(paths, film, tau, 1, change);
    }
  });
  drawVessels(patient, film, tau);
  drawFolds(film, tau);
  return box.left <= box.right ? { box, change } : null;
}

/** True where a bone lies above or below the film, ends and shifts included. */
function beside(shape: Shape, { d, f }: Affine, film: Film): boolean {
  const first = d + f * shape.start;
  const last = d + f * (shape.start + shape.count * sliceMm);
  const slack = 50 / film.mmPerPixel;
  return Math.max(first, last) < -slack || Math.min(first, last) > film.height + slack;
}

/** Bones beyond a shortened one come up with it. */
function shiftOf(shape: Shape, patient: Patient, fractures: readonly Fracture[]): number {
  const [first] = fractures;
  const broken = first && patient.shapes[first.bone];
  if (!first || !broken) return 0;
  const distal = first.pieces.find((piece) => piece.lower === null);
  const top = shape.place.z + (shape.count > 0 ? shape.start : Math.min(...shape.lumps.map((lump) => lump.at[2])));
  return top > first.z + broken.place.z && distal ? distal.move[2] : 0;
}

function drawWhole(paths: Layer, shape: Shape, profile: Profile, toFilm: Affine, view: View): void {
  drawTube(paths, profile, toFilm, null);
  for (const lump of shape.lumps) drawDisc(paths, projectLump(lump, view), toFilm, null);
}

function drawPiece(
  paths: Layer,
  shape: Shape,
  profile: Profile,
  toFilm: Affine,
  film: Film,
  fracture: Fracture,
  piece: Piece,
  shows: Box,
): void {
  const { view } = film;
  const lying = compose(toFilm, pieceMap(shape, piece, view));
  const { z, zone } = fracture;
  drawTube(paths, profile, lying, { piece, z, zone, view, soft: 0.8 * film.mmPerPixel, shows });
  const end = piece.upper === null ? 'proximal' : piece.lower === null ? 'distal' : null;
  for (const lump of shape.lumps) if (lump.end === end) drawDisc(paths, projectLump(lump, view), lying, null);
}

/** A piece's turn and way as the view shows them; turned out of the plane it looks shorter. */
function pieceMap(shape: Shape, { pivot, tilt, move }: Piece, { ux, uy }: View): Affine {
  const slice = Math.min(shape.count - 1, Math.max(0, Math.round((pivot - shape.start) / sliceMm))) * Slice.width;
  const u = ux * (shape.slices[slice + Slice.x] ?? 0) + uy * (shape.slices[slice + Slice.y] ?? 0);
  const angle = ux * tilt[0] + uy * tilt[1];
  const away = ux * tilt[1] - uy * tilt[0];
  return pose(angle, u, pivot, ux * move[0] + uy * move[1], move[2], Math.cos(away));
}

/** Turns the paths of the layer into optical depth, and cleans the layer. */
function absorb(paths: Layer, film: Film, tau: Float32Array, sign: number, also?: Float32Array): void {
  const { outer, inner, spongy, width, touched } = paths;
  const tile = tiles().spongy;
  const mask = tileSize - 1;
  const { x: left, y: top, spongy: contrast } = film.texture;
  const scale = film.mmPerPixel / 0.35;
  for (let y = touched.top; y <= touched.bottom; y++) {
    const line = ((y * scale + top) & mask) * tileSize;
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const grain = tile[line + ((x * scale + left) & mask)] as number;
      const threads = perMm.spongy * (spongy[pixel] as number);
      const hollow = inner[pixel] as number;
      const wall = path > hollow ? path - hollow : 0;
      const depth = sign * (perMm.cortex * wall * (1 + 0.025 * grain) + threads * (1 + contrast * grain));
      tau[pixel] = (tau[pixel] as number) + depth;
      if (also) also[pixel] = (also[pixel] as number) + depth;
      outer[pixel] = 0;
      inner[pixel] = 0;
      spongy[pixel] = 0;
    }
  }
  paths.touched = nowhere();
}

function drawFlesh(patient: Patient, film: Film, fractures: readonly Fracture[], paths: Layer, tau: Float32Array): void {
  const { view } = film;
  for (const shape of fleshOf(patient, fractures)) {
    const profile = project(shape, view, film.mmPerPixel / 2);
    drawTube(paths, profile, compose(film.toFilm, placing(shape.place, view)), null);
  }
  const tile = tiles().muscle;
  const mask = tileSize - 1;
  const { outer, inner, spongy, touched, width } = paths;
  for (let y = touched.top; y <= touched.bottom; y++) {
    const line = ((y * film.mmPerPixel * 0.9 + film.texture.y) & mask) * tileSize;
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const muscle = inner[pixel] as number;
      const fibre = 1 + film.texture.muscle * Math.min(1, 55 / muscle) * (tile[line + ((x * film.mmPerPixel * 0.9 + film.texture.x) & mask)] as number);
      tau[pixel] = (tau[pixel] as number) + perMm.fat * (path - muscle) + perMm.muscle * muscle * fibre;
      outer[pixel] = 0;
      inner[pixel] = 0;
      spongy[pixel] = 0;
    }
  }
  paths.touched = nowhere();
}

function drawCast(patient: Patient, film: Film, fractures: readonly Fracture[], paths: Layer, tau: Float32Array): void {
  const shape = film.cast && castOf(patient, film.cast.from, film.cast.to, film.cast.wallMm, fractures);
  if (!shape || !film.cast) return;
  drawTube(paths, project(shape, film.view, film.mmPerPixel / 2), compose(film.toFilm, placing(shape.place, film.view)), null);
  const { rough } = tiles();
  const mask = tileSize - 1;
  const { outer, inner, spongy, touched, width } = paths;
  for (let y = touched.top; y <= touched.bottom; y++) {
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const wall = (outer[pixel] as number) - (inner[pixel] as number);
      if (wall > 0) {
        const lumps = rough[((y + film.texture.x) & mask) * tileSize + ((x + film.texture.y) & mask)] as number;
        tau[pixel] = (tau[pixel] as number) + film.cast.density * wall * (1 + 0.12 * lumps);
      }
      outer[pixel] = 0;
      inner[pixel] = 0;
      spongy[pixel] = 0;
    }
  }
  paths.touched = nowhere();
}

/** Canals of vessels: short thin clear lines, slanting through the cortex of the shaft. */
function drawVessels(patient: Patient, film: Film, tau: Float32Array): void {
  const shape = patient.shapes[patient.aim.bone];
  if (!shape) return;
  const profile = project(shape, film.view, film.mmPerPixel / 4);
  const toFilm = compose(film.toFilm, placing(shape.place, film.view));
  for (const { z, side, lengthMm, depth } of film.vessels) {
    const row = Math.round(z * profile.count) * 9;
    const height = profile.start + z * (profile.ends[1] - profile.ends[0]);
    const u = (profile.rows[row] ?? 0) + side * (profile.rows[row + 1] ?? 0);
    const slant = -Math.sign(side) * 0.2;
    drawLine(film, toFilm, { u, z: height, du: slant * lengthMm, dz: lengthMm, wide: 0.35, depth: -depth }, tau);
  }
}

/** Adds optical depth along a line that fades at both ends. */
function drawLine(
  film: Film,
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
function drawFolds(film: Film, tau: Float32Array): void {
  const { toFilm, width, height } = film;
  for (const fold of film.folds) {
    for (let x = 0; x < width; x++) {
      const u = (x - width / 2) * film.mmPerPixel;
      const z = fold.z + fold.slope * u + fold.curve * u * u;
      const middle = Math.round(toFilm.d + toFilm.f * z);
      const reach = Math.ceil((3 * fold.softMm) / film.mmPerPixel);
      for (let y = Math.max(0, middle - 3); y < Math.min(height, middle + reach); y++) {
        const pixel = y * width + x;
        const here = tau[pixel] as number;
        const mm = (y - middle) * film.mmPerPixel;
        const edge = mm < 0 ? Math.exp(mm / 0.4) : Math.exp(-mm / fold.softMm);
        tau[pixel] = here + fold.depth * edge * Math.min(1, here / 0.5);
      }
    }
  }
}
