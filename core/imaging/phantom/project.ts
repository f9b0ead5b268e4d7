// One bone as seen from one side: parallel rays through its slices give widths and path lengths, without pixels yet.
// Geometry only: must not know attenuation.
import type { Affine } from './affine.ts';
import { pose } from './affine.ts';
import type { Cap, Lump, Place } from './bone.ts';
import type { Shape } from './shape.ts';
import { Slice, sliceMm } from './shape.ts';

/** The film's u axis in the limb's x (lateral) and y (forward); a unit vector. Depth v is -uy x + ux y. */
export interface View {
  ux: number;
  uy: number;
}

/**
 * Columns of a profile's rows. Lengths in millimetres, half-widths as their reciprocals; `lean` is the middle of the path
 * over t, by its depth.
 */
export const Row = {
  centre: 0,
  perHalf: 1,
  path: 2,
  innerCentre: 3,
  perInnerHalf: 4,
  innerPath: 5,
  spongy: 6,
  solid: 7,
  lean: 8,
  width: 9,
} as const;

export interface Profile {
  /** z of row 0 and the distance between rows, millimetres. */
  start: number;
  step: number;
  count: number;
  rows: Float32Array;
  /** Least and greatest u of every `rowsInBlock` rows. */
  reach: Float32Array;
  /** z of both ends of the bone and how far its joint surfaces reach out over t from -1 to 1 (64 steps). */
  ends: readonly [number, number];
  caps: readonly [Float32Array, Float32Array];
  /** Over how many millimetres from an end its surface bends the slices. */
  bend: number;
}

export interface Disc {
  u: number;
  z: number;
  halfU: number;
  halfZ: number;
  tilt: number;
  path: number;
  shell: number;
  spongy: number;
  corners: readonly [three: number, four: number];
}

export const capSteps = 64;
const blockShift = 4;
export const rowsInBlock = 1 << blockShift;
const round = [0, 0] as const;

/** Half the width of an ellipse of half-axes a, b in the view; its longest path is 2 a b over that. */
function shadow(a: number, b: number, ux: number, uy: number): number {
  return Math.sqrt(a * ux * (a * ux) + b * uy * (b * uy));
}

/** Rows `stepMm` apart: near half a pixel, so that the nearest row is exact enough under the blur of the film. */
export function project(shape: Shape, view: View, stepMm: number): Profile {
  const length = Math.max(0, shape.count - 1) * sliceMm;
  const count = shape.count === 0 ? 0 : Math.floor(length / stepMm) + 1;
  const rows = new Float32Array(count * Row.width);
  const reach = new Float32Array(2 * Math.ceil(count / rowsInBlock));
  fillRows(rows, reach, shape.slices, view, stepMm / sliceMm);
  return {
    start: shape.start,
    step: stepMm,
    count,
    rows,
    reach,
    ends: [shape.start, shape.start + length],
    caps: [capOf(shape.caps.proximal, view), capOf(shape.caps.distal, view)],
    bend: Math.min(16, length * 0.12),
  };
}

/** Rows `perRow` slices apart, and how far each block of them reaches. */
function fillRows(
  rows: Float32Array,
  reach: Float32Array,
  slices: Float32Array,
  { ux, uy }: View,
  perRow: number,
): void {
  const lastPlace = slices.length / Slice.width - 1.001;
  for (let block = 0; block < reach.length; block += 2) {
    reach[block] = Infinity;
    reach[block + 1] = -Infinity;
  }
  for (let i = 0; i * Row.width < rows.length; i++) {
    const place = Math.min(lastPlace, i * perRow);
    const below = place | 0;
    const slice = below * Slice.width;
    const part = place - below;
    const a = between(slices, slice + Slice.a, part);
    const b = between(slices, slice + Slice.b, part);
    const innerA = between(slices, slice + Slice.innerA, part);
    const innerB = between(slices, slice + Slice.innerB, part);
    const half = shadow(a, b, ux, uy);
    const innerHalf = shadow(innerA, innerB, ux, uy);
    const centre = ux * between(slices, slice + Slice.x, part) + uy * between(slices, slice + Slice.y, part);
    const innerX = between(slices, slice + Slice.innerX, part);
    const innerY = between(slices, slice + Slice.innerY, part);
    const o = i * Row.width;
    rows[o] = centre;
    rows[o + Row.perHalf] = 1 / Math.max(half, tiny);
    rows[o + Row.path] = (2 * a * b) / Math.max(half, tiny);
    rows[o + Row.innerCentre] = centre + ux * innerX + uy * innerY;
    rows[o + Row.perInnerHalf] = 1 / Math.max(innerHalf, tiny);
    const hollow = between(slices, slice + Slice.hollow, part);
    rows[o + Row.innerPath] = (2 * innerA * innerB * hollow) / Math.max(innerHalf, tiny);
    rows[o + Row.spongy] = between(slices, slice + Slice.spongy, part);
    rows[o + Row.solid] = between(slices, slice + Slice.solid, part);
    rows[o + Row.lean] = ((b * b - a * a) * ux * uy) / Math.max(half, tiny);
    const block = 2 * (i >> blockShift);
    reach[block] = Math.min(reach[block] as number, centre - half);
    reach[block + 1] = Math.max(reach[block + 1] as number, centre + half);
  }
}

/** A half-width of nothing, millimetres: no ray is that near, and its reciprocal is a number. */
const tiny = 1e-6;

/** A column of the slices, `part` of the way to the next slice. */
function between(slices: Float32Array, place: number, part: number): number {
  const from = slices[place] as number;
  return from + part * ((slices[place + Slice.width] as number) - from);
}

function capOf([frontal, lateral]: readonly [Cap, Cap], { ux, uy }: View): Float32Array {
  const reaches = new Float32Array(capSteps + 1);
  addCap(reaches, frontal, ux);
  addCap(reaches, lateral, uy);
  return reaches;
}

/** Adds what a cap shows of itself in the view whose axis has this part of the cap's own. */
function addCap(reaches: Float32Array, [slope, bow, spine]: Cap, part: number): void {
  for (let i = 0; i <= capSteps; i++) {
    const t = ((2 * i) / capSteps - 1) * Math.sign(part);
    const sharp = spine === 0 ? 0 : spine * Math.exp(-((t / 0.16) ** 2));
    reaches[i] = (reaches[i] as number) + part * part * (slope * t + bow * t * t + sharp);
  }
}

export function projectLump(lump: Lump, view: View): Disc {
  const [x, y, z] = lump.at;
  const [rx, ry, rz] = lump.radii;
  const half = shadow(rx, ry, view.ux, view.uy);
  const [frontal, lateral] = lump.tilt ?? [0, 0];
  return {
    u: view.ux * x + view.uy * y,
    z,
    halfU: half,
    halfZ: rz,
    tilt: ((frontal * view.ux + lateral * view.uy) * Math.PI) / 180,
    path: (2 * rx * ry) / half,
    shell: lump.shell,
    spongy: lump.spongy,
    corners: lump.corners ?? round,
  };
}

/** From a bone's own frame into the limb's. */
export function placing(place: Place, view: View): Affine {
  const angle = ((place.frontal * view.ux + place.lateral * view.uy) * Math.PI) / 180;
  const away = ((place.lateral * view.ux - place.frontal * view.uy) * Math.PI) / 180;
  return pose(angle, 0, 0, view.ux * place.x + view.uy * place.y, place.z, Math.cos(away));
}
