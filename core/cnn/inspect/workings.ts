// What a unit of each kind of layer does with what goes in: in words, and number by number.
// Pure arithmetic over what layers gave and the weights they hold; must not run a layer.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Unit, UnitGroup } from '#api/networks.ts';
import { padding } from '../receptive-field.ts';
import { FLAT } from '../s-cells.ts';
import { activationOf, gridOf, inputsOf, shortActivation } from './layers.ts';

type Layer = LayersModel['layers'][number];

export interface Place {
  row: number;
  column: number;
  channel: number;
}

/** What a layer gave for one film: values of [height, width, channels], row by row. */
export interface Given {
  name: string;
  values: Float32Array;
  height: number;
  width: number;
  channels: number;
}

interface Asked {
  layer: Layer;
  inputs: Given[];
  place: Place;
  /** What the layer gave for this unit. */
  value: number;
}

export interface Working {
  does: string;
  groups: UnitGroup[];
  /** The groups are to be listed as they come. */
  ordered?: boolean;
  steps: Unit['steps'];
}

type Explain = (asked: Asked) => Working;

/** By class name of the layer; `other` for all that are not named. */
export const workings: Record<string, Explain> = {
  InputLayer: ({ value }) => ({
    does: 'The grey of one pixel of the film as the network takes it: less the mean of the learning films, over their standard deviation.',
    groups: [],
    steps: [{ name: 'value', value }],
  }),
  Conv2D: (asked) => convolution(asked, false),
  DepthwiseConv2D: (asked) => convolution(asked, true),
  Dense: dense,
  MaxPooling2D: (asked) => pooling(asked, 'largest', (values) => Math.max(...values)),
  AveragePooling2D: (asked) => pooling(asked, 'mean', (values) => sum(values) / values.length),
  GlobalAveragePooling2D: (asked) => wholeMap(asked, 'mean'),
  GlobalMaxPooling2D: (asked) => wholeMap(asked, 'largest value'),
  BatchNormalization: normalisation,
  Activation: activation,
  SlopedActivation: activation,
  ReLU: activation,
  LeakyReLU: activation,
  ELU: activation,
  Add: (asked) => sameCells(asked, 'Adds what stands at this place in each of the layers before it.', 'sum'),
  Multiply: (asked) =>
    sameCells(
      asked,
      'Multiplies what stands at this place in each of the layers before it: a weight for a whole channel has one place.',
      'product',
    ),
  Concatenate: (asked) => passed(asked, 'Hands on the channels of several layers as one layer; nothing is computed.'),
  Flatten: (asked) => passed(asked, 'Hands on the cells of all maps as one row of values; nothing is computed.'),
  Reshape: (asked) => passed(asked, 'Hands on the same values in another shape; nothing is computed.'),
  Dropout: (asked) => passed(asked, 'Leaves values out while learning only; here it hands on what it is given.'),
  SCells: patternAnswer,
  MultiScaleConv2D: ({ layer, value }) => ({
    does: `Slides one filter over the picture at ${String((layer.getConfig()['scales'] as number[]).length)} sizes of it and keeps the strongest answer; the sizes are not kept apart here.`,
    groups: [],
    steps: [{ name: 'value', value }],
  }),
  other: ({ layer, value }) => ({
    does: `A layer of the kind ${layer.getClassName()}, whose working is not shown here.`,
    groups: [],
    steps: [{ name: 'value', value }],
  }),
};

/** How alike the patch is to the pattern, whatever its strength. */
function patternAnswer(asked: Asked): Working {
  const { groups } = convolution(asked, false);
  const threshold = Number(asked.layer.getConfig()['threshold']);
  const product = sum(groups.map((group) => group.sum));
  const length = Math.sqrt(FLAT + sum(groups.flatMap(({ inputs }) => inputs.map((value) => (value ?? 0) ** 2))));
  return {
    does: 'Answers as far as the patch is more like its pattern than the threshold asks: the cosine between the two, however strong the patch is.',
    groups,
    steps: [
      { name: 'sum of all products', value: product },
      { name: 'length of the patch', value: length },
      { name: 'cosine', value: product / length },
      { name: 'threshold', value: threshold },
      { name: 'value', value: Math.max(0, (product / length - threshold) / (1 - threshold)) },
    ],
  };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const at = ({ values, width, channels }: Given, row: number, column: number, channel: number) =>
  values[(row * width + column) * channels + channel] ?? 0;
const numberOf = (setting: unknown, side: 0 | 1): number =>
  Number(Array.isArray(setting) ? (setting[side] as number) : setting);

/** The window of a convolution or pooling over its input; null beyond the edge. */
function windowOf(
  { layer, inputs, place }: Asked,
  channel: number,
): { height: number; width: number; values: (number | null)[] } {
  const config = layer.getConfig();
  const input = inputs[0] as Given;
  const size = config['kernelSize'] ?? config['poolSize'];
  const sides = [0, 1] as const;
  const [height = 1, width = 1] = sides.map((side) => numberOf(size, side));
  const [top = 0, left = 0] = sides.map((side) => {
    const stride = numberOf(config['strides'] ?? 1, side);
    const span = (numberOf(size, side) - 1) * numberOf(config['dilationRate'] ?? 1, side);
    const along = side === 0 ? input.height : input.width;
    return stride * (side === 0 ? place.row : place.column) - padding(along, config['padding'], span, stride);
  });
  const [down = 1, across = 1] = sides.map((side) => numberOf(config['dilationRate'] ?? 1, side));
  const values = Array.from({ length: height * width }, (_, cell) => {
    const row = top + down * Math.floor(cell / width);
    const column = left + across * (cell % width);
    const inside = row >= 0 && column >= 0 && row < input.height && column < input.width;
    return inside ? at(input, row, column, channel) : null;
  });
  return { height, width, values };
}

/** A kernel lies [height, width, input channels, filters]; depthwise each channel has filters of its own. */
function convolution(asked: Asked, depthwise: boolean): Working {
  const { layer, inputs, place } = asked;
  const input = inputs[0] as Given;
  const [kernel, bias] = layer.getWeights().map((weight) => weight.dataSync() as Float32Array);
  const filters = layer.getWeights()[0]?.shape[3] ?? 1;
  const channels = depthwise
    ? [Math.floor(place.channel / filters)]
    : Array.from({ length: input.channels }, (_, i) => i);
  const filter = depthwise ? place.channel % filters : place.channel;
  const groups = channels.map((channel): UnitGroup => {
    const { height, width, values } = windowOf(asked, channel);
    const weights = values.map((_, cell) => kernel?.[(cell * input.channels + channel) * filters + filter] ?? 0);
    const products = values.map((value, cell) => (value ?? 0) * (weights[cell] ?? 0));
    return { name: `channel ${channel} of ${input.name}`, height, width, inputs: values, weights, sum: sum(products) };
  });
  return {
    does: depthwise
      ? 'Lays its filter over one channel, multiplies cell by cell and adds the products up.'
      : 'Lays its filter over a patch of every channel before it, multiplies cell by cell and adds all products up.',
    groups,
    steps: weighted(layer, sum(groups.map((group) => group.sum)), bias?.[place.channel], asked.value),
  };
}

function dense({ layer, inputs, place, value }: Asked): Working {
  const input = inputs[0] as Given;
  const [kernel, bias] = layer.getWeights().map((weight) => weight.dataSync() as Float32Array);
  const units = layer.getWeights()[0]?.shape[1] ?? 1;
  const nameOf = namesOf(layer, input);
  const groups = Array.from(input.values, (given, i): UnitGroup => {
    const weight = kernel?.[i * units + place.channel] ?? 0;
    return {
      name: nameOf(i),
      height: 1,
      width: 1,
      inputs: [given],
      weights: [weight],
      sum: given * weight,
    };
  });
  return {
    does: 'Multiplies every value before it by a weight of its own and adds the products up.',
    groups,
    steps: weighted(layer, sum(groups.map((group) => group.sum)), bias?.[place.channel], value),
  };
}

/** What is flattened keeps its place in the maps it comes from: values lie row by row, the channels of a cell together. */
function namesOf(layer: Layer, { name }: Given): (input: number) => string {
  const before = inputsOf(layer)[0]?.sourceLayer;
  const maps = before?.getClassName() === 'Flatten' ? inputsOf(before)[0] : undefined;
  const [, width, channels] = gridOf(maps?.shape ?? []);
  if (!maps || maps.shape.length !== 4) return (i) => `unit ${i} of ${name}`;
  return (i) => {
    const cell = Math.floor(i / channels);
    const place = `row ${Math.floor(cell / width)}, column ${cell % width}`;
    return `channel ${i % channels}, ${place} of ${maps.sourceLayer.name}`;
  };
}

function weighted(layer: Layer, products: number, bias: number | undefined, value: number): Unit['steps'] {
  const steps = [{ name: 'sum of all products', value: products }];
  if (bias !== undefined)
    steps.push({ name: 'offset', value: bias }, { name: 'sum with its offset', value: products + bias });
  const formula = activationOf(layer);
  if (formula !== null) steps.push({ name: shortActivation(formula), value });
  return steps;
}

function pooling(asked: Asked, word: string, make: (values: number[]) => number): Working {
  const { channel } = asked.place;
  const { height, width, values } = windowOf(asked, channel);
  const made = make(values.filter((value) => value !== null));
  const name = `channel ${channel} of ${asked.inputs[0]?.name ?? ''}`;
  return {
    does: `Keeps the ${word} of a window of ${height} × ${width} cells; it has no weights.`,
    groups: [{ name, height, width, inputs: values, weights: null, sum: made }],
    steps: [{ name: word, value: made }],
  };
}

function wholeMap({ inputs, place, value }: Asked, word: string): Working {
  const { name, height, width } = inputs[0] as Given;
  return {
    does: `Keeps the ${word} of the whole of channel ${place.channel} of ${name}, ${height} × ${width} cells.`,
    groups: [],
    steps: [{ name: word, value }],
  };
}

/** Weights lie factor, offset, mean, variance (Ioffe and Szegedy 2015); a network may do without the first two. */
function normalisation({ layer, inputs, place }: Asked): Working {
  const config = layer.getConfig();
  const held = layer.getWeights().map((weight) => (weight.dataSync() as Float32Array)[place.channel] ?? 0);
  const [factor, offset] = [
    config['scale'] === false ? 1 : held.shift(),
    config['center'] === false ? 0 : held.shift(),
  ];
  const [mean = 0, variance = 1] = held;
  const deviation = Math.sqrt(variance + Number(config['epsilon']));
  const given = at(inputs[0] as Given, place.row, place.column, place.channel);
  const value = ((given - mean) / deviation) * (factor ?? 1) + (offset ?? 0);
  return {
    does: 'Takes off the mean its channel had while learning, divides by its standard deviation, then stretches and shifts by two learned numbers.',
    groups: [],
    steps: [
      { name: 'given', value: given },
      { name: 'mean while learning', value: mean },
      { name: 'standard deviation while learning', value: deviation },
      { name: 'factor', value: factor ?? 1 },
      { name: 'offset', value: offset ?? 0 },
      { name: 'normalised', value },
    ],
  };
}

function activation({ layer, inputs, place, value }: Asked): Working {
  const formula = activationOf(layer) ?? 'nothing';
  return {
    does: `Applies one function to the value at the same place before it: ${formula}.`,
    groups: [],
    steps: [
      { name: 'given', value: at(inputs[0] as Given, place.row, place.column, place.channel) },
      { name: shortActivation(formula), value },
    ],
  };
}

function sameCells({ inputs, place }: Asked, does: string, word: 'sum' | 'product'): Working {
  const groups = inputs.map((input): UnitGroup => {
    const one = input.height * input.width === 1;
    const value = at(input, one ? 0 : place.row, one ? 0 : place.column, place.channel);
    return { name: input.name, height: 1, width: 1, inputs: [value], weights: null, sum: value };
  });
  const values = groups.map((group) => group.sum);
  const value = word === 'sum' ? sum(values) : values.reduce((all, one) => all * one, 1);
  return { does, groups, ordered: true, steps: [{ name: word, value }] };
}

const passed = ({ value }: Asked, does: string): Working => ({ does, groups: [], steps: [{ name: 'value', value }] });
