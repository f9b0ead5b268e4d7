// Boxes on films as a second teacher: the map a network is to draw beside its answer, and how much each film's map counts.
// Pure arithmetic; must not know engines or where boxes come from.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { Box } from '#api/box.ts';
import { placeFilm } from './augment.ts';
import type { Placement } from './augment.ts';
import { learningWeights } from './epochs.ts';
import { logistic } from './loss.ts';
import type { TrainingPlan } from './trainer.ts';

/** Name of the layer whose output [films, side, side, 1], logits of a mark in each cell, boxes teach. */
export const mapLayer = 'marks_map';

/** How much the map counts against the class, and a cell in a box against one outside: boxes cover few cells. */
export const mapShare = 1;
export const boxShare = 8;

/** The map of a network that has one: it is learned by, it does not answer. */
export function mapOf({ layers }: Pick<LayersModel, 'layers'>): SymbolicTensor | null {
  const layer = layers.find(({ name }) => name === mapLayer);
  return (layer?.output as SymbolicTensor | undefined) ?? null;
}

export const sideOfMap = (map: SymbolicTensor): number => map.shape[1] ?? 1;

/** Of all films, one after the other. */
export interface MarkMaps {
  /** side x side a film, row by row: 1 where a box covers the cell or lies whole within it, its share else. */
  targets: Float32Array;
  /** 0: the map of this film teaches nothing. */
  weights: Float32Array;
}

/** Whole films teach that there is nothing; a fracture without a box could be anywhere, so its map teaches nothing. */
export function markMaps(plan: TrainingPlan, side: number): MarkMaps {
  const { labels, boxes, settings } = plan;
  const [whole, fracture] = learningWeights(plan);
  const targets = new Float32Array(labels.length * side * side);
  const weights = Float32Array.from(labels, (label, film) => {
    const some = boxes?.[film] ?? [];
    if (label !== 1) return whole;
    if (some.length === 0) return 0;
    targets.set(boxMap(some, settings.size, side), film * side * side);
    return fracture;
  });
  return { targets, weights };
}

export function boxMap(boxes: readonly Box[], size: number, side: number): Float32Array {
  const cell = size / side;
  const map = new Float32Array(side * side);
  const overlap = (from: number, length: number, at: number) =>
    Math.max(0, Math.min(from + length, (at + 1) * cell) - Math.max(from, at * cell));
  for (const { x, y, width, height } of boxes) {
    const least = Math.min(cell, width) * Math.min(cell, height);
    for (let at = 0; at < map.length && least > 0; at++) {
      const shared = overlap(x, width, at % side) * overlap(y, height, Math.floor(at / side));
      map[at] = Math.max(map[at] ?? 0, shared / least);
    }
  }
  return map;
}

/** Moves a map as the film of `size` pixels is moved; writes it from `offset` on. */
export function placeMap(
  map: Float32Array,
  size: number,
  side: number,
  { shiftX, shiftY, ...placement }: Placement,
  target: Float32Array,
  offset: number,
): void {
  const tone = { contrast: 1, brightness: 0, grain: 0, seed: 0 };
  const moved = { ...placement, shiftX: (shiftX * side) / size, shiftY: (shiftY * side) / size, tone };
  placeFilm(map, side, moved, target, offset, 1, 0);
}

/** Gradient by the logits of binary cross-entropy, the mean over films and cells, each with its weight. */
export function mapGradient(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float32Array {
  const cells = logits.length / weights.length;
  return Float32Array.from({ length: logits.length }, (_, at) => {
    const target = targets[at] ?? Number.NaN;
    const weight = (weights[Math.floor(at / cells)] ?? Number.NaN) * (1 + (boxShare - 1) * target);
    return (mapShare * weight * (logistic(logits[at] ?? Number.NaN) - target)) / logits.length;
  });
}
