// Every layer of a network with what it is made of and where it takes from.
// Must not run a network.
import type { LayersModel, SymbolicTensor, layers } from '@tensorflow/tfjs';
import type { NetworkLayer } from '#api/networks.ts';
import { inWords, product, sidesOf } from '../describe-layers.ts';

type Layer = layers.Layer;

const BYTES = 4; // of a float32

/** Layers as model.json has them, those that only reshape or activate included. */
export function everyLayer(model: LayersModel): NetworkLayer[] {
  return model.layers.map((layer, index) => ({
    index,
    name: layer.name,
    words: wordsOf(layer),
    rank: outputOf(layer).rank,
    shape: sidesOf(layer.outputShape),
    dtype: outputOf(layer).dtype,
    parameters: layer.countParams(),
    bytes: BYTES * product(sidesOf(layer.outputShape)),
    from: inputsOf(layer).map(({ sourceLayer }) => model.layers.indexOf(sourceLayer)),
  }));
}

export const outputOf = (layer: Layer): SymbolicTensor => layer.output as SymbolicTensor;

/** What goes into a layer; nothing into the input. */
export const inputsOf = (layer: Layer): SymbolicTensor[] => layer.inboundNodes[0]?.inputTensors ?? [];

/** [height, width, channels] of what a layer gives for one film; a layer without places is one pixel of many channels. */
export function gridOf(shape: readonly (number | null)[]): [height: number, width: number, channels: number] {
  const sides = shape.slice(1).map((side) => side ?? 1);
  const [height = 1, width = 1, channels = 1] = sides.length === 3 ? sides : [1, 1, product(sides)];
  return [height, width, channels];
}

/** Layers that do nothing but apply a function to each value. */
export const isActivation = (layer: Layer): boolean =>
  /^(Activation|SlopedActivation|ReLU|LeakyReLU|ELU)$/.test(layer.getClassName());

/** The function a layer applies to each value, as a formula; null for one that applies none. */
export function activationOf(layer: Layer): string | null {
  const config = layer.getConfig();
  if (layer.getClassName() === 'SlopedActivation')
    return slopedFormula(String(config['kind']), Number(config['slope']));
  const alpha = Number(config['alpha'] ?? 0);
  if (layer.getClassName() === 'ReLU') return formulas['relu'] ?? null;
  if (layer.getClassName() === 'LeakyReLU') return `leaky ReLU, x where x > 0, else ${Number(alpha.toPrecision(3))} x`;
  if (layer.getClassName() === 'ELU') return `ELU, x where x > 0, else ${Number(alpha.toPrecision(3))} (exp(x) − 1)`;
  const name = config['activation'];
  if (typeof name !== 'string' || name === 'linear') return null;
  return formulas[name] ?? name;
}

const formulas: Record<string, string> = {
  relu: 'ReLU, max(0, x)',
  sigmoid: 'logistic, 1 / (1 + exp(−x))',
  tanh: 'tanh(x)',
  softmax: 'softmax',
};

function slopedFormula(kind: string, slope: number): string {
  const a = Number(slope.toPrecision(3));
  if (kind === 'logistic') return `logistic, 1 / (1 + exp(−${a} x))`;
  if (kind === 'tanh') return `tanh(x / ${a})`;
  return 'unit step, 1 where x > 0';
}

/** The formula's name alone, for a table. */
export const shortActivation = (formula: string): string => formula.split(',')[0] ?? formula;

function wordsOf(layer: Layer): string {
  const formula = activationOf(layer);
  const kind = layer.getClassName();
  if (isActivation(layer)) return `Activation, ${shortActivation(formula ?? 'none')}`;
  const rank = layer.outputShape.length - 1;
  const words =
    kind === 'Flatten' ? 'Flattened' : kind === 'Reshape' ? 'Reshaped' : inWords(kind, layer.getConfig(), rank);
  return formula === null ? words : `${words}, ${shortActivation(formula)}`;
}
