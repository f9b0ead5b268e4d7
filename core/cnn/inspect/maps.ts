// What a layer says to a film: its maps as one grey picture, each stretched over its own range.
// Must not choose what is shown: every channel is there, in order.
import type { Tensor } from '@tensorflow/tfjs';
import type { LayerMaps } from '#api/networks.ts';
import type { GreyPicture } from '#core/imaging/grey-picture.ts';
import { Problem } from '#core/problem.ts';
import { batchOf } from '../batches.ts';
import type { Tf } from '../engine.ts';
import type { LoadedModel } from '../model-files.ts';
import { runThrough } from '../run-through.ts';
import { gridOf, outputOf } from './layers.ts';

type Layer = LoadedModel['model']['layers'][number];

export type Maps = Omit<LayerMaps, 'picture'> & { picture: GreyPicture };

/** Most units of a layer without places whose values are sent one by one. */
const MOST_VALUES = 4096;

/** @throws Problem BAD_INPUT where there is no such layer */
export function layerAt({ model }: LoadedModel, index: number): Layer {
  const layer = model.layers[index];
  if (layer) return layer;
  const last = model.layers.length - 1;
  throw new Problem('BAD_INPUT', { reason: `this network has layers 0 to ${last}, not ${index}` });
}

/**
 * The outputs of some layers for one film, each [1, ...] and computed once; dispose of them.
 * @param film one prepared film, size * size bytes
 */
export function outputsFor(tf: Tf, loaded: LoadedModel, film: Uint8Array, layers: readonly Layer[]): Tensor[] {
  const { model, card } = loaded;
  const { size } = card.settings;
  const [input] = model.inputs;
  if (!input) throw new Error('a network needs an input');
  return tf.tidy(() => {
    const known: [typeof input, Tensor][] = [[input, batchOf(tf, film, size, [0], card.normalisation)]];
    return layers.map((layer) => {
      const value = runThrough(outputOf(layer), known);
      known.push([outputOf(layer), value]);
      // The input is its own value, and a tidied tensor must not be handed out twice.
      return value.clone();
    });
  });
}

export function mapsOf(tf: Tf, loaded: LoadedModel, film: Uint8Array, index: number): Maps {
  const layer = layerAt(loaded, index);
  const [output] = outputsFor(tf, loaded, film, [layer]);
  if (!output) throw new Error('a layer has an output');
  const values = output.dataSync() as Float32Array;
  output.dispose();
  const [height, width, channels] = gridOf(layer.outputShape as (number | null)[]);
  const flat = height * width === 1;
  const ranges = flat
    ? [rangeOf(values, 0, 1)]
    : Array.from({ length: channels }, (_, i) => rangeOf(values, i, channels));
  const { picture, columns } = sheetOf(values, [height, width, channels], ranges);
  return {
    layer: index,
    height,
    width,
    channels,
    ranges,
    values: flat && channels <= MOST_VALUES ? [...values] : null,
    columns,
    picture,
  };
}

/** Least and greatest of every `step`th value from `from` on. */
function rangeOf(values: Float32Array, from: number, step: number): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let at = from; at < values.length; at += step) {
    const value = values[at] ?? 0;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Maps side by side in a picture that is about square; a map that is even all over is black. */
export function sheetOf(
  values: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  ranges: readonly (readonly [number, number])[],
): { picture: GreyPicture; columns: number } {
  const columns = Math.ceil(Math.sqrt(channels));
  const rows = Math.ceil(channels / columns);
  const picture = {
    width: columns * width,
    height: rows * height,
    pixels: new Uint8Array(columns * width * rows * height),
  };
  for (let channel = 0; channel < channels; channel++) {
    const [least, greatest] = ranges[ranges.length === 1 ? 0 : channel] ?? [0, 0];
    const scale = greatest > least ? 255 / (greatest - least) : 0;
    const [left, top] = [(channel % columns) * width, Math.floor(channel / columns) * height];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = values[(row * width + column) * channels + channel] ?? 0;
        picture.pixels[(top + row) * picture.width + left + column] = Math.round(scale * (value - least));
      }
    }
  }
  return { picture, columns };
}
