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

/** Columns of a profile's rows. Lengths in millimetres; `lean` is the middle of the path over t, by its depth. */
export const Row = {
  centre: 0,
  half: 1,
  path: 2,
  innerCentre: 3,
  innerHalf: 4,
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
const round = [0, 0] as const;

/** Half the width of an ellipse of half-axes a, b in the view; its longest path is 2 a b over that. */
function shadow(a: number, b: number, ux: number, uy: number): number {
  return Math.sqrt(a * ux * (a * ux) + b * uy * (b * uy));
}

/** Rows `stepMm` apart: near a quarter of a pixel, so that the nearest row is exact enough. */
export function project(shape: Shape, view: View, stepMm: number): Profile {
  const length = Math.max(0, shape.count - 1) * sliceMm;
  const count = shape.count === 0 ? 0 : Math.floor(length / stepMm) + 1;
  const rows = new Float32Array(count * Row.width);
  const columns = Slice.width;
  const slice = new Float32Array(columns);
  const at = (column: number): number => slice[column] as number;
  const { ux, uy } = view;
  for (let i = 0; i < count; i++) {
    const place = Math.min(shape.count - 1.001, (i * stepMm) / sliceMm);
    const below = Math.floor(place);
    const part = place - below;
    for (let column = 0; column < columns; column++) {
      const o = below * columns + column;
      const from = shape.slices[o] as number;
      slice[column] = from + part * ((shape.slices[o + columns] as number) - from);
    }
    const a = at(Slice.a);
    const b = at(Slice.b);
    const half = shadow(a, b, ux, uy);
    const innerHalf = shadow(at(Slice.innerA), at(Slice.innerB), ux, uy);
    const centre = ux * at(Slice.x) + uy * at(Slice.y);
    const o = i * Row.width;
    rows[o] = centre;
    rows[o + Row.half] = half;
    rows[o + Row.path] = half > 0 ? (2 * a * b) / half : 0;
    rows[o + Row.innerCentre] = centre + ux * at(Slice.innerX) + uy * at(Slice.innerY);
    rows[o + Row.innerHalf] = innerHalf;
    rows[o + Row.innerPath] =
      innerHalf > 0 ? (2 * at(Slice.innerA) * at(Slice.innerB) * at(Slice.hollow)) / innerHalf : 0;
    rows[o + Row.spongy] = at(Slice.spongy);
    rows[o + Row.solid] = at(Slice.solid);
    rows[o + Row.lean] = half > 0 ? ((b * b - a * a) * ux * uy) / half : 0;
  }
  return {
    start: shape.start,
    step: stepMm,
    count,
    rows,
    ends: [shape.start, shape.start + length],
    caps: [capOf(shape.caps.proximal, view), capOf(shape.caps.distal, view)],
    bend: Math.min(16, length * 0.12),
  };
}

function capOf([frontal, lateral]: readonly [Cap, Cap], { ux, uy }: View): Float32Array {
  const reach = ([slope, bow, spine]: Cap, t: number): number =>
    slope * t + bow * t * t + spine * Math.exp(-((t / 0.16) ** 2));
  return Float32Array.from({ length: capSteps + 1 }, (_, i) => {
    const t = (2 * i) / capSteps - 1;
    return ux * ux * reach(frontal, t * Math.sign(ux)) + uy * uy * reach(lateral, t * Math.sign(uy));
  });
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
