// Skin, fat, muscle and plaster as tubes of their own, so that the same drawing serves them and bones.
// Must not know attenuation; shapes in millimetres.
import type { Flesh, Skin } from './bone.ts';
import type { Fracture } from './fracture.ts';
import type { Patient } from './patient.ts';
import type { Shape } from './shape.ts';
import { placed, sampled, Slice, sliceMm } from './shape.ts';

/** Flesh of a patient: `outer` of the drawn layer is the skin, `inner` the muscle within the fat. */
export function fleshOf(patient: Patient, fractures: readonly Fracture[]): Shape[] {
  const alone = patient.limb.flesh.length === 1;
  return patient.limb.flesh.map((flesh) => {
    const fat = Math.min(patient.fatMm, 0.3 * Math.max(...flesh.slices.map(([, , , a]) => a)) * patient.traits.scale);
    const sway = alone && fractures[0] ? swayOf(fractures[0], patient) : () => [0, 0] as const;
    return tube(flesh, patient, fat, 0, sway);
  });
}

/** A plaster around the limb between two heights, in millimetres of the limb. */
export function castOf(
  patient: Patient,
  from: number,
  to: number,
  wallMm: number,
  fractures: readonly Fracture[],
): Shape | null {
  const flesh = patient.limb.flesh[0];
  if (!flesh || patient.limb.flesh.length > 1) return null;
  const sway = fractures[0] ? swayOf(fractures[0], patient) : () => [0, 0] as const;
  const shape = tube(flesh, patient, wallMm, wallMm + 3, sway);
  const first = Math.max(0, Math.round((from - shape.start) / sliceMm));
  const last = Math.min(shape.count - 1, Math.round((to - shape.start) / sliceMm));
  if (last - first < 40) return null;
  return {
    ...shape,
    start: shape.start + first * sliceMm,
    count: last - first + 1,
    slices: shape.slices.subarray(first * Slice.width, (last + 1) * Slice.width),
  };
}

type Sway = (z: number) => readonly [x: number, y: number];

/** Flesh follows a bent bone, softly and not all the way. */
function swayOf({ z: level, bone, apex }: Fracture, patient: Patient): Sway {
  const shape = patient.shapes[bone];
  if (!shape) return () => [0, 0];
  const top = shape.start;
  const bottom = shape.start + (shape.count - 1) * sliceMm;
  return (z) => {
    const side = z < level ? (z - top) / (level - top) : (bottom - z) / (bottom - level);
    const near = Math.max(0, Math.min(1, side));
    const soft = 0.75 * near * near * (3 - 2 * near);
    return [apex[0] * soft, apex[1] * soft];
  };
}

/** Skin slices as a shape: walls of `inside` millimetres, everything `beyond` millimetres further out. */
function tube(flesh: Flesh, patient: Patient, inside: number, beyond: number, sway: Sway): Shape {
  const { scale } = patient.traits;
  const at = flesh.slices.map(([z]) => z * scale);
  const start = at[0] ?? 0;
  const count = Math.floor(((at.at(-1) ?? 0) - start) / sliceMm) + 1;
  const column = (name: 1 | 2 | 3 | 4): Float64Array =>
    sampled(
      at,
      flesh.slices.map((slice: Skin) => slice[name] * scale * (name > 2 ? patient.flesh : 1)),
      count,
    );
  const [x, y, a, b] = [column(1), column(2), column(3), column(4)];
  const slices = new Float32Array(count * Slice.width);
  for (let i = 0; i < count; i++) {
    const z = start + i * sliceMm;
    const o = i * Slice.width;
    const [swayX, swayY] = sway(z);
    const outerA = (a[i] as number) + beyond;
    const outerB = (b[i] as number) + beyond;
    slices[o + Slice.x] = (x[i] as number) + swayX;
    slices[o + Slice.y] = (y[i] as number) + swayY;
    slices[o + Slice.a] = outerA;
    slices[o + Slice.b] = outerB;
    slices[o + Slice.innerA] = Math.max(0, outerA - inside);
    slices[o + Slice.innerB] = Math.max(0, outerB - inside);
    slices[o + Slice.solid] = 1;
    slices[o + Slice.hollow] = 1;
  }
  const flat = [[0, 0, 0] as const, [0, 0, 0] as const] as const;
  return {
    name: 'flesh',
    start,
    count,
    slices,
    lumps: [],
    caps: { proximal: flat, distal: flat },
    place: placed(flesh.place, scale),
  };
}
