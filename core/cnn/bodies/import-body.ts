// A body from a network that someone else trained: cut behind its last pooling, put behind the grey of a film, saved.
// Must not change a weight of it, nor claim anything of what it learned.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { GreyRange } from '#api/networks.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from '../engine.ts';
import { networkFrom } from '../foreign-layers.ts';
import { configOf, openForeign, pictureOf, unusedName } from '../foreign-model.ts';
import type { ForeignModel } from '../foreign-model.ts';
import { mapLayer } from '../marks.ts';
import { runThrough } from '../run-through.ts';
import { saveBody } from './body-files.ts';
import { greyLine } from './grey.ts';

export interface BodyOrder extends ForeignModel {
  /** Null: guessed. */
  range: GreyRange | null;
  /** Side of the input where the model leaves it open, px. */
  size: number | null;
  folder: string;
}

export interface ImportedBody {
  cardSha256: string;
  features: number;
  parameters: number;
  size: number;
  channels: 1 | 3;
  range: GreyRange;
}

/** More are no features but a picture: a head on them would be larger than the films can teach. */
const MOST_FEATURES = 65_536;

const unusable = (reason: string, cause?: unknown) => new Problem('BODY_UNUSABLE', { reason }, { cause });

/** @throws Problem BODY_UNUSABLE with the reason in words */
export async function importBody(tf: Tf, order: BodyOrder): Promise<ImportedBody> {
  const given = await openForeign(tf, { ...order, topology: withSize(order) }, unusable);
  let made: LayersModel | null = null;
  try {
    const { size, channels: many } = pictureOf(given, unusable);
    if (many !== 1 && many !== 3) throw unusable(`its input has ${many} channels, not one or three`);
    const channels: 1 | 3 = many;
    if (order.size !== null && order.size !== size)
      throw unusable(`its input is of ${size} px and cannot be of ${order.size}`);
    const range = order.range ?? guessed(given, channels);
    const network = withGrey(tf, given, { size, channels, range });
    // Built anew from its own list: each layer is used once, and named where it would be taken for one of ours.
    const config = JSON.parse(
      JSON.stringify(network.getConfig()).replaceAll(`"${mapLayer}"`, `"body_${mapLayer}"`),
    ) as Record<string, unknown>;
    made = networkFrom(tf, config);
    made.setWeights(network.getWeights());
    const features = made.outputs[0]?.shape[1] ?? 0;
    if (features > MOST_FEATURES) throw unusable(`it gives ${features} features of a film, more than ${MOST_FEATURES}`);
    const card = { size, channels, range, features };
    const cardSha256 = await saveBody(tf, order.folder, made, { ...card, network: config });
    // Without the factor and offset of each channel.
    return { ...card, cardSha256, parameters: made.countParams() - 2 * channels };
  } finally {
    made?.dispose();
    given.dispose();
  }
}

/** MobileNet and its like take -1 to 1; what rescales by itself takes 0 to 255. */
function guessed({ layers }: LayersModel, channels: 1 | 3): GreyRange {
  if (layers.some((layer) => layer.getClassName() === 'Rescaling')) return '0..255';
  return channels === 3 ? '-1..1' : '0..1';
}

/** The topology with a side set where it leaves it open. */
function withSize({ topology, size }: BodyOrder): unknown {
  const [first] = layersIn(configOf(topology));
  const config = (first as { config?: Record<string, unknown> } | undefined)?.config ?? {};
  const shape = config['batch_input_shape'] ?? config['batchInputShape'] ?? config['batch_shape'];
  if (!Array.isArray(shape) || shape.length !== 4 || shape[1] !== null || shape[2] !== null) return topology;
  if (size === null) throw unusable('its input may be of any size: say which with --size');
  const copy = structuredClone(topology);
  const [own] = layersIn(configOf(copy)) as [{ config: Record<string, unknown> }];
  for (const name of ['batch_input_shape', 'batchInputShape', 'batch_shape'])
    if (name in own.config) own.config[name] = [null, size, size, shape[3]];
  return copy;
}

function layersIn(config: unknown): unknown[] {
  const { layers } = (config ?? {}) as { layers?: unknown };
  if (Array.isArray(config)) return config as unknown[];
  return Array.isArray(layers) ? (layers as unknown[]) : [];
}

/** Film [size, size, 1], grey of 0 to 1, to features [n]: a layer that makes the channels, then the network's own. */
function withGrey(
  tf: Tf,
  model: LayersModel,
  { size, channels, range }: { size: number; channels: 1 | 3; range: GreyRange },
): LayersModel {
  const [input] = model.inputs;
  if (!input) throw unusable('it takes no film');
  for (const layer of model.layers) layer.trainable = true;
  const film = tf.input({ shape: [size, size, 1], name: unusedName(model, 'film') });
  const grey = tf.layers.conv2d({
    filters: channels,
    kernelSize: 1,
    name: unusedName(model, 'grey'),
    trainable: false,
  });
  const taken = grey.apply(film) as SymbolicTensor;
  const { factors, offsets } = greyLine(range, channels);
  const weights = [tf.tensor4d(factors, [1, 1, 1, channels]), tf.tensor1d(offsets)];
  grey.setWeights(weights);
  tf.dispose(weights);
  const cut = cutOf(model);
  const from = runThrough(cut, [[input, taken]]);
  const features =
    from.shape.length === 2
      ? from
      : (tf.layers.globalAveragePooling2d({ name: unusedName(model, 'features') }).apply(from) as SymbolicTensor);
  return tf.model({ name: 'body', inputs: film, outputs: features });
}

/**
 * Where the body ends: back from the answer through what takes one input, to the last pooling over the whole picture or
 * flattening, to figures that are joined, or to maps of more than one place.
 */
function cutOf({ inputs, outputs }: LayersModel): SymbolicTensor {
  const [output, ...others] = outputs;
  if (!output || others.length > 0) throw unusable(`it gives ${outputs.length} outputs, not one`);
  for (let at = output; ;) {
    if (inputs.some(({ id }) => id === at.id)) throw unusable('it has no layer that gives features of a picture');
    const layer = at.sourceLayer;
    const before = layer.inboundNodes[at.nodeIndex]?.inputTensors ?? [];
    const [height, width] = at.shape.slice(1);
    const wide = at.shape.length === 4 && (height !== 1 || width !== 1);
    const whole = /^(GlobalAveragePooling2D|GlobalMaxPooling2D|Flatten)$/.test(layer.getClassName());
    const [only] = before;
    if (wide || whole || before.length !== 1 || !only) {
      if (at.shape.length === 2 || at.shape.length === 4) return at;
      throw unusable('its last layers give no list of figures');
    }
    at = only;
  }
}
