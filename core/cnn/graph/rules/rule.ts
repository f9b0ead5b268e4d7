// What a rule for a kind of layer is: how it is computed, and how its gradient is.
// Must not know any particular kind.
import type { SymbolicTensor, layers } from '@tensorflow/tfjs';
import type { GraphBuilder, Value } from '../builder.ts';
import type { DataType } from '../messages.ts';
import { cast } from '../ops.ts';

type Layer = layers.Layer;
/** A weight of a layer; `read` gives the tfjs variable that holds it. */
export type LayerWeight = Layer['weights'][number];

/** A layer was met that no rule can compile. The caller trains by the layers engine instead, and says so. */
export class CannotCompile extends Error {
  readonly layer: string;
  constructor(layer: string, reason: string) {
    super(`the layer "${layer}" cannot be compiled: ${reason}`);
    this.layer = layer;
  }
}

/** What a rule works with. */
export interface Compiling {
  g: GraphBuilder;
  /** Type of what flows between layers; weights, statistics and the loss are float32 whatever it is. */
  precision: Extract<DataType, 'float32' | 'bfloat16'>;
  training: boolean;
  /** A weight as it is in this step, float32. */
  read(weight: LayerWeight): Value;
  /** A seed [2] of this step for one random layer. */
  seed(layer: Layer): Value;
  /** Sets a weight that no gradient moves (moving averages) once this step is computed. */
  set(weight: LayerWeight, value: Value): void;
}

/** One use of a layer in the network. */
export interface Use {
  layer: Layer;
  config: Record<string, unknown>;
  inputs: Value[];
  /** Sizes without the batch. */
  inputShapes: number[][];
  outputShape: number[];
}

export interface Gradients {
  /** One an input; null where none flows back. */
  inputs: (Value | null)[];
  weights: { weight: LayerWeight; gradient: Value }[];
}

export interface Applied {
  output: Value;
  /** From the gradient by the output to those by inputs and weights, all float32 or of the precision. */
  backward(dy: Value): Gradients;
}

export type Rule = (c: Compiling, use: Use) => Applied;

/** A weight in the precision it is computed in. */
export const weightOf = (c: Compiling, weight: LayerWeight): Value => cast(c.g, c.read(weight), c.precision);

/** The weight tfjs keeps under a property of the layer; null where the layer has none of it. */
export function weightAt(layer: Layer, property: string): LayerWeight | null {
  const weight = (layer as unknown as Record<string, LayerWeight | null | undefined>)[property];
  return weight ?? null;
}

export function neededWeight(layer: Layer, property: string): LayerWeight {
  const weight = weightAt(layer, property);
  if (!weight) throw new CannotCompile(layer.name, `it has no ${property}`);
  return weight;
}

export function onlyInput({ inputs, layer }: Pick<Use, 'inputs' | 'layer'>): Value {
  const [x, ...more] = inputs;
  if (!x || more.length > 0) throw new CannotCompile(layer.name, `it has ${inputs.length} inputs, not one`);
  return x;
}

export function onlyShape({ inputShapes, layer }: Pick<Use, 'inputShapes' | 'layer'>): number[] {
  const [shape] = inputShapes;
  if (!shape) throw new CannotCompile(layer.name, 'its input has no shape');
  return shape;
}

/** [height, width] from 3 or [3, 3]. */
export function pair(value: unknown): [number, number] {
  const [a, b] = Array.isArray(value) ? (value as number[]) : [value as number, value as number];
  return [Number(a), Number(b ?? a)];
}

export function channelsLast({ config, layer }: Use): void {
  const format = config['dataFormat'];
  if (format === 'channelsFirst') throw new CannotCompile(layer.name, 'its channels come first');
}

/** Sizes of a symbolic tensor without the batch; all must be known. */
export function sizesOf(tensor: SymbolicTensor, layer: string): number[] {
  return tensor.shape.slice(1).map((size) => {
    if (size === null) throw new CannotCompile(layer, 'a size of its input or output is not known');
    return size;
  });
}
