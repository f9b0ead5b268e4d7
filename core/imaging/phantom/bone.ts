// What a bone and a limb are to the drawing: tubes of elliptical slices, lumps at their ends, flesh around.
// Shapes only, in millimetres of an adult right limb; no chance and no pixels here.

/**
 * One slice of a bone: z along the limb (down), centre x (lateral) and y (forward), half-axes a (along x) and b
 * (along y), thickness of the cortex, and how much spongy bone fills the inside (0 fat marrow, 1 dense).
 */
export type Station = readonly [z: number, x: number, y: number, a: number, b: number, cortex: number, spongy: number];

/** How far an end reaches out along z, over t from -1 to 1 across the bone: slope * t + bow * t^2 + a spine at t = 0. */
export type Cap = readonly [slope: number, bow: number, spine: number];

/** An ellipsoid that belongs to a bone: condyle, head, process. Tilt in degrees in the frontal and lateral view. */
export interface Lump {
  at: readonly [x: number, y: number, z: number];
  radii: readonly [x: number, y: number, z: number];
  shell: number;
  spongy: number;
  tilt?: readonly [frontal: number, lateral: number];
  /** How much the outline leaves the ellipse: three-cornered, four-cornered. */
  corners?: readonly [three: number, four: number];
  end: 'proximal' | 'distal';
}

/** Where a bone's own frame sits in the limb's, turned about its origin in each view (degrees). */
export interface Place {
  x: number;
  y: number;
  z: number;
  frontal: number;
  lateral: number;
}

export interface Bone {
  name: string;
  stations: readonly Station[];
  lumps: readonly Lump[];
  /** Proximal and distal joint surface, frontal and lateral. */
  caps?: { proximal?: readonly [Cap, Cap]; distal?: readonly [Cap, Cap] };
  /** Rounding of the two ends, millimetres. */
  round: readonly [proximal: number, distal: number];
  /** Height of the growth plates of a child over the ends; null where an end has none. */
  plates: readonly [proximal: number | null, distal: number | null];
  place?: Place;
}

/** Slice of the skin: z, centre x and y, half-axes. */
export type Skin = readonly [z: number, x: number, y: number, a: number, b: number];

export interface Flesh {
  slices: readonly Skin[];
  place?: Place;
}

export interface Limb {
  bodyPart: string;
  bones: readonly Bone[];
  flesh: readonly Flesh[];
  /** Bones that may break: index, stretch of z in the bone's frame, and the index of one that breaks with it. */
  sites: readonly { bone: number; from: number; to: number; with: number | null; weight: number }[];
  /** What is taken beside the frontal view. */
  second: 'lateral' | 'oblique';
  /** Height of the film's field, millimetres of an adult. */
  field: readonly [low: number, high: number];
}
