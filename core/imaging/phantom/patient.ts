// One patient: limb, side, build, bones, and the break where there is one.
// Must not know films: everything here is the same on each of them.
import { forearm, upperArm } from './arm.ts';
import type { Limb } from './bone.ts';
import { dice } from './dice.ts';
import type { Dice } from './dice.ts';
import type { BreakKind, Displacement, Fracture } from './fracture.ts';
import { fractureOf } from './fracture.ts';
import { hand } from './hand.ts';
import type { Entry } from './roster.ts';
import { lowerLeg, thigh } from './leg.ts';
import type { Shape, Traits } from './shape.ts';
import { shapeOf, widthAt } from './shape.ts';

export interface Patient {
  limb: Limb;
  bodyPart: string;
  side: 'left' | 'right';
  traits: Traits;
  /** Thickness of fat under the skin and width of flesh beside the atlas. */
  fatMm: number;
  flesh: number;
  shapes: readonly Shape[];
  /**
   * What a film is aimed at: where the break is, or would be, in the frame of its bone; and how far that has gone to the
   * side (x, y).
   */
  aim: { bone: number; z: number; off: readonly [x: number, y: number] };
  /** One a broken bone, the first the one aimed at; empty for a whole limb. */
  fractures: readonly Fracture[];
}

export function patientOf(seed: number, { patient: number, broken, turn }: Entry): Patient {
  const chance = dice(seed, 'patient', number);
  const limb = dealt(limbs, seed, `limbs ${broken}`, turn);
  const traits = traitsOf(dealt(ages, seed, `ages ${broken}`, turn), chance);
  const shapes = limb.bones.map((bone, place) => shapeOf(bone, traits, dice(seed, `bone ${place}`, number)));
  const site = siteOf(limb, chance);
  const z = chance.range(site.from, site.to) * traits.scale;
  const patient: Patient = {
    limb,
    bodyPart: limb.bodyPart,
    side: chance.chance(0.5) ? 'left' : 'right',
    traits,
    fatMm: chance.range(2.5, limb === hand ? 3.5 : 11) * traits.scale,
    flesh: Math.min(1.3, Math.max(0.82, chance.normal(1, 0.1))),
    shapes,
    aim: { bone: site.bone, z, off: [0, 0] },
    fractures: [],
  };
  if (!broken) return patient;
  const kind = dealt(kinds, seed, 'kinds', turn);
  const fractures = breakBones(patient, site, kind, dice(seed, 'break', number));
  return { ...patient, fractures, aim: { ...patient.aim, off: fractures[0]?.apex ?? [0, 0] } };
}

const limbs: readonly Limb[] = [
  ...[forearm, forearm, forearm, lowerLeg, lowerLeg, lowerLeg],
  ...[upperArm, upperArm, upperArm, thigh, thigh, hand],
];
const ages: readonly Age[] = ['child', 'child', 'child', 'adult', 'adult', 'adult', 'adult', 'old', 'old', 'old'];
type Age = 'child' | 'adult' | 'old';

/** Cards dealt from a shuffled pack, pack after pack. */
function dealt<Card>(pack: readonly Card[], seed: number, name: string, turn: number): Card {
  const card = dice(seed, name, Math.floor(turn / pack.length)).shuffle(pack)[turn % pack.length];
  if (card === undefined) throw new RangeError(`card ${turn}`);
  return card;
}

function traitsOf(age: Age, chance: Dice): Traits {
  const child = age === 'child';
  const old = age === 'old';
  return {
    scale: child ? chance.range(0.55, 0.82) : chance.range(0.88, 1.1),
    stout: chance.range(0.92, 1.12) * (child ? 1.04 : 1),
    cortex: old ? chance.range(0.55, 0.85) : chance.range(0.85, 1.2),
    spongy: old ? chance.range(0.5, 0.8) : chance.range(0.8, 1.15),
    child,
  };
}

function siteOf(limb: Limb, chance: Dice): Limb['sites'][number] {
  let left = chance.range(
    0,
    limb.sites.reduce((sum, site) => sum + site.weight, 0),
  );
  const found = limb.sites.find((site) => (left -= site.weight) < 0) ?? limb.sites[0];
  if (!found) throw new Error(`${limb.bodyPart} has no bone to break`);
  return found;
}

const kinds: readonly BreakKind[] = [
  ...(['transverse', 'transverse', 'transverse', 'transverse', 'transverse', 'transverse'] as const),
  ...(['oblique', 'oblique', 'oblique', 'oblique', 'oblique'] as const),
  ...(['spiral', 'spiral', 'spiral', 'comminuted', 'comminuted', 'comminuted'] as const),
  ...(['hairline', 'hairline', 'transverse'] as const),
];

function breakBones(patient: Patient, site: Limb['sites'][number], kind: BreakKind, chance: Dice): Fracture[] {
  const shape = patient.shapes[site.bone];
  if (!shape) throw new Error('no such bone');
  const pair = site.with === null || kind === 'hairline' ? null : patient.shapes[site.with];
  const both = pair !== null && pair !== undefined && chance.chance(0.9);
  // A bone that stays whole beside a broken one holds it: a splint of its own.
  const splinted = patient.limb.bodyPart !== 'Thigh' && patient.limb.bodyPart !== 'Upper arm' && !both;
  const { z } = patient.aim;
  const moved = displacement(kind, widthAt(shape, z), splinted, chance);
  const first = fractureOf(kind, shape, site.bone, z, moved, chance);
  if (!both || site.with === null) return [first];
  const level = z + chance.normal(0, 13) * patient.traits.scale;
  const partner = kind === 'comminuted' || kind === 'spiral' ? 'oblique' : kind;
  return [first, fractureOf(partner, pair, site.with, level, { ...moved, step: moved.step * 0.6 }, chance)];
}

function displacement(kind: BreakKind, size: number, splinted: boolean, chance: Dice): Displacement {
  const gap = size * chance.range(0.02, 0.08);
  const held = splinted ? 0.7 : 1;
  const degrees = Math.PI / 180;
  // Mostly between the two views, so that both show something of it.
  const towards = (45 + 90 * chance.below(4) + chance.normal(0, 22)) * degrees;
  const way = { towards, aside: towards + chance.normal(0, 70) * degrees };
  switch (kind) {
    case 'hairline':
      return { ...way, angle: 0, step: 0, shortening: 0, gap: Math.max(0.35, size * chance.range(0.02, 0.04)) };
    case 'spiral':
      return {
        ...way,
        angle: chance.range(12, 30) * degrees * held,
        step: size * chance.range(0.35, 0.85) * held,
        shortening: size * chance.range(0, 0.25) * held,
        gap,
      };
    case 'oblique':
      return {
        ...way,
        angle: chance.range(12, 36) * degrees * held,
        step: size * chance.range(0.35, 1) * held,
        shortening: size * chance.range(0, 0.35) * held,
        gap,
      };
    case 'comminuted':
      return {
        ...way,
        angle: chance.range(12, 36) * degrees * held,
        step: size * chance.range(0.35, 0.95) * held,
        shortening: size * chance.range(0, 0.3) * held,
        gap: gap * 1.2,
      };
    case 'transverse': {
      const step = size * chance.range(0.35, 1.25) * held;
      const past = step > 0.92 * size;
      return {
        ...way,
        angle: chance.range(14, 42) * degrees * held,
        step,
        shortening: past ? size * chance.range(0.2, 0.8) : 0,
        gap,
      };
    }
  }
}
