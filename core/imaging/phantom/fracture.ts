// One break in three dimensions: the surfaces it leaves and how its pieces lie. Both films of a patient see the same one.
// Must not know the view or the film.
import type { Lump } from './bone.ts';
import type { Dice } from './dice.ts';
import type { Shape } from './shape.ts';
import { Slice, sliceAt, sliceMm } from './shape.ts';
import { tiles, tileSize } from './texture.ts';

export type BreakKind = 'transverse' | 'oblique' | 'spiral' | 'comminuted' | 'hairline';

/** Heights over a square of x and y about the axis of the bone, millimetres above or below the level of the break. */
export interface Surface {
  heights: Float32Array;
  /** Half the side of the square. */
  reach: number;
}

export const surfaceCells = 64;

/** A piece of the bone: what lies between its two surfaces (null: to the end), and where it has gone. */
export interface Piece {
  upper: Surface | null;
  lower: Surface | null;
  /** Turned about the axis at this z, +z leaning to x and y by these angles (radians). */
  pivot: number;
  tilt: readonly [x: number, y: number];
  move: readonly [x: number, y: number, z: number];
}

export interface Fracture {
  kind: BreakKind;
  bone: number;
  /** Level of the break in the bone's frame, and how far its surfaces reach above and below. */
  z: number;
  zone: number;
  pieces: readonly Piece[];
  chips: readonly Lump[];
  /** Where the apex of the bend goes (x, y), millimetres: flesh follows. */
  apex: readonly [x: number, y: number];
}

/** How far the pieces of a break have gone. */
export interface Displacement {
  /** Angle of the two halves, radians, and its direction about the axis. */
  angle: number;
  towards: number;
  /** Step of the distal piece to the side, millimetres, and its direction. */
  step: number;
  aside: number;
  shortening: number;
  gap: number;
}

interface Cut {
  tilt: number;
  azimuth: number;
  jag: number;
  /** Rise of a spiral over one turn; 0 for a plane. */
  pitch: number;
  /** A hairline may stop before it is through: 1 through, less where it stops. */
  through: number;
}

export function fractureOf(
  kind: BreakKind,
  shape: Shape,
  bone: number,
  z: number,
  moved: Displacement,
  dice: Dice,
): Fracture {
  const slice = sliceAt(shape, z);
  const a = shape.slices[slice + Slice.a] ?? 1;
  const b = shape.slices[slice + Slice.b] ?? 1;
  const size = Math.max(a, b);
  const reach = 1.4 * size;
  const cut = cutOf(kind, size, dice);
  const main = surface(reach, roughened(cut, a, b, dice));
  const gap = (x: number, y: number): number => {
    const across = (x * Math.cos(cut.azimuth) + y * Math.sin(cut.azimuth)) / size;
    return moved.gap * Math.min(1, Math.max(0, (cut.through * 2 - 1 - across) * 3 + 1));
  };
  const pieces = kind === 'comminuted' ? withWedges(main, gap, size, dice) : halves(main, gap);
  const zone = Math.max(...pieces.flatMap(({ upper, lower }) => [upper, lower]).map(deepest));
  const end = shape.start + (shape.count - 1) * sliceMm;
  const above = z - shape.start;
  const under = end - z;
  const lift = (moved.angle * above * under) / (above + under);
  const apex = [lift * Math.cos(moved.towards), lift * Math.sin(moved.towards)] as const;
  const step = [moved.step * Math.cos(moved.aside), moved.step * Math.sin(moved.aside)] as const;
  const leanAbove = [apex[0] / above, apex[1] / above] as const;
  const leanUnder = [-(apex[0] + step[0]) / under, -(apex[1] + step[1]) / under] as const;
  // A leaning piece reaches less far along the limb; the ends stay in touch, so the joint beyond comes nearer.
  const drawn = above * (1 - Math.cos(Math.hypot(...leanAbove))) + under * (1 - Math.cos(Math.hypot(...leanUnder)));
  return {
    kind,
    bone,
    z,
    zone: Math.min(zone, 4 * size) + 1,
    pieces: pieces.map((piece) => ({ ...piece, ...lying(piece) })),
    chips: kind === 'comminuted' ? chipsOf(shape, z, size, dice) : [],
    apex,
  };

  /** The halves hang on their joints: the ends stay, the broken ends leave the line. */
  function lying(piece: Loose): Pick<Piece, 'pivot' | 'tilt' | 'move'> {
    if (piece.wedge) {
      const { out, turn, direction } = piece.wedge;
      const x = apex[0] + out * Math.cos(direction);
      const y = apex[1] + out * Math.sin(direction);
      const tilt = [turn * Math.cos(direction), turn * Math.sin(direction)] as const;
      return {
        pivot: z,
        tilt,
        move: [x, y, -0.5 * moved.shortening - above * (1 - Math.cos(Math.hypot(...leanAbove)))],
      };
    }
    if (!piece.upper) return { pivot: shape.start, tilt: leanAbove, move: [0, 0, 0] };
    return { pivot: end, tilt: leanUnder, move: [0, 0, -moved.shortening - drawn] };
  }
}

interface Loose {
  upper: Surface | null;
  lower: Surface | null;
  wedge?: { out: number; turn: number; direction: number };
}

function cutOf(kind: BreakKind, size: number, dice: Dice): Cut {
  const azimuth = dice.range(0, 2 * Math.PI);
  const tilt = dice.range(0, 0.2);
  const plane = { tilt, azimuth, jag: size * dice.range(0.09, 0.2), pitch: 0, through: 1.2 };
  if (kind === 'oblique') return { ...plane, tilt: dice.range(0.6, 1.05), jag: size * dice.range(0.05, 0.12) };
  if (kind === 'spiral') {
    const pitch = size * dice.range(3.6, 6) * (dice.chance(0.5) ? 1 : -1);
    return { ...plane, jag: size * dice.range(0.03, 0.07), pitch };
  }
  if (kind === 'comminuted') return { ...plane, tilt: dice.range(0.1, 0.7), jag: size * dice.range(0.08, 0.17) };
  if (kind === 'hairline') {
    const slanted = dice.chance(0.5);
    const through = dice.chance(0.4) ? dice.range(0.55, 0.9) : 1.2;
    return { ...plane, tilt: slanted ? dice.range(0.5, 0.95) : tilt, jag: size * dice.range(0.03, 0.09), through };
  }
  return plane;
}

function surface(reach: number, height: (x: number, y: number) => number): Surface {
  const heights = new Float32Array(surfaceCells * surfaceCells);
  const cell = (2 * reach) / (surfaceCells - 1);
  for (let row = 0; row < surfaceCells; row++) {
    for (let column = 0; column < surfaceCells; column++) {
      heights[row * surfaceCells + column] = height(column * cell - reach, row * cell - reach);
    }
  }
  return { heights, reach };
}

function deepest(surface: Surface | null): number {
  let most = 0;
  if (surface)
    for (let i = 0; i < surface.heights.length; i++) most = Math.max(most, Math.abs(surface.heights[i] as number));
  return most;
}

const mapped = (from: Surface, change: (height: number, x: number, y: number) => number): Surface => {
  let place = 0;
  return surface(from.reach, (x, y) => change(from.heights[place++] ?? 0, x, y));
};

/** The plane or helix of the cut with teeth of bone on it. */
function roughened(cut: Cut, a: number, b: number, dice: Dice): (x: number, y: number) => number {
  const { rough } = tiles();
  const left = dice.below(tileSize);
  const top = dice.below(tileSize);
  const cell = 0.35;
  const slope = Math.tan(cut.tilt);
  const turn = dice.range(0, 2 * Math.PI);
  return (x, y) => {
    const across = x * Math.cos(cut.azimuth) + y * Math.sin(cut.azimuth);
    const column = (left + Math.round(x / cell + tileSize)) % tileSize;
    const row = (top + Math.round(y / cell + tileSize)) % tileSize;
    const teeth = cut.jag * (rough[row * tileSize + column] ?? 0);
    if (cut.pitch === 0) return slope * across + teeth;
    const angle = (Math.atan2(y / b, x / a) + turn) / (2 * Math.PI);
    return cut.pitch * (angle - Math.floor(angle) - 0.5) + teeth;
  };
}

function halves(main: Surface, gap: (x: number, y: number) => number): Loose[] {
  return [
    { upper: null, lower: mapped(main, (height, x, y) => height - 0.5 * gap(x, y)) },
    { upper: mapped(main, (height, x, y) => height + 0.5 * gap(x, y)), lower: null },
  ];
}

/** One or two wedges broken out of the sides, each between the main cut and a second one that meets it inside. */
function withWedges(main: Surface, gap: (x: number, y: number) => number, size: number, dice: Dice): Loose[] {
  let above = main;
  let under = main;
  const wedges: Loose[] = [];
  const first = dice.range(0, 2 * Math.PI);
  const count = dice.chance(0.5) ? 2 : 1;
  for (let i = 0; i < count; i++) {
    const direction = first + i * dice.range(1.8, 3.4);
    const inner = size * dice.range(-0.35, 0.25);
    const slope = dice.range(1.1, 2.4) * (i === 0 ? 1 : -1);
    const before = i === 0 ? under : above;
    const depth = (x: number, y: number): number =>
      slope * Math.max(0, x * Math.cos(direction) + y * Math.sin(direction) - inner);
    const beyond = mapped(before, (height, x, y) => height + depth(x, y));
    const side = (x: number, y: number): number => (depth(x, y) === 0 ? 3 : 0.5 * gap(x, y));
    const low = i === 0 ? beyond : before;
    const high = i === 0 ? before : beyond;
    wedges.push({
      upper: mapped(high, (height, x, y) => height + side(x, y)),
      lower: mapped(low, (height, x, y) => height - side(x, y)),
      wedge: { out: size * dice.range(0.1, 0.7), turn: dice.normal(0, 0.16), direction },
    });
    if (i === 0) under = beyond;
    else above = beyond;
  }
  const [proximal] = halves(above, gap);
  const [, distal] = halves(under, gap);
  return [proximal, distal, ...wedges].filter((piece) => piece !== undefined);
}

/** Splinters of cortex near the break. */
function chipsOf(shape: Shape, z: number, size: number, dice: Dice): Lump[] {
  const o = sliceAt(shape, z);
  const x = shape.slices[o + Slice.x] ?? 0;
  const y = shape.slices[o + Slice.y] ?? 0;
  return Array.from({ length: dice.below(4) }, () => {
    const direction = dice.range(0, 2 * Math.PI);
    const out = size * dice.range(0.8, 1.7);
    const long = size * dice.range(0.08, 0.24);
    return {
      at: [x + out * Math.cos(direction), y + out * Math.sin(direction), z + size * dice.range(-1, 1)] as const,
      radii: [long * dice.range(0.3, 0.6), long * dice.range(0.3, 0.6), long] as const,
      shell: long,
      spongy: 0,
      tilt: [dice.range(-50, 50), dice.range(-50, 50)] as const,
      end: 'distal' as const,
    };
  });
}
