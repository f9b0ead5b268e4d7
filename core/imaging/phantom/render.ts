// The optical depth of a patient in the beam of one film: flesh, plaster, bones, and what lies on them.
// Must not know the beam or the display.
import { absorbBone, absorbFlesh, absorbPlaster } from './absorb.ts';
import type { Affine } from './affine.ts';
import { compose, pose } from './affine.ts';
import { castOf, fleshOf } from './flesh.ts';
import type { Fracture, Piece } from './fracture.ts';
import type { Box, Layer } from './layer.ts';
import { enlarge } from './enlarge.ts';
import { layer, nowhere } from './layer.ts';
import { drawDisc } from './disc.ts';
import { drawTube } from './tube.ts';
import { drawFolds, drawVessels } from './overlays.ts';
import type { Patient } from './patient.ts';
import { pieceMap } from './pieces.ts';
import type { FilmPlan } from './plan.ts';
import type { Profile, View } from './project.ts';
import { placing, project, projectLump } from './project.ts';
import type { Shape } from './shape.ts';
import { sliceMm } from './shape.ts';

/** What a break changed: its box in pixels, and optical depth with it less optical depth without it. */
export interface Trace {
  box: Box;
  change: Float32Array;
}

interface Sheet {
  layer: Layer;
  plane: Float32Array;
}

const sheets = new Map<number, Sheet>();

function sheetFor({ width, height }: FilmPlan): Sheet {
  const key = width * 65536 + height;
  const found = sheets.get(key);
  if (found) return found;
  const made = { layer: layer(width, height), plane: new Float32Array(width * height) };
  sheets.set(key, made);
  return made;
}

/** Fills `tau`; the answer's `change` is kept until the next film. */
export function render(
  patient: Patient,
  film: FilmPlan,
  fractures: readonly Fracture[],
  tau: Float32Array,
): Trace | null {
  const { layer: paths, plane: change } = sheetFor(film);
  fillWithFlesh(patient, film, fractures, tau);
  const cast = film.cast && castOf(patient, film.cast.from, film.cast.to, film.cast.wallMm, fractures);
  if (film.cast && cast) {
    drawSkin(paths, cast, film);
    absorbPlaster(paths, film, tau, film.cast.density);
  }
  const box = nowhere();
  if (fractures.length > 0) change.fill(0);
  patient.shapes.forEach((shape, bone) => {
    const placed = placing(shape.place, film.view);
    const toFilm = compose(film.toFilm, placed);
    if (shape.count > 0 && beside(shape, toFilm, film)) return;
    const profile = project(shape, film.view, film.mmPerPixel / 2);
    const fracture = fractures.find((broken) => broken.bone === bone);
    if (!fracture) {
      const shift = pose(0, 0, 0, 0, shiftOf(shape, patient, fractures));
      drawWhole(paths, shape, profile, compose(film.toFilm, compose(shift, placed)), film.view);
      absorbBone(paths, film, tau, 1);
      return;
    }
    drawWhole(paths, shape, profile, toFilm, film.view);
    absorbBone(paths, film, change, -1);
    for (const piece of fracture.pieces) {
      drawPiece(paths, shape, profile, toFilm, film, fracture, piece, box);
      absorbBone(paths, film, tau, 1, change);
    }
    for (const chip of fracture.chips) {
      drawDisc(paths, projectLump(chip, film.view), toFilm, box);
      absorbBone(paths, film, tau, 1, change);
    }
  });
  drawVessels(patient, film, fractures, tau);
  drawFolds(film, tau);
  return box.left <= box.right ? { box, change } : null;
}

/** Flesh has no fine detail: it is drawn at half the size, in a quarter of the time, and enlarged. */
function fillWithFlesh(patient: Patient, film: FilmPlan, fractures: readonly Fracture[], tau: Float32Array): void {
  const halved: Affine = { a: -0.25, b: 0.5, c: 0, d: -0.25, e: 0, f: 0.5 };
  const half: FilmPlan = {
    ...film,
    width: Math.ceil(film.width / 2),
    height: Math.ceil(film.height / 2),
    mmPerPixel: 2 * film.mmPerPixel,
    toFilm: compose(halved, film.toFilm),
  };
  const { layer: paths, plane } = sheetFor(half);
  plane.fill(0);
  for (const shape of fleshOf(patient, fractures)) drawSkin(paths, shape, half);
  absorbFlesh(paths, half, plane);
  enlarge(plane, half.width, half.height, tau, film.width, film.height);
}

function drawSkin(paths: Layer, shape: Shape, film: FilmPlan): void {
  const profile = project(shape, film.view, film.mmPerPixel / 2);
  drawTube(paths, profile, compose(film.toFilm, placing(shape.place, film.view)), null);
}

/** True where a bone lies above or below the film, ends and shifts included. */
function beside(shape: Shape, { d, f }: Affine, film: FilmPlan): boolean {
  const first = d + f * shape.start;
  const last = d + f * (shape.start + shape.count * sliceMm);
  const slack = 50 / film.mmPerPixel;
  return Math.max(first, last) < -slack || Math.min(first, last) > film.height + slack;
}

/** Bones beyond a shortened one come up with it, unless a whole bone beside it holds them. */
function shiftOf(shape: Shape, patient: Patient, fractures: readonly Fracture[]): number {
  const [first] = fractures;
  const broken = first && patient.shapes[first.bone];
  const partner = patient.limb.sites.some((site) => site.bone === first?.bone && site.with !== null);
  if (!first || !broken || (partner && fractures.length === 1) || patient.limb.flesh.length > 1) return 0;
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
  film: FilmPlan,
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
