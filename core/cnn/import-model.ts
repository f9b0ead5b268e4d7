// A network that was trained elsewhere, from a layers model of tfjs (as Keras' converter writes it): checked, and rewritten
// so that it ends like all of ours, in a logit and its logistic function. Must not claim anything of what it learned.
import type { LayersModel, SymbolicTensor, Tensor, io, layers } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from './engine.ts';
import { registerOwnLayers, unusableLayers } from './foreign-layers.ts';
import { saveModel } from './model-files.ts';

type Layer = layers.Layer;

/** Grey of black and of white as the network takes it. */
export const greys = { '0..1': [0, 1], '0..255': [0, 255], '-1..1': [-1, 1] } as const;

export interface ImportOrder {
  /** What model.json holds: `modelTopology` and the list of weights. */
  topology: unknown;
  weightSpecs: io.WeightsManifestEntry[];
  weights: Uint8Array;
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
  const given = await opened(tf, order);
  try {
    const size = sideOf(given);
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

async function opened(tf: Tf, { topology, weightSpecs, weights }: ImportOrder): Promise<LayersModel> {
  // Keras' converter wraps what tfjs itself writes.
  const { model_config: wrapped } = (topology ?? {}) as { model_config?: unknown };
  const { config } = (wrapped ?? topology ?? {}) as { config?: unknown };
  const wrong = unusableLayers(config);
  if (wrong !== null) throw unusable(wrong);
  registerOwnLayers(tf);
  try {
    const weightData = Uint8Array.from(weights).buffer;
    const artifacts = { modelTopology: topology as object, weightSpecs, weightData };
    return await tf.loadLayersModel({ load: () => Promise.resolve(artifacts) });
  } catch (error) {
    throw unusable(`TensorFlow.js cannot build it: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`, error); // prettier-ignore
  }
}

function sideOf({ inputs }: LayersModel): number {
  const [input, ...others] = inputs;
  const shape = input?.shape.slice(1) ?? [];
  if (!input || others.length > 0) throw unusable(`it takes ${inputs.length} inputs, not one film`);
  const [height, width, channels] = shape;
  if (shape.length !== 3 || !height || !width)
    throw unusable(`its input is ${words(shape)}, not a picture of one size`);
  if (channels !== 1) throw unusable(`its input has ${channels ?? 'unknown'} channels; a film has one, its grey`);
  if (height !== width) throw unusable(`its input is ${words(shape)}; Osteon prepares squares`);
  if (!runSettings.shape.size.safeParse(height).success)
    throw unusable(`its input of ${height} px is none Osteon prepares`);
  return height;
}

const words = (shape: readonly (number | null)[]) => shape.map((side) => side ?? '?').join(' × ') || 'one number';

/** The same network with a new end: of two classes the logit is how much more one weighs than the other. */
function withLogit(tf: Tf, model: LayersModel, fracture: 0 | 1): LayersModel {
  const { dense, base } = headOf(model);
  const [kernel, bias] = dense.getWeights();
  if (!kernel) throw unusable('its last layer has no weights');
  const name = (wanted: string) =>
    model.layers.some((layer) => layer.name === wanted) ? `${wanted}_of_fracture` : wanted;
  const logit = tf.layers.dense({ name: name('logit'), units: 1 });
  const probability = tf.layers.activation({ name: name('probability'), activation: 'sigmoid' });
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
