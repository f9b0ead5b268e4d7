// A bone of one patient: its slices sampled every half millimetre, with that patient's size, bow and unevenness.
// Must not know the view: both films of a patient are taken of the same shape.
import type { Bone, Cap, Lump, Place, Station } from './bone.ts';
import type { Dice } from './dice.ts';

/** What makes one patient's bones differ from the atlas. */
export interface Traits {
  /** Size beside an adult of the atlas. */
  scale: number;
  /** Width beside length. */
  stout: number;
  cortex: number;
  spongy: number;
  /** Growth plates are open. */
  child: boolean;
}

/** Columns of `slices`. */
export const Slice = {
  x: 0,
  y: 1,
  a: 2,
  b: 3,
  /** The inside of the cortex: its centre beside the outside's, and its half-axes. */
  innerX: 4,
  innerY: 5,
  innerA: 6,
  innerB: 7,
  spongy: 8,
  /** 1, less in a growth plate, more in the dense lines beside it. */
  solid: 9,
  /** Part of the inside that is not filled by the plate of bone under a joint surface. */
  hollow: 10,
  width: 11,
} as const;

export const sliceMm = 0.5;

export interface Shape {
  name: string;
  /** z of the first slice and of the two ends, millimetres. */
  start: number;
  count: number;
  slices: Float32Array;
  lumps: readonly Lump[];
  caps: { proximal: readonly [Cap, Cap]; distal: readonly [Cap, Cap] };
  place: Place;
}

const flat: readonly [Cap, Cap] = [
  [0, 0, 0],
  [0, 0, 0],
];

export function shapeOf(bone: Bone, traits: Traits, dice: Dice): Shape {
  const { scale } = traits;
  const wide = scale * traits.stout;
  const stations = bone.stations.map(([z, x, y, a, b, cortex, spongy]): Station => {
    const thin = traits.child ? 0.94 : 1;
    return [z * scale, x * scale, y * scale, a * wide * thin, b * wide * thin, cortex * scale * traits.cortex, spongy];
  });
  const start = stations[0]?.[0] ?? 0;
  const end = stations.at(-1)?.[0] ?? 0;
  const count = stations.length === 0 ? 0 : Math.floor((end - start) / sliceMm) + 1;
  const slices = new Float32Array(count * Slice.width);
  const along = stations.map((station) => station[0]);
  const column = (name: 1 | 2 | 3 | 4 | 5 | 6): ((z: number) => number) =>
    smooth(
      along,
      stations.map((station) => station[name]),
    );
  const [x, y, a, b] = [column(1), column(2), column(3), column(4)];
  const [wallOf, spongy] = [column(5), column(6)];
  const uneven = unevenness(dice, start, end - start, scale);
  const bowX = dice.normal(0, 0.006) * (end - start);
  const bowY = dice.normal(0, 0.007) * (end - start);
  for (let i = 0; i < count; i++) {
    const z = start + i * sliceMm;
    const cortex = wallOf(z);
    const arch = Math.sin((Math.PI * (z - start)) / (end - start));
    const o = i * Slice.width;
    const rounded = roundingOf(z - start, bone.round[0] * scale) * roundingOf(end - z, bone.round[1] * scale);
    slices[o + Slice.x] = x(z) + bowX * arch + uneven(0, z) * 0.5;
    slices[o + Slice.y] = y(z) + bowY * arch + uneven(1, z) * 0.5;
    slices[o + Slice.a] = (a(z) + uneven(2, z) * 0.5) * rounded;
    slices[o + Slice.b] = (b(z) + uneven(3, z) * 0.5) * rounded;
    slices[o + Slice.innerX] = cortex * 0.35 * uneven(4, z);
    slices[o + Slice.innerY] = cortex * 0.35 * uneven(5, z);
    const wall = cortex * (1 + 0.12 * uneven(6, z));
    slices[o + Slice.innerA] = Math.max(0, (slices[o + Slice.a] ?? 0) - wall);
    slices[o + Slice.innerB] = Math.max(0, (slices[o + Slice.b] ?? 0) - wall);
    slices[o + Slice.spongy] = spongy(z) * traits.spongy;
    slices[o + Slice.solid] = 1;
    const depth = Math.min(z - start, end - z) / (1.1 * scale);
    slices[o + Slice.hollow] = 1 - 0.4 * Math.exp(-(depth ** 4));
  }
  const shape: Shape = {
    name: bone.name,
    start,
    count,
    slices,
    lumps: bone.lumps.map((lump) => scaled(lump, scale, wide, traits.spongy)),
    caps: { proximal: scaledCaps(bone.caps?.proximal, scale), distal: scaledCaps(bone.caps?.distal, scale) },
    place: placed(bone.place, scale),
  };
  layPlates(shape, bone, traits, dice);
  return shape;
}

/** Open growth plates are thin and clear between two dense lines; closed ones leave at most a faint dense scar. */
function layPlates(shape: Shape, bone: Bone, traits: Traits, dice: Dice): void {
  const length = (shape.count - 1) * sliceMm;
  bone.plates.forEach((height, end) => {
    const depth = traits.child ? dice.range(0.55, 0.9) : -dice.range(0, 0.16);
    const width = (traits.child ? dice.range(0.7, 1.3) : 0.8) * traits.scale;
    const dense = traits.child ? dice.range(0.1, 0.3) : 0;
    if (height === null) return;
    const at = end === 0 ? height * traits.scale : length - height * traits.scale;
    for (let i = 0; i < shape.count; i++) {
      const away = Math.abs(i * sliceMm - at) / width;
      const clear = Math.exp(-(away ** 4));
      const line = dense * Math.exp(-(((away - 1.9) / 0.7) ** 2));
      const o = i * Slice.width + Slice.solid;
      shape.slices[o] = (shape.slices[o] ?? 1) - depth * clear + line;
    }
  });
}

const scaledCaps = (caps: readonly [Cap, Cap] | undefined, scale: number): readonly [Cap, Cap] => {
  const [frontal, lateral] = caps ?? flat;
  const by = ([slope, bow, spine]: Cap): Cap => [slope * scale, bow * scale, spine * scale];
  return [by(frontal), by(lateral)];
};

export function placed(place: Place | undefined, scale: number): Place {
  const { x, y, z, frontal, lateral } = place ?? { x: 0, y: 0, z: 0, frontal: 0, lateral: 0 };
  return { x: x * scale, y: y * scale, z: z * scale, frontal, lateral };
}

function scaled(lump: Lump, scale: number, wide: number, spongy: number): Lump {
  const [x, y, z] = lump.at;
  const [rx, ry, rz] = lump.radii;
  return {
    ...lump,
    at: [x * scale, y * scale, z * scale],
    radii: [rx * wide, ry * wide, rz * scale],
    shell: lump.shell * scale,
    spongy: lump.spongy * spongy,
  };
}

/** 0 at the very end of a bone, 1 from `length` on: a quarter of an ellipse. */
function roundingOf(distance: number, length: number): number {
  if (distance >= length) return 1;
  const off = 1 - Math.max(0, distance) / length;
  return Math.sqrt(1 - off * off);
}

/** Offset in `slices` of the slice nearest to z; the ends stand for what is beyond them. */
export function sliceAt(shape: Shape, z: number): number {
  return Math.min(shape.count - 1, Math.max(0, Math.round((z - shape.start) / sliceMm))) * Slice.width;
}

/** Widest diameter of the tube at z, millimetres. */
export function widthAt(shape: Shape, z: number): number {
  const slice = sliceAt(shape, z);
  return 2 * Math.max(shape.slices[slice + Slice.a] ?? 0, shape.slices[slice + Slice.b] ?? 0);
}

/** Slow waves along the bone, a different one for each of seven columns; about one unit high at most. */
function unevenness(dice: Dice, start: number, length: number, scale: number): (column: number, z: number) => number {
  const knots = 96;
  const table = new Float32Array(7 * (knots + 2));
  for (let column = 0; column < 7; column++) {
    for (const turns of [0.9, 2.3, 4.7]) {
      const speed = (2 * Math.PI * turns * dice.range(0.8, 1.25)) / Math.max(length, 40);
      const phase = dice.range(0, 2 * Math.PI);
      const height = (0.5 * scale * Math.min(1, length / 120)) / turns ** 0.6;
      for (let knot = 0; knot < knots + 2; knot++) {
        const o = column * (knots + 2) + knot;
        table[o] = (table[o] as number) + height * Math.sin((speed * length * knot) / knots + phase);
      }
    }
  }
  return (column, z) => {
    const place = (knots * (z - start)) / length;
    const knot = Math.min(knots, Math.max(0, Math.floor(place)));
    const o = column * (knots + 2) + knot;
    const from = table[o] as number;
    return from + (place - knot) * ((table[o + 1] as number) - from);
  };
}

/** Monotone cubic interpolation (Fritsch and Carlson 1980) with harmonic slopes: no overshoot between slices. */
export function smooth(at: readonly number[], values: readonly number[]): (z: number) => number {
  const n = at.length;
  const steps = at.slice(1).map((z, i) => ((values[i + 1] ?? 0) - (values[i] ?? 0)) / (z - (at[i] ?? 0)));
  const slopes = at.map((_, i) => {
    const before = steps[i - 1];
    const after = steps[i];
    if (before === undefined || after === undefined) return 0;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  let segment = 0;
  return (z) => {
    while (segment > 0 && z < (at[segment] ?? 0)) segment--;
    while (segment < n - 2 && z >= (at[segment + 1] ?? 0)) segment++;
    const from = at[segment] ?? 0;
    const width = (at[segment + 1] ?? from + 1) - from;
    const t = Math.min(1, Math.max(0, (z - from) / width));
    const left = values[segment] ?? 0;
    const right = values[segment + 1] ?? left;
    const h = t * t * (3 - 2 * t);
    const bend = t * (1 - t) * ((1 - t) * (slopes[segment] ?? 0) - t * (slopes[segment + 1] ?? 0)) * width;
    return left + (right - left) * h + bend;
  };
}
