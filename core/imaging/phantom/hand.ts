// Bones and flesh of the hand: five rays of small long bones on the carpus. Sizes of an adult, rounded.
// Data only; z runs on from the forearm's, the wrist joint at 245.
import { carpus, radius, ulna } from './arm.ts';
import type { Bone, Flesh, Limb, Station } from './bone.ts';

/** A ray: base of its metacarpal, direction in the frontal and lateral view (degrees), lengths from the hand outward. */
interface Ray {
  base: readonly [x: number, y: number, z: number];
  frontal: number;
  lateral: number;
  lengths: readonly number[];
  thick: number;
}

const rays: readonly Ray[] = [
  { base: [23, 7, 268], frontal: 36, lateral: 12, lengths: [45, 31, 22], thick: 1.05 },
  { base: [14, 0, 271], frontal: 9, lateral: 4, lengths: [67, 40, 23, 17], thick: 1.02 },
  { base: [4.5, -1, 272.5], frontal: 1, lateral: -2, lengths: [64, 44, 28, 18], thick: 1 },
  { base: [-5, -1, 271.5], frontal: -7, lateral: -6, lengths: [57, 41, 27, 18], thick: 0.94 },
  { base: [-13, 0, 270], frontal: -16, lateral: -11, lengths: [53, 33, 19, 17], thick: 0.88 },
];

/** Slices over a length of 1 and a thickness of 1 (millimetres across); scaled to each bone. */
const shapes: readonly (readonly Station[])[] = [
  [
    [0, 0, 0, 6.6, 7, 0.8, 0.6],
    [0.1, 0, 0, 6.8, 7, 0.9, 0.55],
    [0.3, 0, -0.4, 4.5, 5, 1.7, 0.15],
    [0.52, 0, -0.8, 4, 4.5, 2, 0.06],
    [0.74, 0, -0.4, 4.7, 5, 1.5, 0.2],
    [0.9, 0, 0, 6.5, 6.8, 0.8, 0.6],
    [1, 0, 0.3, 6.7, 7, 0.7, 0.65],
  ],
  [
    [0, 0, 0, 7, 6, 0.7, 0.6],
    [0.1, 0, 0, 7, 6, 0.8, 0.55],
    [0.28, 0, 0, 5, 4.4, 1.4, 0.2],
    [0.55, 0, 0, 4.1, 3.5, 1.7, 0.06],
    [0.8, 0, 0, 4.5, 3.6, 1.2, 0.25],
    [0.93, 0, 0, 5.4, 4.3, 0.7, 0.6],
    [1, 0, 0, 5.2, 4.3, 0.7, 0.6],
  ],
  [
    [0, 0, 0, 6, 5.2, 0.7, 0.6],
    [0.14, 0, 0, 5.9, 5, 0.8, 0.5],
    [0.35, 0, 0, 4, 3.4, 1.2, 0.2],
    [0.6, 0, 0, 3.2, 2.8, 1.3, 0.08],
    [0.82, 0, 0, 3.8, 3, 1, 0.25],
    [0.95, 0, 0, 4.5, 3.5, 0.7, 0.5],
    [1, 0, 0, 4.3, 3.4, 0.7, 0.5],
  ],
  [
    [0, 0, 0, 5, 4.2, 0.7, 0.5],
    [0.18, 0, 0, 4.6, 3.8, 0.8, 0.4],
    [0.5, 0, 0, 2.2, 2, 0.8, 0.2],
    [0.75, 0, 0, 2.3, 1.8, 0.7, 0.3],
    [0.92, 0, 0, 3.6, 1.8, 0.5, 0.4],
    [1, 0, 0, 3, 1.4, 0.5, 0.4],
  ],
];

const names = ['metacarpal', 'proximal phalanx', 'middle phalanx', 'distal phalanx'];
const radians = Math.PI / 180;

/** Bones of a ray in order, each where the one before it ends. */
function bonesOf(ray: Ray, number: number): Bone[] {
  let [x, y, z] = ray.base;
  return ray.lengths.map((length, place) => {
    const thumb = ray.lengths.length === 3;
    const kind = thumb && place > 0 ? place + 1 : place;
    const frontal = ray.frontal * (place === 0 ? 1 : thumb ? 1 - 0.25 * place : 0.75);
    const lateral = ray.lateral * (1 + place * 0.8);
    const shape = shapes[thumb && place === 1 ? 1 : kind] ?? [];
    const bone: Bone = {
      name: `${names[kind] ?? 'phalanx'} ${number}`,
      stations: shape.map(([at, sx, sy, a, b, cortex, spongy]) => [
        at * length,
        sx,
        sy,
        a * ray.thick,
        b * ray.thick,
        cortex,
        spongy,
      ]),
      lumps: [],
      caps: {
        proximal: [
          [0, place === 0 ? 0 : -1, 0],
          [0, -0.5, 0],
        ],
        distal: [
          [0, place === 0 ? -2 : 0.8, place > 0 && kind < 3 ? -1 : 0],
          [0, 0, 0],
        ],
      },
      round: [2, kind === 0 ? 5 : 2.2],
      plates: number > 1 && kind === 0 ? [null, 8] : [6, null],
      place: { x, y, z, frontal, lateral },
    };
    const reach = length + (place === 0 ? -1.2 : 0.2) * ray.thick;
    x += Math.sin(frontal * radians) * reach;
    y += Math.sin(lateral * radians) * reach;
    z += Math.cos(frontal * radians) * reach;
    return bone;
  });
}

/** A finger is free from the middle of its first phalanx on; the thumb from its metacarpal. */
function fleshOf(bones: readonly Bone[], thumb: boolean): Flesh[] {
  return bones.slice(thumb ? 0 : 1).map((bone, place) => {
    const last = bone.stations.at(-1)?.[0] ?? 0;
    const width = (thumb ? 11.5 : 10) - place * (thumb ? 0.6 : 0.7);
    const tip = bone.name.startsWith('distal');
    const root = thumb && place === 0 ? 1.35 : 1;
    return {
      slices: tip
        ? [
            [-4, 0, 0, width, width],
            [last * 0.6, 0, 0, width * 0.95, width * 0.9],
            [last * 0.95, 0, 0, width * 0.72, width * 0.7],
            [last + 4.5, 0, 0, 1, 1],
          ]
        : [
            [-4, 0, 0, width * root, width * root],
            [last * 0.5, 0, 0, width * 0.97 * root, width * 0.97],
            [last + 4, 0, 0, width * 0.95, width * 0.95],
          ],
      ...(bone.place ? { place: bone.place } : {}),
    };
  });
}

const fingers = rays.map((ray, place) => bonesOf(ray, place + 1));
const bones: readonly Bone[] = [...fingers.flat(), ...carpus, radius, ulna];

export const hand: Limb = {
  bodyPart: 'Hand',
  bones,
  flesh: [
    {
      slices: [
        [120, 2, 0, 34, 31],
        [200, 1, 0, 28, 23],
        [240, 1, 0, 29, 20],
        [262, 3, 0, 34, 18],
        [290, 3, 0, 42, 16],
        [315, 0, 0, 42, 14],
        [340, -2, 0, 43, 12.5],
        [352, -2, 0, 39, 10.5],
        [362, -2, 0, 32, 7.5],
        [370, -2, 0, 23, 5],
        [378, -2, 0, 11, 3],
        [382, -2, 0, 2, 1],
      ],
    },
    ...fingers.flatMap((chain, place) => fleshOf(chain, place === 0)),
  ],
  sites: bones.flatMap((bone, place) => {
    const length = bone.stations.at(-1)?.[0] ?? 0;
    const fit = /^(metacarpal|proximal phalanx) [2-5]$/.test(bone.name);
    if (!fit) return [];
    return [
      {
        bone: place,
        from: length * 0.28,
        to: length * 0.78,
        with: null,
        weight: bone.name.startsWith('metacarpal') ? 2 : 1,
      },
    ];
  }),
  second: 'oblique',
  field: [105, 150],
};
