// Networks as others build and save them, for tests of what is taken in.
import { mkdirSync, readFileSync } from 'node:fs';
import type { LayersModel } from '@tensorflow/tfjs';
import type { ForeignModel } from '#core/cnn/foreign-model.ts';

/** Saves a model as tfjs does, and gives what is read of it. */
export async function savedModel(model: LayersModel, folder: string): Promise<ForeignModel> {
  mkdirSync(folder, { recursive: true });
  await model.save(`file://${folder}`);
  const json = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')) as Record<string, never>;
  const manifest = json['weightsManifest'] as unknown as { weights: ForeignModel['weightSpecs'] }[];
  return {
    topology: json['modelTopology'],
    weightSpecs: manifest[0]!.weights,
    weights: readFileSync(`${folder}/weights.bin`),
  };
}
