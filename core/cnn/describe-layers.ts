// A network in words and figures: one row a layer, as the Train page shows it.
// Must not build or change a network.
import type { LayersModel, SymbolicTensor, layers } from '@tensorflow/tfjs';
import type { LayerRow } from '#api/runs.ts';

type Config = Record<string, unknown>;

const activationWords: Record<string, string> = { sigmoid: 'logistic', relu: 'ReLU', tanh: 'tanh' };

/**
 * Rows of the layers that hold weights or change the picture. Flattening changes nothing and is left out; an
 * activation belongs to the layer before it and is named where it makes the answer.
 */
export function describeLayers(model: LayersModel): { layers: LayerRow[]; weights: number } {
  const rows: LayerRow[] = [];
  for (const layer of model.layers) {
    const kind = layer.getClassName();
    if (kind === 'Flatten') continue;
    if (kind === 'Activation' || kind === 'SlopedActivation') {
      const before = rows.at(-1);
      const word = activationWords[String(layer.getConfig()['activation'])];
      if (before && word && layer === model.layers.at(-1)) before.name = `Dense, ${word}`;
      continue;
    }
    rows.push(row(layer, kind));
  }
  return { layers: rows, weights: model.countParams() };
}

function row(layer: layers.Layer, kind: string): LayerRow {
  const shape = (layer.outputShape as (number | null)[]).slice(1);
  return {
    name: inWords(kind, layer.getConfig()),
    shape,
    weights: layer.countParams(),
    dtype: (layer.output as SymbolicTensor).dtype,
    bytes: 4 * shape.reduce<number>((product, side) => product * (side ?? 1), 1),
  };
}

function inWords(kind: string, config: Config): string {
  switch (kind) {
    case 'InputLayer':
      return 'Input';
    case 'Conv2D':
      return `Convolution ${sides(config['kernelSize'])}, ${String(config['filters'])}`;
    case 'MaxPooling2D':
      return `Max pooling ${sides(config['poolSize'])}`;
    case 'Dense':
      return `Dense, ${String(config['units'])}`;
    default:
      return kind;
  }
}

function sides(value: unknown): string {
  return Array.isArray(value) ? value.join(' × ') : `${String(value)} × ${String(value)}`;
}
