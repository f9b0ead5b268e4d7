// A body with a head as one network: film to features to logit to probability, in the form every network here has.
// Must not learn anything.
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine.ts';
import { networkFrom } from '../foreign-layers.ts';
import { unusedName } from '../foreign-model.ts';
import { writeWeights } from '../write-weights.ts';
import { loadBody } from './body-files.ts';
import type { BodyCard, BodyReference } from './body-files.ts';

export interface BodyWithHead {
  name: string;
  card: BodyCard;
  /** Film to features; disposed of with `close`. */
  body: LayersModel;
  /** A new network of the body's weights and the head's (kernel, bias); the caller disposes of it. */
  model(head: Float32Array[]): LayersModel;
  close(): void;
}

/** @throws Problem BODY_DAMAGED */
export function openWithHead(tf: Tf, reference: BodyReference): BodyWithHead {
  const { model: body, card } = loadBody(tf, reference);
  const logit = tf.layers.dense({ name: unusedName(body, 'logit'), units: 1, kernelInitializer: 'zeros' });
  const probability = tf.layers.activation({ name: unusedName(body, 'probability'), activation: 'sigmoid' });
  const features = body.outputs[0] as SymbolicTensor;
  const outputs = probability.apply(logit.apply(features)) as SymbolicTensor;
  const joined = tf.model({ name: 'on_body', inputs: body.inputs, outputs });
  const list = listOf(joined);
  const weights = joined.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  return {
    name: reference.name,
    card,
    body,
    model(head) {
      const made = networkFrom(tf, list);
      writeWeights(tf, made, weights);
      const values = head.map((value, place) => tf.tensor(value, place === 0 ? [value.length, 1] : [value.length]));
      logitLayerOf(made).setWeights(values);
      tf.dispose(values);
      return made;
    },
    // Holds the body's layers too.
    close: () => void joined.dispose(),
  };
}

/** The network as the card's list of its layers. */
export const listOf = (model: LayersModel): Record<string, unknown> =>
  JSON.parse(JSON.stringify(model.getConfig())) as Record<string, unknown>;

/** The network of a body with a head that learned nothing yet; the caller disposes of it. */
export function bodyWithHead(tf: Tf, reference: BodyReference): LayersModel {
  const opened = openWithHead(tf, reference);
  try {
    return opened.model([new Float32Array(opened.card.features), new Float32Array(1)]);
  } finally {
    opened.close();
  }
}

/** Logits of features by the head of a network as it is now. */
export function logitsOfFeatures(tf: Tf, model: LayersModel, features: Float32Array, films: number): Float32Array {
  return tf.tidy(() => {
    const given = tf.tensor2d(features, [films, features.length / films]);
    return Float32Array.from((logitLayerOf(model).apply(given) as Tensor).dataSync());
  });
}

function logitLayerOf(model: LayersModel) {
  const layer = model.layers.at(-2);
  if (!layer) throw new Error('a network needs a layer before its logistic function');
  return layer;
}
