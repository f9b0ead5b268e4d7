// Layers of a network that someone else wrote down, made into objects: only kinds that are listed here.
// Must not make anything of a kind that is not listed, nor run code that comes with a file.
import type { LayersModel } from '@tensorflow/tfjs';
import { activationLayer } from './activations.ts';
import type { Tf } from './engine.ts';
import { multiScaleConvolution } from './multi-scale-convolution.ts';

/** What a network from elsewhere may be made of: kinds that compute a film's answer from figures alone. */
const known = new Set(
  [
    'InputLayer Conv2D DepthwiseConv2D SeparableConv2D Dense Flatten Reshape Permute',
    'ZeroPadding2D Cropping2D UpSampling2D Rescaling',
    'MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D',
    'Activation ReLU LeakyReLU ELU Softmax BatchNormalization Dropout SpatialDropout2D GaussianNoise',
    'Add Average Maximum Multiply Concatenate SlopedActivation MultiScaleConv2D',
  ]
    .join(' ')
    .split(' '),
);
/** No honest network is deeper. */
const MOST_LAYERS = 2000;

interface Listed {
  kind: string;
  name: string;
  /** Names of the layers it takes from; null in a chain, where it is the one before. */
  from: string[] | null;
  config: Record<string, unknown>;
}

/** Layers of a network's configuration, in the spelling of tfjs or of Keras; null where it lists none. */
function listedIn(config: unknown): Listed[] | null {
  const { layers } = (config ?? {}) as { layers?: unknown };
  const list = Array.isArray(config) ? (config as unknown[]) : layers;
  if (!Array.isArray(list) || list.length === 0) return null;
  return list.map((one): Listed => {
    const layer = (one ?? {}) as Record<string, unknown>;
    const inner = (layer['config'] ?? {}) as Record<string, unknown>;
    const nodes = layer['inboundNodes'] ?? layer['inbound_nodes'];
    return {
      kind: String(layer['className'] ?? layer['class_name']),
      name: String(layer['name'] ?? inner['name']),
      from: Array.isArray(nodes) ? namesIn(nodes as unknown[]) : null,
      config: inner,
    };
  });
}

/** One node is [[name, node, output, settings], ...]; several say that the layer is used more than once. */
function namesIn(nodes: unknown[]): string[] {
  if (nodes.length > 1) return ['(used more than once)'];
  const [node] = nodes;
  if (node === undefined) return [];
  if (!Array.isArray(node)) return ['(written in a way that TensorFlow.js does not read)'];
  return node.map((input) => (Array.isArray(input) ? String(input[0]) : '(no layer)'));
}

/** What Keras' ReLU may have beside its greatest value. */
const unread = ['negative_slope', 'threshold', 'negativeSlope'];

/**
 * Why a network cannot be made of its configuration, in words; null when all its layers are of known kinds and each can
 * be computed from those before it. tfjs looks for ever for an input that does not come.
 */
export function unusableLayers(config: unknown): string | null {
  const layers = listedIn(config);
  if (layers === null) return 'it lists no layers';
  if (layers.length > MOST_LAYERS) return `it has ${layers.length} layers, more than ${MOST_LAYERS}`;
  const others = [...new Set(layers.map(({ kind }) => kind).filter((kind) => !known.has(kind)))];
  if (others.length > 0) return `it has layers that Osteon does not know: ${others.join(', ')}`;
  const bent = layers.find(
    ({ kind, config }) => kind === 'ReLU' && unread.some((name) => Number(config[name] ?? 0) !== 0),
  );
  if (bent) return `its layer "${bent.name}" is a ReLU with a slope or a threshold, which TensorFlow.js does not read`;
  const there = new Set<string>();
  let waiting = layers.filter(({ from }) => from !== null);
  for (const { name, from } of layers) if (from === null) there.add(name);
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length;
    waiting = waiting.filter(({ name, from }) => {
      const ready = from?.every((one) => there.has(one)) ?? true;
      if (ready) there.add(name);
      return !ready;
    });
  }
  const [stuck] = waiting;
  return stuck ? `its layer "${stuck.name}" takes from what never comes: ${stuck.from?.join(', ') ?? ''}` : null;
}

/** Layers of our own are known to tfjs only once one was made. */
export function registerOwnLayers(tf: Tf): void {
  activationLayer(tf, 'step', 1, 'registered');
  multiScaleConvolution(tf, { filters: 1, kernelSize: 1, scales: [1] });
}

/** A network from the configuration `getConfig` gave of it. Throws where it is not one. */
export function networkFrom(tf: Tf, config: Record<string, unknown>): LayersModel {
  const wrong = unusableLayers(config);
  if (wrong !== null) throw new Error(wrong);
  registerOwnLayers(tf);
  type FromConfig = (cls: typeof tf.LayersModel, config: Record<string, unknown>) => LayersModel;
  return (tf.LayersModel.fromConfig as unknown as FromConfig)(tf.LayersModel, config);
}
