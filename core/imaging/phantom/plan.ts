// How one film is taken: view, field, exposure, collimation, marker, and what lies on the patient.
// Must not know whether a bone is broken: nothing here may tell the classes apart.
import type { Affine } from './affine.ts';
import type { Limb } from './bone.ts';
import { dice } from './dice.ts';
import type { Dice } from './dice.ts';
import type { Patient } from './patient.ts';
import type { View } from './project.ts';
import type { Entry } from './roster.ts';

export interface FilmPlan {
  width: number;
  height: number;
  mmPerPixel: number;
  view: View;
  /** From the limb's millimetres (u, z) to pixels. */
  toFilm: Affine;
  exposure: Exposure;
  field: Field;
  marker: { x: number; y: number; size: number; angle: number; plate: boolean; depth: number } | null;
  cast: { from: number; to: number; wallMm: number; density: number } | null;
  /** Lines across the limb that are no break: skin folds and edges of a dressing. */
  folds: readonly { z: number; slope: number; curve: number; depth: number; softMm: number }[];
  /** Canals of vessels through the cortex: a bone, its height, side, length. */
  vessels: readonly { z: number; side: number; lengthMm: number; depth: number }[];
  texture: { x: number; y: number; spongy: number; muscle: number };
}

export interface Exposure {
  /** Photons a pixel counts in open air. */
  photons: number;
  scatter: number;
  /** Fall of the beam along and across the film (heel effect), part of 1. */
  heel: readonly [across: number, along: number];
  blurPixels: number;
  /** Display: grey of open air, of the densest bone, and the bend between. */
  air: number;
  bone: number;
  gamma: number;
  /** Local contrast the processing adds. */
  enhance: number;
  sharpen: number;
  /** Stripes of the plate reader along the film, part of 1. */
  bands: number;
}

/** The collimated field: a rectangle about the film's middle, turned a little. */
export interface Field {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  angle: number;
  softPixels: number;
  /** Outside: black, or as the plate saw it. */
  shutter: number;
}

/** About the size most films of FracAtlas have, 373 x 454. */
const sizes: readonly [Size, ...Size[]] = [
  [376, 464],
  [392, 464],
  [384, 440],
  [400, 472],
  [376, 448],
];
type Size = readonly [width: number, height: number];

type Projection = 'frontal' | Limb['second'];

export const projectionOf = (entry: Entry, { limb }: Patient): Projection =>
  entry.projection === 'frontal' ? 'frontal' : limb.second;

export function planOf(seed: number, index: number, entry: Entry, patient: Patient): FilmPlan {
  const chance = dice(seed, 'film', index);
  const study = dice(seed, `study ${entry.study}`, entry.patient);
  const [width, height] = chance.pick(sizes);
  const { scale } = patient.traits;
  const [low, high] = patient.limb.field;
  const zoom = study.chance(0.12) ? study.range(1, 1.9) : study.range(0, 1);
  const fieldMm = (low + (high - low) * zoom) * scale * chance.range(0.96, 1.04);
  const mmPerPixel = fieldMm / height;
  const view = viewOf(projectionOf(entry, patient), patient.side, chance);
  const place = patient.limb.bones[patient.aim.bone]?.place;
  const aimZ = patient.aim.z + (place?.z ?? 0) * scale + chance.range(-0.09, 0.09) * fieldMm;
  const aimU = aimAcross(patient, view) + chance.normal(0, 0.025) * fieldMm;
  const toFilm = mapping(width, height, mmPerPixel, aimU, aimZ, chance.normal(0, 0.055));
  const exposure = exposureOf(chance);
  const field = fieldOf(width, height, chance);
  return {
    width,
    height,
    mmPerPixel,
    view,
    toFilm,
    exposure,
    field,
    marker: markerOf(width, field, mmPerPixel, chance),
    cast: castOf(patient, fieldMm, aimZ, study),
    folds: foldsOf(fieldMm, aimZ, chance),
    vessels: vesselsOf(patient, study),
    texture: {
      x: chance.below(256),
      y: chance.below(256),
      spongy: chance.range(0.1, 0.2),
      muscle: chance.range(0.02, 0.05),
    },
  };
}

/** Frontal looks along y, lateral along x, oblique between; patients never lie quite straight. A left limb is a right one mirrored. */
function viewOf(projection: Projection, side: Patient['side'], chance: Dice): View {
  const angle = turns[projection] + chance.normal(0, 0.07);
  const mirror = side === 'left' ? 1 : -1;
  return { ux: mirror * Math.cos(angle), uy: mirror * Math.sin(angle) };
}

/** A hand is taken half turned over: from the side every bone of it would lie on the next. */
const turns: Record<Projection, number> = { frontal: 0, lateral: Math.PI / 2, oblique: 0.7 };

function aimAcross(patient: Patient, view: View): number {
  const place = patient.limb.bones[patient.aim.bone]?.place;
  const { scale } = patient.traits;
  const { off } = patient.aim;
  const gone = 0.8 * (view.ux * off[0] + view.uy * off[1]);
  if (patient.limb.flesh.length > 1)
    return 0.6 * scale * (view.ux * (place?.x ?? 0) + view.uy * (place?.y ?? 0)) + gone;
  return 2 * scale * view.ux + gone;
}

function mapping(width: number, height: number, mm: number, aimU: number, aimZ: number, angle: number): Affine {
  const cos = Math.cos(angle) / mm;
  const sin = Math.sin(angle) / mm;
  return {
    a: width / 2 - cos * aimU - sin * aimZ,
    b: cos,
    c: sin,
    d: height / 2 + sin * aimU - cos * aimZ,
    e: -sin,
    f: cos,
  };
}

function exposureOf(chance: Dice): Exposure {
  return {
    photons: Math.exp(chance.range(Math.log(2500), Math.log(20000))),
    scatter: chance.range(0.02, 0.1),
    heel: [chance.range(-0.1, 0.1), chance.range(-0.16, 0.16)],
    blurPixels: chance.range(0.55, 1.05),
    air: chance.range(10, 24),
    bone: chance.range(208, 240),
    gamma: chance.range(1.2, 1.5),
    enhance: chance.range(0.5, 0.9),
    sharpen: chance.range(0, 0.7),
    bands: chance.range(0, 0.02),
  };
}

function fieldOf(width: number, height: number, chance: Dice): Field {
  const open = chance.chance(0.3);
  const margin = (size: number): number => (open ? size : size * (0.5 - chance.range(-0.01, 0.055)));
  return {
    x: width / 2 + chance.normal(0, 0.008) * width,
    y: height / 2 + chance.normal(0, 0.008) * height,
    halfWidth: margin(width),
    halfHeight: margin(height),
    angle: chance.normal(0, 0.012),
    softPixels: chance.range(1.2, 3.2),
    shutter: chance.chance(0.93) ? 0 : chance.range(0.5, 1),
  };
}

function markerOf(width: number, field: Field, mm: number, chance: Dice): FilmPlan['marker'] {
  const shown = chance.chance(0.85);
  const size = Math.min(46, Math.max(16, chance.range(8, 12) / mm));
  const halfWidth = Math.min(field.halfWidth, width / 2);
  const halfHeight = Math.min(field.halfHeight, width * 0.58);
  const aside = (halfWidth - size * chance.range(1, 1.7)) * (chance.chance(0.5) ? 1 : -1);
  const along = (halfHeight - size * chance.range(1, 3)) * (chance.chance(0.5) ? 1 : -1);
  const look = { size, angle: chance.normal(0, 0.1), plate: chance.chance(0.2), depth: chance.range(2.2, 4) };
  return shown ? { x: field.x + aside, y: field.y + along, ...look } : null;
}

function castOf(patient: Patient, fieldMm: number, aimZ: number, study: Dice): FilmPlan['cast'] {
  const worn = study.chance(0.09);
  const cast = {
    from: aimZ - fieldMm * study.range(0.25, 0.9),
    to: aimZ + fieldMm * study.range(0.25, 0.9),
    wallMm: study.range(3, 6) * Math.sqrt(patient.traits.scale),
    density: study.range(0.018, 0.034),
  };
  return worn ? cast : null;
}

function foldsOf(fieldMm: number, aimZ: number, chance: Dice): FilmPlan['folds'] {
  return Array.from({ length: chance.pick([0, 0, 1, 1, 2]) }, () => ({
    z: aimZ + chance.range(-0.5, 0.5) * fieldMm,
    slope: chance.normal(0, 0.35),
    curve: chance.normal(0, 0.004),
    depth: chance.range(0.05, 0.16) * (chance.chance(0.6) ? 1 : -1),
    softMm: chance.range(2, 14),
  }));
}

function vesselsOf(patient: Patient, study: Dice): FilmPlan['vessels'] {
  return Array.from({ length: study.pick([0, 1, 1, 2]) }, () => ({
    z: study.range(0.3, 0.65),
    side: study.range(-0.9, 0.9),
    lengthMm: study.range(8, 20) * patient.traits.scale * (patient.limb.flesh.length > 1 ? 0.35 : 1),
    depth: study.range(0.06, 0.2),
  }));
}
