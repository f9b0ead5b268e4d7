// Bones and flesh of the leg: thigh, lower leg, hindfoot. Sizes of an adult after anatomy atlases, rounded.
// Data only.
import { nodule } from './arm.ts';
import type { Bone, Limb } from './bone.ts';

export const femur: Bone = {
  name: 'femur',
  stations: [
    [-6, 12, -2, 12, 14, 1, 0.5],
    [6, 9, -1, 19, 18, 1.1, 0.6],
    [30, 2, 0, 25, 21, 2, 0.55],
    [60, 2, 0, 20, 18, 3.6, 0.35],
    [120, 4, 4, 15.4, 15, 5.8, 0.08],
    [220, 2, 8, 14, 14.4, 6.3, 0.05],
    [320, -1, 5, 16.4, 15, 4.6, 0.1],
    [370, -1, 2, 23, 17.5, 2.2, 0.4],
    [398, 0, 0, 33, 21, 1.2, 0.7],
    [414, 0, 0, 38, 25, 0.9, 0.85],
    [426, 0, 0, 37, 26, 0.9, 0.85],
  ],
  lumps: [
    { at: [-46, 4, -10], radii: [23.5, 23.5, 23.5], shell: 0.9, spongy: 0.85, end: 'proximal' },
    { at: [-22, 2, 8], radii: [29, 14, 14], shell: 1.6, spongy: 0.6, tilt: [38, 0], end: 'proximal' },
    { at: [-20, -10, 421], radii: [18.5, 28, 19], shell: 1, spongy: 0.8, end: 'distal' },
    { at: [20, -9, 420], radii: [18.5, 27, 19], shell: 1, spongy: 0.8, end: 'distal' },
  ],
  caps: {
    distal: [
      [0, 3, -9],
      [0, -3, 0],
    ],
  },
  round: [8, 8],
  plates: [null, 26],
};

export const tibia: Bone = {
  name: 'tibia',
  stations: [
    [4, 0, -3, 37.5, 24, 0.9, 0.85],
    [13, 0, -3, 37, 24, 0.9, 0.85],
    [26, 0, -3, 32, 24, 1, 0.75],
    [45, -2, -2, 23.5, 21.5, 1.9, 0.5],
    [80, -4, -1, 16.6, 18.2, 3.6, 0.2],
    [140, -5, 0, 13, 15.4, 5, 0.06],
    [210, -5, 0, 11.7, 13.2, 5.1, 0.05],
    [280, -4, 0, 11.9, 12, 3.9, 0.1],
    [318, -3, 0, 14.6, 14, 2.2, 0.35],
    [344, -3, 0, 21, 18, 1.1, 0.75],
    [361, -3, 0, 24.5, 20, 0.9, 0.85],
  ],
  lumps: [
    { at: [2, 19, 36], radii: [8, 6, 16], shell: 1, spongy: 0.4, tilt: [0, 10], end: 'proximal' },
    { at: [-22, 1, 362], radii: [6, 11, 13.5], shell: 0.9, spongy: 0.6, tilt: [-6, 0], end: 'distal' },
  ],
  caps: {
    proximal: [
      [0, 1.2, 6],
      [-2, 1, 1],
    ],
    distal: [
      [1, 0, 0],
      [0.5, 3.5, 0],
    ],
  },
  round: [6, 3],
  plates: [13, 12],
};

export const fibula: Bone = {
  name: 'fibula',
  stations: [
    [9, 34, -19, 5, 6, 0.8, 0.5],
    [15, 34, -19, 9.4, 10, 0.8, 0.6],
    [26, 34, -19, 10.4, 10.6, 0.9, 0.6],
    [42, 33, -18, 7, 8, 1.6, 0.3],
    [80, 31, -17, 5.6, 6, 2.2, 0.08],
    [200, 27, -14, 5.8, 6.3, 2.5, 0.05],
    [300, 23, -10, 5.8, 6.6, 2.2, 0.1],
    [340, 22, -8, 6.8, 8, 1.4, 0.4],
    [365, 24, -7, 9, 11, 0.8, 0.65],
    [382, 25, -7, 7.6, 9.4, 0.8, 0.6],
    [391, 24, -7, 4.5, 6, 0.8, 0.5],
  ],
  lumps: [],
  round: [4, 4],
  plates: [12, 22],
};

const hindfoot: readonly Bone[] = [
  nodule('talus', [
    { at: [-2, 0, 380], radii: [19.5, 21, 14] },
    { at: [-2, 0, 388], radii: [18, 25, 10], tilt: [0, 14] },
    { at: [-5, 26, 386], radii: [14, 17, 11], tilt: [0, 12] },
  ]),
  nodule('calcaneus', [
    { at: [2, -38, 410], radii: [15, 21, 21], tilt: [0, 0] },
    { at: [2, -20, 404], radii: [14, 34, 15], tilt: [0, 14] },
    { at: [2, 10, 405], radii: [13, 26, 12], tilt: [0, -4] },
  ]),
  nodule('navicular', [{ at: [-6, 44, 390], radii: [17, 8, 13] }]),
  nodule('cuboid', [{ at: [12, 42, 408], radii: [12, 16, 10] }]),
  nodule('cuneiforms', [{ at: [-6, 62, 396], radii: [19, 11, 12] }]),
  nodule('metatarsals', [{ at: [0, 100, 408], radii: [28, 34, 9], tilt: [0, 14] }], 0.25),
];

const patella = nodule('patella', [{ at: [1, 36, 408], radii: [22, 9, 21] }]);

const under = (bone: Bone, z: number): Bone => ({ ...bone, place: { x: 0, y: 0, z, frontal: 0, lateral: 0 } });

export const lowerLeg: Limb = {
  bodyPart: 'Lower leg',
  bones: [tibia, fibula, under(femur, -444), under(patella, -444), ...hindfoot],
  flesh: [
    {
      slices: [
        [-120, 0, 0, 66, 68],
        [-30, 0, -1, 57, 61],
        [10, 1, -3, 54, 56],
        [60, 2, -10, 54, 54],
        [115, 3, -15, 56, 57],
        [200, 3, -11, 46, 48],
        [290, 3, -6, 33, 35],
        [345, 2, -4, 34, 35],
        [372, 2, 0, 38, 45],
        [400, 2, 14, 40, 64],
        [430, 2, 30, 42, 80],
      ],
    },
  ],
  sites: [
    { bone: 0, from: 90, to: 315, with: 1, weight: 3 },
    { bone: 1, from: 90, to: 330, with: null, weight: 0.4 },
  ],
  second: 'lateral',
  field: [140, 210],
};

export const thigh: Limb = {
  bodyPart: 'Thigh',
  bones: [femur, under(patella, 0), under(tibia, 444), under(fibula, 444)],
  flesh: [
    {
      slices: [
        [-60, -10, 0, 104, 96],
        [60, -6, 0, 88, 84],
        [180, -2, 0, 77, 76],
        [300, 0, -2, 64, 67],
        [380, 0, -2, 58, 61],
        [440, 0, -2, 57, 60],
        [520, 1, -8, 54, 56],
      ],
    },
  ],
  sites: [{ bone: 0, from: 110, to: 360, with: null, weight: 1 }],
  second: 'lateral',
  field: [145, 205],
};
