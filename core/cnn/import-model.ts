// A network that was trained elsewhere, from a layers model of tfjs (as Keras' converter writes it): checked, and rewritten
// so that it ends like all of ours, in a logit and its logistic function. Must not claim anything of what it learned.
import type { LayersModel, SymbolicTensor, Tensor, layers } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from './engine.ts';
import { openForeign, pictureOf, unusedName } from './foreign-model.ts';
import type { ForeignModel } from './foreign-model.ts';
import { saveModel } from './model-files.ts';

type Layer = layers.Layer;

/** Grey of black and of white as the network takes it. */
export const greys = { '0..1': [0, 1], '0..255': [0, 255], '-1..1': [-1, 1] } as const;

export interface ImportOrder extends ForeignModel {
  grey: keyof typeof greys;
  /** Of two classes, the one that is fracture. */
  fracture: 0 | 1;
  preprocess: number;
  modelFolder: string;
}

export interface Imported {
  cardSha256: string;
  size: number;
  parameters: number;
}

/** @throws Problem MODEL_UNUSABLE with the reason in words */
export async function importModel(tf: Tf, order: ImportOrder): Promise<Imported> {
  const given = await openForeign(tf, order, unusable);
  try {
    const { size, channels } = pictureOf(given, unusable);
    if (channels !== 1) throw unusable(`its input has ${channels} channels; a film has one, its grey`);
    const model = withLogit(tf, given, order.fracture);
    const [black, white] = greys[order.grey];
    const cardSha256 = await saveModel(tf, order.modelFolder, model, {
      settings: runSettings.parse({ preset: 'imported', size }),
      network: JSON.parse(JSON.stringify(model.getConfig())) as Record<string, unknown>,
      preprocess: order.preprocess,
      // v / 255 - mean, over the deviation, goes from black to white.
      normalisation: { mean: -black / (white - black), deviation: 1 / (white - black) },
      threshold: 0.5,
      cannotTell: null,
      guard: null,
      films: 0,
      bestEpoch: 0,
      sureness: 1,
      engine: 'trained elsewhere',
    });
    return { cardSha256, size, parameters: model.countParams() };
  } finally {
    given.dispose();
  }
}

const unusable = (reason: string, cause?: unknown) => new Problem('MODEL_UNUSABLE', { reason }, { cause });

/** The same network with a new end: of two classes the logit is how much more one weighs than the other. */
function withLogit(tf: Tf, model: LayersModel, fracture: 0 | 1): LayersModel {
  const { dense, base } = headOf(model);
  const [kernel, bias] = dense.getWeights();
  if (!kernel) throw unusable('its last layer has no weights');
  const logit = tf.layers.dense({ name: unusedName(model, 'logit'), units: 1 });
  const probability = tf.layers.activation({ name: unusedName(model, 'probability'), activation: 'sigmoid' });
  const outputs = probability.apply(logit.apply(base)) as SymbolicTensor;
  const made = tf.model({ name: 'imported', inputs: model.inputs, outputs });
  const weights = tf.tidy((): Tensor[] => {
    const offset = bias ?? tf.zeros([kernel.shape[1] ?? 1]);
    if (kernel.shape[1] === 1) return [kernel.clone(), offset.clone()];
    const less = (tensor: Tensor, axis: number) => {
      const [first, second] = tf.split(tensor, 2, axis) as [Tensor, Tensor];
      return fracture === 1 ? second.sub(first) : first.sub(second);
    };
    return [less(kernel, 1), less(offset, 0)];
  });
  logit.setWeights(weights);
  tf.dispose(weights);
  return made;
}

/** The dense layer whose one or two figures are the answer, and what goes into it. */
function headOf({ outputs }: LayersModel): { dense: Layer; base: SymbolicTensor } {
  const [output, ...others] = outputs;
  if (!output || others.length > 0) throw unusable(`it gives ${outputs.length} outputs, not one`);
  const last = output.sourceLayer;
  const into = (layer: Layer) => layer.inboundNodes[0]?.inputTensors[0];
  const apart = /^(Activation|Softmax)$/.test(last.getClassName());
  const dense = apart ? into(last)?.sourceLayer : last;
  const base = dense && into(dense);
  const end = last.getClassName() === 'Softmax' ? 'softmax' : String(last.getConfig()['activation']);
  const linear = !apart || dense?.getConfig()['activation'] === 'linear';
  const units = output.shape.at(-1);
  const fits = (units === 1 && end === 'sigmoid') || (units === 2 && end === 'softmax');
  if (!dense || !base || dense.getClassName() !== 'Dense' || base.shape.length !== 2 || !linear || !fits) {
    throw unusable(
      `it ends in ${units ?? '?'} units with ${end}; it must end in one logistic unit, or in a softmax over two classes`,
    );
  }
  return { dense, base };
}
