// The films of a training in the session: kept as bytes, fed by place, normalised and placed inside the graph.
// Must not know networks or losses.
import { middleGrey } from '../augment.ts';
import type { Placement } from '../augment.ts';
import type { Normalisation } from '../batches.ts';
import type { GraphBuilder, Signature, Slot, Value } from './builder.ts';
import { add, cast, gather, matMul, mul, reshape, shapeOf, slice, stateless } from './ops.ts';

export interface FilmSettings {
  films: number;
  size: number;
  normalisation: Normalisation;
  /** Whether placements are fed with the places. */
  placed: boolean;
  /** Whether they change greys. */
  toned: boolean;
}

/** Figures of a placement: eight of where, then contrast, brightness and grain. */
export const placementFigures = 11;

/** Placements of a batch, [films, `placementFigures`], and the seed (int32, [2]) of its grain. */
export interface Placements {
  figures: Value;
  seed: Value;
}

/** Maps of marks, side x side a film, and how much each film's counts. */
export interface ResidentMaps {
  side: number;
  targets: Slot;
  weights: Slot;
}

export interface ResidentFilms {
  pixels: Slot;
  labels: Slot;
  weights: Slot;
  maps: ResidentMaps | null;
}

/** @param side of the maps; null where the network has none */
export function residentFilms(g: GraphBuilder, { films, size }: FilmSettings, side: number | null): ResidentFilms {
  return {
    pixels: g.slot('pixels', 'uint8', [films, size * size]),
    labels: g.slot('labels', 'float32', [films]),
    weights: g.slot('film_weights', 'float32', [films]),
    maps:
      side === null
        ? null
        : {
            side,
            targets: g.slot('maps', 'float32', [films, side * side]),
            weights: g.slot('map_weights', 'float32', [films]),
          },
  };
}

/** Signature `films`: the set comes as 32-bit words of four pixels, because tfjs feeds bytes one by one. */
export function addFilmsSignature(g: GraphBuilder, resident: ResidentFilms, { films, size }: FilmSettings): void {
  const words = g.placeholder('int32', [-1]);
  const labels = g.placeholder('float32', [-1]);
  const weights = g.placeholder('float32', [-1]);
  const bytes = g.op('Bitcast', [words], { T: { type: 'int32' }, type: { type: 'uint8' } }, 'uint8');
  const maps = mapsGiven(g, resident.maps);
  const all = films * size * size;
  const flat = reshape(g, bytes, [-1]);
  const kept = all % 4 === 0 ? flat : sliceOf(g, flat, all);
  const done = g.done([
    g.assign(resident.pixels, reshape(g, kept, [films, size * size])),
    g.assign(resident.labels, labels),
    g.assign(resident.weights, weights),
    ...maps.done,
  ]);
  g.signatures['films'] = {
    inputs: {
      words: { value: words, shape: [-1] },
      labels: { value: labels, shape: [-1] },
      weights: { value: weights, shape: [-1] },
      ...maps.inputs,
    },
    outputs: { done },
  };
}

function mapsGiven(g: GraphBuilder, maps: ResidentMaps | null): { inputs: Signature['inputs']; done: Value[] } {
  if (!maps) return { inputs: {}, done: [] };
  const { targets, weights } = maps;
  const given = ({ shape }: Slot) => ({ value: g.placeholder('float32', shape), shape: [...shape] });
  const inputs = { maps: given(targets), mapWeights: given(weights) };
  const done = [g.assign(targets, inputs.maps.value), g.assign(weights, inputs.mapWeights.value)];
  return { inputs, done };
}

const sliceOf = (g: GraphBuilder, flat: Value, size: number): Value =>
  g.op('Slice', [flat, g.ints([0]), g.ints([size])], { T: { type: flat.dtype }, Index: { type: 'int32' } });

/** Pixels as words to feed; no copy where their number can be divided by four. */
export function wordsOf(pixels: Uint8Array): Int32Array {
  if (pixels.length % 4 === 0 && pixels.byteOffset % 4 === 0) {
    return new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  }
  const padded = new Uint8Array(Math.ceil(pixels.length / 4) * 4);
  padded.set(pixels);
  return new Int32Array(padded.buffer);
}

/**
 * The films at `places` as a network takes them, [films, size, size, 1], float32.
 * @param placements figures as `placementOf` gives them, or null: the films as they are
 */
export function batchGraph(
  g: GraphBuilder,
  resident: ResidentFilms,
  { size, normalisation, toned }: FilmSettings,
  places: Value,
  placements: Placements | null,
): Value {
  const { mean, deviation } = normalisation;
  const bytes = reshape(g, gather(g, g.read(resident.pixels), places), [-1, size, size, 1]);
  const grey = cast(g, bytes, 'float32');
  const placed = placements ? place(g, grey, slice(g, placements.figures, [0, 0], [-1, 8]), size) : grey;
  const changed = placements && toned ? tone(g, placed, placements) : placed;
  return add(g, mul(g, changed, g.scalar(1 / (255 * deviation))), g.scalar(-mean / deviation));
}

/** The maps at `places`, [films, side, side, 1], moved as their films are, and their weights. */
export function mapsGraph(
  g: GraphBuilder,
  { side, targets, weights }: ResidentMaps,
  size: number,
  places: Value,
  placements: Placements | null,
): { targets: Value; weights: Value } {
  const maps = reshape(g, gather(g, g.read(targets), places), [-1, side, side, 1]);
  const moved = placements ? place(g, maps, transformsOfMaps(g, placements, size, side), side) : maps;
  return { targets: moved, weights: gather(g, g.read(weights), places) };
}

/** Cell c has its middle at pixel (c + 1/2) size / side - 1/2: the same transforms in these units. */
function transformsOfMaps(g: GraphBuilder, { figures }: Placements, size: number, side: number): Value {
  const cell = size / side;
  const ahead = (cell - 1) / 2;
  const toCells = Array.from({ length: 64 }, (_, at): number => (at % 9 === 0 ? 1 : 0));
  // A figure of where (the third and sixth): (a ahead + b ahead + where - ahead) / cell.
  for (const where of [2, 5]) {
    toCells[where * 8 + where] = 1 / cell;
    toCells[(where - 2) * 8 + where] = ahead / cell;
    toCells[(where - 1) * 8 + where] = ahead / cell;
  }
  const offsets = Array.from({ length: 8 }, (_, at) => (at === 2 || at === 5 ? -ahead / cell : 0));
  const transforms = slice(g, figures, [0, 0], [-1, 8]);
  return add(g, matMul(g, transforms, g.constant(toCells, [8, 8])), g.constant(offsets, [8]));
}

/** Linear between pixels; beyond the edge the edge goes on, as `placeFilm` has it. */
const place = (g: GraphBuilder, grey: Value, placements: Value, size: number): Value =>
  g.op('ImageProjectiveTransformV3', [grey, placements, g.ints([size, size]), g.scalar(0)], {
    dtype: { type: 'float32' },
    interpolation: { text: 'BILINEAR' },
    fill_mode: { text: 'NEAREST' },
  });

function tone(g: GraphBuilder, grey: Value, { figures, seed }: Placements): Value {
  const figure = (number: number) => reshape(g, slice(g, figures, [0, 8 + number], [-1, 1]), [-1, 1, 1, 1]);
  const [contrast, brightness, grain] = [figure(0), figure(1), figure(2)];
  // A stream of its own: layers that draw take the seed of the step itself.
  const grainSeed = add(g, seed, g.ints([0x67, 0x7261]));
  const noise = mul(g, stateless(g, 'StatelessRandomNormal', shapeOf(g, grey), grainSeed), grain);
  const level = add(g, add(g, brightness, g.scalar(middleGrey)), noise);
  const changed = add(g, mul(g, add(g, grey, g.scalar(-middleGrey)), contrast), level);
  return g.op('ClipByValue', [changed, g.scalar(0), g.scalar(255)], { T: { type: 'float32' } });
}

/** The figures of a placement. */
export const placementOf = (placement: Placement, size: number): number[] => {
  const { contrast, brightness, grain } = placement.tone;
  return [...transformOf(placement, size), contrast, brightness, grain];
};

/** A placement as TensorFlow takes it: where (x, y) of the target lies in the source. */
function transformOf({ cos, sin, shiftX, shiftY, mirrored }: Placement, size: number): number[] {
  const middle = (size - 1) / 2;
  const side = mirrored ? -1 : 1;
  // u = side (x - middle), v = y - middle; source x = cos u - sin v + middle + shift, source y = sin u + cos v + ...
  const toX = [side * cos, -sin, middle + shiftX - side * cos * middle + sin * middle];
  const toY = [side * sin, cos, middle + shiftY - side * sin * middle - cos * middle];
  return [...toX, ...toY, 0, 0];
}
