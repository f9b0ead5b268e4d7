// The loss around trained weights, along random directions in which each filter is as long as the trained one.
// Must not touch a model that answers: it loads one of its own.
import type { Tensor } from '@tensorflow/tfjs';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { Models } from '../answer.ts';
import type { ModelReference } from '../answer.ts';
import type { Engine } from '../engine.ts';
import { binaryCrossEntropy } from '../loss.ts';
import { logitsOf, predictLogits } from '../predict.ts';

export interface SliceOrder extends ModelReference {
  /** Prepared films, size * size bytes each, and 1 for fracture, 0 for whole. */
  pixels: Uint8Array;
  labels: Uint8Array;
  directions: 1 | 2;
  /** Odd. */
  points: number;
  /** In lengths of the trained filters. */
  reach: number;
  seed: number;
}

export interface Sliced {
  at: number[];
  /** A row for each place along the second direction; null where the loss is no number. */
  loss: (number | null)[][];
  trained: number;
}

interface Hooks {
  onPoint(done: number, total: number): void;
  signal: AbortSignal;
}

/**
 * Loss of the model as it answers (mirrored where it answers so), classes counted as they come.
 * Directions are normal noise, each filter scaled to the length of the trained filter; offsets and the figures of
 * normalisation stay as they are (Li, Xu, Taylor, Studer and Goldstein 2018, section 4 and appendix).
 * @throws Problem MODEL_DAMAGED, CANCELLED
 */
export async function sliceLoss(engine: Engine, order: SliceOrder, { onPoint, signal }: Hooks): Promise<Sliced> {
  const { tf } = engine;
  const { model, card } = new Models(engine).open(order);
  const logits = logitsOf(tf, model);
  const { size, mirrorAnswers } = card.settings;
  const places = Uint32Array.from(order.labels, (_, place) => place);
  const trained = model
    .getWeights()
    .map((weight) => ({ shape: weight.shape, values: weight.dataSync() as Float32Array }));
  const normal = random(order.seed, 7);
  const directions = Array.from({ length: order.directions }, () =>
    trained.map(({ shape, values }) => filterwise(values, shape, () => normal.normal())),
  );
  const lossAt = (steps: readonly number[]): number => {
    const moved = trained.map(({ shape, values }, i) => {
      const sum = values.map((value, at) =>
        directions.reduce((all, direction, d) => all + (steps[d] ?? 0) * (direction[i]?.[at] ?? 0), value),
      );
      return tf.tensor(sum, shape);
    });
    model.setWeights(moved);
    tf.dispose(moved as Tensor[]);
    const answers = predictLogits(tf, logits, card.normalisation, order.pixels, size, places, mirrorAnswers);
    return binaryCrossEntropy(answers, order.labels, [1, 1]).loss;
  };
  const at = placesAlong(order.points, order.reach);
  const rows = order.directions === 2 ? at : [0];
  const total = rows.length * at.length;
  const loss: (number | null)[][] = [];
  try {
    for (const down of rows) {
      const row: (number | null)[] = [];
      loss.push(row);
      for (const across of at) {
        if (signal.aborted) throw new Problem('CANCELLED');
        const value = lossAt([across, down]);
        row.push(Number.isFinite(value) ? value : null);
        onPoint((loss.length - 1) * at.length + row.length, total);
        // What cancels it must be heard.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return { at, loss, trained: lossAt([0, 0]) };
  } finally {
    model.dispose();
  }
}

/** From -reach to reach, 0 in the middle. */
export function placesAlong(points: number, reach: number): number[] {
  const half = (points - 1) / 2;
  return Array.from({ length: points }, (_, i) => (reach * (i - half)) / half);
}

/**
 * Noise in which each filter (all weights that lead to one output: the last side of a kernel) is as long as the trained
 * one; nothing for weights without inputs: offsets, and what normalises.
 */
export function filterwise(values: Float32Array, shape: readonly number[], draw: () => number): Float32Array {
  const noise = new Float32Array(values.length);
  if (shape.length < 2) return noise;
  const filters = shape.at(-1) ?? 1;
  for (let at = 0; at < noise.length; at++) noise[at] = draw();
  for (let filter = 0; filter < filters; filter++) {
    let [length, drawn] = [0, 0];
    for (let at = filter; at < noise.length; at += filters) {
      length += (values[at] ?? 0) ** 2;
      drawn += (noise[at] ?? 0) ** 2;
    }
    const scale = drawn > 0 ? Math.sqrt(length / drawn) : 0;
    for (let at = filter; at < noise.length; at += filters) noise[at] = (noise[at] ?? 0) * scale;
  }
  return noise;
}
