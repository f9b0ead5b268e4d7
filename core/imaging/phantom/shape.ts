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
  const column = (name: 1 | 2 | 3 | 4 | 5 | 6): Float64Array =>
    sampled(
      along,
      stations.map((station) => station[name]),
      count,
    );
  const columns = [column(1), column(2), column(3), column(4), column(5), column(6)];
  const waves = unevenness(dice, count, end - start, scale);
  const bow = [dice.normal(0, 0.006) * (end - start), dice.normal(0, 0.007) * (end - start)] as const;
  fill(slices, columns, waves, bow, [bone.round[0] * scale, bone.round[1] * scale], scale, traits.spongy);
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

/** The slices of a bone from the columns of its stations, its waves, its bow and the rounding of its ends. */
function fill(
  slices: Float32Array,
  [x, y, a, b, walls, threads]: readonly Float64Array[],
  waves: Float32Array,
  bow: readonly [x: number, y: number],
  round: readonly [proximal: number, distal: number],
  scale: number,
  spongy: number,
): void {
  if (!x || !y || !a || !b || !walls || !threads) return;
  const length = (x.length - 1) * sliceMm;
  for (let i = 0; i < x.length; i++) {
    const above = i * sliceMm;
    const below = length - above;
    const o = i * Slice.width;
    const w = i * waveCount;
    const arch = Math.sin((Math.PI * above) / length);
    const rounded = roundingOf(above, round[0]) * roundingOf(below, round[1]);
    const outerA = ((a[i] as number) + (waves[w + 2] as number) * 0.5) * rounded;
    const outerB = ((b[i] as number) + (waves[w + 3] as number) * 0.5) * rounded;
    const cortex = walls[i] as number;
    const wall = cortex * (1 + 0.12 * (waves[w + 6] as number));
    const depth = Math.min(above, below) / (1.1 * scale);
    slices[o + Slice.x] = (x[i] as number) + bow[0] * arch + (waves[w] as number) * 0.5;
    slices[o + Slice.y] = (y[i] as number) + bow[1] * arch + (waves[w + 1] as number) * 0.5;
    slices[o + Slice.a] = outerA;
    slices[o + Slice.b] = outerB;
    slices[o + Slice.innerX] = cortex * 0.35 * (waves[w + 4] as number);
    slices[o + Slice.innerY] = cortex * 0.35 * (waves[w + 5] as number);
    slices[o + Slice.innerA] = Math.max(0, outerA - wall);
    slices[o + Slice.innerB] = Math.max(0, outerB - wall);
    slices[o + Slice.spongy] = (threads[i] as number) * spongy;
    slices[o + Slice.solid] = 1;
    slices[o + Slice.hollow] = depth > 3 ? 1 : 1 - 0.4 * Math.exp(-(depth ** 4));
  }
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
    const far = Math.ceil((6 * width) / sliceMm);
    const middle = Math.round(at / sliceMm);
    for (let i = Math.max(0, middle - far); i < Math.min(shape.count, middle + far); i++) {
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

/** Waves of a bone: of its middle (x, y), its half-axes, the middle of its inside, its wall. */
const waveCount = 7;

/** Slow waves along the bone, a different one for each column; about one unit high at most. */
function unevenness(dice: Dice, count: number, length: number, scale: number): Float32Array {
  const waves = new Float32Array(waveCount * count);
  for (let column = 0; column < waveCount; column++) {
    for (const turns of [0.9, 2.3, 4.7]) {
      const turn = (2 * Math.PI * turns * dice.range(0.8, 1.25) * sliceMm) / Math.max(length, 40);
      const phase = dice.range(0, 2 * Math.PI);
      const height = (0.5 * scale * Math.min(1, length / 120)) / turns ** 0.6;
      addWave(waves, column, height, phase, turn);
    }
  }
  return waves;
}

/** Adds a sine by turning a pointer on, slice by slice. */
function addWave(waves: Float32Array, column: number, height: number, phase: number, turn: number): void {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  let up = height * Math.sin(phase);
  let across = height * Math.cos(phase);
  for (let o = column; o < waves.length; o += waveCount) {
    waves[o] = (waves[o] as number) + up;
    const next = up * cos + across * sin;
    across = across * cos - up * sin;
    up = next;
  }
}

/**
 * Values between stations, one every `sliceMm` from the first on: monotone cubic interpolation (Fritsch and Carlson 1980)
 * with harmonic slopes, so that nothing overshoots.
 */
export function sampled(stations: readonly number[], column: readonly number[], count: number): Float64Array {
  const at = Float64Array.from(stations);
  const values = Float64Array.from(column);
  const slopes = new Float64Array(at.length);
  for (let i = 1; i < at.length - 1; i++) {
    const before = ((values[i] as number) - (values[i - 1] as number)) / ((at[i] as number) - (at[i - 1] as number));
    const after = ((values[i + 1] as number) - (values[i] as number)) / ((at[i + 1] as number) - (at[i] as number));
    slopes[i] = before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  }
  const out = new Float64Array(count);
  let segment = 0;
  for (let i = 0; i < count; i++) {
    const z = (at[0] as number) + i * sliceMm;
    while (segment < at.length - 2 && z >= (at[segment + 1] as number)) segment++;
    const from = at[segment] as number;
    const width = (at[segment + 1] as number) - from;
    const t = Math.min(1, Math.max(0, (z - from) / width));
    const left = values[segment] as number;
    const right = values[segment + 1] as number;
    const h = t * t * (3 - 2 * t);
    const bend = t * (1 - t) * ((1 - t) * (slopes[segment] as number) - t * (slopes[segment + 1] as number)) * width;
    out[i] = left + (right - left) * h + bend;
  }
  return out;
}
