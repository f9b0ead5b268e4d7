// A network in words and figures: one row a layer, as the Train page shows it, and what the whole of it takes.
// Must not build or change a network.
import type { LayersModel, SymbolicTensor, layers } from '@tensorflow/tfjs';
import type { LayerRow, NetworkCost } from '#api/runs.ts';

type Config = Record<string, unknown>;
type Layer = layers.Layer;

const activationWords: Record<string, string> = { sigmoid: 'logistic', relu: 'ReLU', tanh: 'tanh' };
/** A number of a network, and of what flows through it, is a float32. */
const BYTES = 4;
/** Change neither the figures nor how they lie on the picture, or belong to the layer before them. */
const unsaid = new Set(['Flatten', 'Reshape', 'Activation', 'SlopedActivation']);

/**
 * Rows of the layers that hold weights or change the picture. Flattening changes nothing and is left out; an
 * activation belongs to the layer before it and is named where it makes the answer.
 */
export function describeLayers(model: LayersModel): { layers: LayerRow[]; weights: number; cost: NetworkCost } {
  const rows = model.layers.filter((layer) => !unsaid.has(layer.getClassName())).map(row);
  const [last, answer] = [rows.at(-1), model.layers.at(-1)];
  const word = activationWords[String(answer?.getConfig()['activation'])];
  if (last && word) last.name = `Dense, ${word}`;
  return { layers: rows, weights: model.countParams(), cost: costOf(model) };
}

/** What a network takes, counted layer by layer. Activations written into the layer before them still count as outputs. */
export function costOf(model: LayersModel): NetworkCost {
  const sum = (of: (layer: Layer) => number) => model.layers.reduce((all, layer) => all + of(layer), 0);
  const parameters = model.countParams();
  return {
    parameters,
    macs: sum(macsOf),
    weightBytes: BYTES * parameters,
    filmBytes: sum((layer) => BYTES * product(sidesOf(layer.outputShape))),
  };
}

/** Multiplications for one film: each weight of a convolution once a place, of a dense layer once. Elsewhere a few a figure: not counted. */
function macsOf(layer: Layer): number {
  const config = layer.getConfig();
  const kernels = layer.getWeights().filter(({ rank }) => rank > 1);
  const weights = kernels.reduce((all, { size }) => all + size, 0);
  const [height = 1, width = 1] = sidesOf(layer.outputShape);
  switch (layer.getClassName()) {
    case 'Dense':
      return weights;
    case 'Conv2D':
    case 'DepthwiseConv2D':
    case 'SeparableConv2D':
    case 'SCells':
      return height * width * weights;
    case 'MultiScaleConv2D':
      return (config['scales'] as number[]).reduce(
        (all, scale) => all + Math.ceil(height / scale) * Math.ceil(width / scale) * weights,
        0,
      );
    default:
      return 0;
  }
}

function row(layer: Layer): LayerRow {
  const shape = (layer.outputShape as (number | null)[]).slice(1);
  return {
    name: inWords(layer.getClassName(), layer.getConfig(), shape.length),
    shape,
    weights: layer.countParams(),
    dtype: (layer.output as SymbolicTensor).dtype,
    bytes: BYTES * product(sidesOf(layer.outputShape)),
  };
}

/** A kind of layer with its settings, in words. `rank` of what it gives, without the batch. */
export function inWords(kind: string, config: Config, rank: number): string {
  switch (kind) {
    case 'InputLayer':
      return 'Input';
    case 'Conv2D':
      return `Convolution ${sides(config['kernelSize'])}, ${String(config['filters'])}${moving(config)}`;
    case 'MultiScaleConv2D':
      return `Convolution ${sides(config['kernelSize'])} at scales ${(config['scales'] as number[]).join(', ')}, ${String(config['filters'])}`;
    case 'SCells':
      return `S-cells ${sides(config['kernelSize'])}, ${String(config['patterns'])}`;
    case 'MaxPooling2D':
      return `Max pooling ${sides(config['poolSize'])}`;
    case 'AveragePooling2D':
      return `Average pooling ${sides(config['poolSize'])}`;
    case 'GlobalAveragePooling2D':
      return 'Mean over the picture';
    case 'GlobalMaxPooling2D':
      return 'Largest on the picture';
    case 'BatchNormalization':
      return 'Batch normalisation';
    case 'Add':
      return 'Sum';
    case 'Concatenate':
      return 'Joined';
    case 'Multiply':
      return rank === 3 ? 'Channels weighed' : 'Products';
    case 'Dense':
      return `Dense, ${String(config['units'])}`;
    default:
      return kind;
  }
}

function moving({ strides }: Config): string {
  const step = Array.isArray(strides) ? Number(strides[0]) : Number(strides ?? 1);
  return step === 1 ? '' : `, moving ${step}`;
}

function sides(value: unknown): string {
  return Array.isArray(value) ? value.join(' × ') : `${String(value)} × ${String(value)}`;
}

export const sidesOf = (shape: unknown): number[] => (shape as (number | null)[]).slice(1).map((side) => side ?? 1);
export const product = (sizes: number[]) => sizes.reduce((all, size) => all * size, 1);
