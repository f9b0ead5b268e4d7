// Bones and flesh of the arm: upper arm, forearm, carpus. Sizes of an adult after anatomy atlases, rounded.
// Data only.
import type { Bone, Limb, Lump, Skin, Station } from './bone.ts';

export const humerus: Bone = {
  name: 'humerus',
  stations: [
    [2, 2, 0, 18, 18, 0.8, 0.8],
    [12, 2, 0, 22, 20, 0.8, 0.8],
    [28, 3, 0, 20.5, 19, 0.9, 0.7],
    [50, 3, 0, 15, 15, 1.8, 0.4],
    [90, 3, 0, 11.8, 11.6, 3.1, 0.12],
    [160, 2, 0, 10.8, 11, 4, 0.05],
    [220, 1, 0, 11.4, 10.4, 3.6, 0.07],
    [255, 0, 0, 14, 9.6, 2.6, 0.2],
    [278, -1, 0, 21, 8.6, 1.7, 0.45],
    [291, -2, 0, 28, 8.2, 1.2, 0.6],
    [300, -2, 0, 27, 8, 1, 0.65],
    [306, -2, 1, 22, 8, 0.9, 0.65],
  ],
  lumps: [
    { at: [-9, 0, 14], radii: [22, 22, 22], shell: 0.9, spongy: 0.8, end: 'proximal' },
    { at: [15, 2, 15], radii: [9, 14, 14], shell: 0.8, spongy: 0.6, end: 'proximal' },
    { at: [-10, 3, 306], radii: [12, 10, 9], shell: 1, spongy: 0.75, tilt: [-8, 0], end: 'distal' },
    { at: [12, 5, 306], radii: [10, 11, 9], shell: 1, spongy: 0.75, end: 'distal' },
    { at: [-27, -2, 291], radii: [7, 6, 12], shell: 0.9, spongy: 0.5, tilt: [20, 0], end: 'distal' },
    { at: [23, -1, 294], radii: [6, 6, 9], shell: 0.9, spongy: 0.5, end: 'distal' },
  ],
  round: [6, 4],
  plates: [32, 12],
};

export const radius: Bone = {
  name: 'radius',
  stations: [
    [4, 13, 2, 11, 11, 1.1, 0.65],
    [11, 13, 2, 11.4, 11.2, 1.1, 0.6],
    [15, 12.5, 2, 9.4, 9, 1.3, 0.5],
    [22, 12, 2, 7.4, 7.4, 1.7, 0.35],
    [33, 10.6, 2, 8.4, 8, 2, 0.25],
    [55, 11, 1, 6.8, 6.4, 2.5, 0.12],
    [110, 16, 0, 7.3, 6, 3, 0.05],
    [165, 15, -1, 7.6, 6, 2.6, 0.08],
    [195, 12.5, -1, 9, 7, 1.8, 0.25],
    [214, 10.5, -1, 12, 8.8, 1.1, 0.55],
    [230, 9.5, 0, 15.4, 10.8, 0.8, 0.85],
    [240, 9.5, 0, 16, 11.4, 0.8, 0.85],
  ],
  lumps: [{ at: [22, 0, 238], radii: [4.5, 6, 9], shell: 0.7, spongy: 0.6, tilt: [8, 0], end: 'distal' }],
  caps: {
    proximal: [
      [0, 1.6, 0],
      [0, 1.6, 0],
    ],
    distal: [
      [4, 2.5, 0],
      [-2, 2.5, 0],
    ],
  },
  round: [3, 3],
  plates: [8, 9],
};

export const ulna: Bone = {
  name: 'ulna',
  stations: [
    [-20, -8, -11, 8, 6, 1.2, 0.55],
    [-10, -9, -10, 11, 8, 1.4, 0.6],
    [0, -9, -9, 11, 8.6, 1.4, 0.6],
    [10, -8, -4, 11, 12, 1.4, 0.55],
    [25, -7.5, -4, 9, 9.6, 2, 0.3],
    [60, -9, -5, 7.6, 7.6, 2.8, 0.1],
    [120, -11, -4, 6.6, 6.6, 2.8, 0.05],
    [180, -11, -3, 5.6, 5.7, 2.3, 0.07],
    [214, -11, -2, 5.2, 5.2, 1.7, 0.2],
    [228, -11.5, -2, 7, 6.6, 0.9, 0.5],
    [239, -11.5, -2, 8.2, 7.6, 0.8, 0.6],
  ],
  lumps: [
    { at: [-7, 6, 9], radii: [9, 8, 7], shell: 0.9, spongy: 0.5, end: 'proximal' },
    { at: [-16.2, -3, 239.5], radii: [2.8, 3, 6], shell: 0.8, spongy: 0.3, end: 'distal' },
  ],
  caps: {
    distal: [
      [-1, -1.5, 0],
      [0, -1.5, 0],
    ],
  },
  round: [5, 3.5],
  plates: [10, 8],
};

/** A small bone without a shaft: lumps alone, four-cornered rather than round. */
export function nodule(name: string, lumps: readonly Omit<Lump, 'end' | 'shell' | 'spongy'>[], spongy = 0.7): Bone {
  const whole: Lump[] = lumps.map((lump) => ({ corners: [0.08, 0.12], ...lump, shell: 0.6, spongy, end: 'distal' }));
  return { name, stations: [], lumps: whole, round: [0, 0], plates: [null, null] };
}

/** The wrist joint lies at z = 243; bones of the wrist are one body each, so that their overlaps show. */
export const carpus: readonly Bone[] = [
  nodule('scaphoid', [{ at: [17.5, 1, 251], radii: [6, 6.5, 10.6], tilt: [30, 20], corners: [0.14, 0.06] }]),
  nodule('lunate', [{ at: [5, 0, 248.6], radii: [7.4, 9, 6.4], corners: [-0.1, 0.14] }]),
  nodule('triquetrum', [{ at: [-7.4, -2, 250.6], radii: [5.6, 6.6, 7], tilt: [32, 0], corners: [0.16, 0.08] }]),
  nodule('pisiform', [{ at: [-10, 7, 252], radii: [4.4, 5, 5.2], corners: [0.04, 0.04] }]),
  nodule('trapezium', [{ at: [20.5, 3, 264], radii: [6.4, 7.4, 6.4], tilt: [-20, 0], corners: [0.08, 0.18] }]),
  nodule('trapezoid', [{ at: [12, -1, 264], radii: [5, 7.4, 6], tilt: [-8, 0], corners: [0.12, 0.16] }]),
  nodule('capitate', [{ at: [2.8, -1, 261.6], radii: [5.8, 8.4, 10.6], corners: [-0.06, 0.12] }]),
  nodule('hamate', [{ at: [-7.6, 0, 262.6], radii: [6.4, 8.4, 8.6], tilt: [-18, 0], corners: [0.2, 0.06] }]),
];

const below = (bones: readonly Bone[], z: number, frontal = 0, lateral = 0): Bone[] =>
  bones.map((bone) => ({ ...bone, place: { x: 0, y: 0, z, frontal, lateral } }));

const forearmSkin: readonly Skin[] = [
  [-150, 2, 2, 46, 46],
  [-60, 1, 0, 43, 43],
  [0, 1, -2, 43, 39],
  [45, 2, 0, 42, 37],
  [120, 2, 0, 34, 31],
  [200, 1, 0, 27, 23],
  [240, 1, 0, 29, 20],
  [262, 2, 0, 33, 18],
  [290, 3, 0, 41, 17],
  [340, 3, 2, 44, 15],
];

const metacarpal: readonly Station[] = [
  [0, 0, 0, 7.5, 7.5, 0.8, 0.6],
  [8, 0, 0, 6.6, 6.6, 1, 0.5],
  [20, 0, 0, 4.4, 4.8, 1.7, 0.15],
  [35, 0, 0.6, 4, 4.4, 1.9, 0.06],
  [50, 0, 0.4, 4.8, 5, 1.4, 0.25],
  [60, 0, 0, 6.6, 6.8, 0.8, 0.6],
  [66, 0, 0, 6.8, 7.4, 0.7, 0.65],
];

const palm: readonly Bone[] = [
  [14, 271, 6],
  [4.5, 272.5, 1],
  [-5, 271.5, -6],
  [-13, 270, -13],
].map(([x = 0, z = 0, frontal = 0], finger) => ({
  name: `metacarpal ${finger + 2}`,
  stations: metacarpal,
  lumps: [],
  round: [2.5, 5] as const,
  plates: [null, 8] as const,
  place: { x, y: 0, z, frontal, lateral: 0 },
}));

export const forearm: Limb = {
  bodyPart: 'Forearm',
  bones: [radius, ulna, ...below([humerus], -311), ...carpus, ...palm],
  flesh: [{ slices: forearmSkin }],
  sites: [
    { bone: 0, from: 70, to: 212, with: 1, weight: 3 },
    { bone: 1, from: 60, to: 190, with: null, weight: 0.5 },
  ],
  second: 'lateral',
  field: [105, 160],
};

const scapula = nodule(
  'scapula',
  [
    { at: [-37, -3, 16], radii: [5, 13, 18], tilt: [-6, 0] },
    { at: [2, -8, -17], radii: [21, 12, 5], tilt: [10, 0] },
    { at: [-28, 20, 0], radii: [9, 9, 6] },
  ],
  0.4,
);

export const upperArm: Limb = {
  bodyPart: 'Upper arm',
  bones: [humerus, ...below([radius, ulna], 311), scapula],
  flesh: [
    {
      slices: [
        [-40, 0, 0, 62, 58],
        [30, 2, 0, 58, 55],
        [90, 2, 0, 51, 51],
        [170, 1, 2, 45, 47],
        [250, 0, 1, 41, 41],
        [310, 0, -1, 42, 38],
        [400, 1, 0, 41, 36],
      ],
    },
  ],
  sites: [{ bone: 0, from: 75, to: 255, with: null, weight: 1 }],
  second: 'lateral',
  field: [125, 185],
};
