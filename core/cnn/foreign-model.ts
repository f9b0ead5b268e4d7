// A layers model of tfjs that someone else wrote (as Keras' converter writes it), checked and built.
// Must not change it, nor say what it is good for.
import type { LayersModel, io } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import type { Problem } from '#core/problem.ts';
import type { Tf } from './engine.ts';
import { registerOwnLayers, unusableLayers } from './foreign-layers.ts';

export interface ForeignModel {
  /** What model.json holds: `modelTopology` and the list of weights. */
  topology: unknown;
  weightSpecs: io.WeightsManifestEntry[];
  weights: Uint8Array;
}

/** Makes the problem that says why a file cannot be used. */
export type Unusable = (reason: string, cause?: unknown) => Problem;

/** The configuration of a network: Keras' converter wraps what tfjs itself writes. */
export function configOf(topology: unknown): unknown {
  const { model_config: wrapped } = (topology ?? {}) as { model_config?: unknown };
  const { config } = (wrapped ?? topology ?? {}) as { config?: unknown };
  return config;
}

/** The caller disposes of it. @throws what `unusable` makes */
export async function openForeign(tf: Tf, foreign: ForeignModel, unusable: Unusable): Promise<LayersModel> {
  const { topology, weightSpecs, weights } = foreign;
  const wrong = unusableLayers(configOf(topology));
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

/** Side and channels of the square picture a network takes. @throws what `unusable` makes */
export function pictureOf({ inputs }: LayersModel, unusable: Unusable): { size: number; channels: number } {
  const [input, ...others] = inputs;
  const shape = input?.shape.slice(1) ?? [];
  if (!input || others.length > 0) throw unusable(`it takes ${inputs.length} inputs, not one film`);
  const [height, width, channels] = shape;
  if (shape.length !== 3 || !height || !width || !channels)
    throw unusable(`its input is ${words(shape)}, not a picture of one size`);
  if (height !== width) throw unusable(`its input is ${words(shape)}; Osteon prepares squares`);
  if (!runSettings.shape.size.safeParse(height).success)
    throw unusable(`its input of ${height} px is none Osteon prepares`);
  return { size: height, channels };
}

const words = (shape: readonly (number | null)[]) => shape.map((side) => side ?? '?').join(' × ') || 'one number';

/** A name for a layer that is put beside those of a network. */
export function unusedName({ layers }: LayersModel, wanted: string): string {
  let name = wanted;
  while (layers.some((layer) => layer.name === name)) name = `${name}_of_fracture`;
  return name;
}
