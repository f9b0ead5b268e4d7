// A trained model on disk: model.json and weights.bin as tfjs writes them, osteon.json with all else it takes to answer.
// Must not trust a folder: nothing in it is run or followed, and a file that is not the one saved gives no answer.
import { basename } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { Problem } from '#core/problem.ts';
import type { Tf } from './engine.ts';
import { networkFrom } from './foreign-layers.ts';
import { modelCard } from './model-card.ts';
import type { CardContent, ModelCard } from './model-card.ts';
import { buildNetwork } from './networks/index.ts';
import { readSealed, writeSealed } from './sealed-folder.ts';

export interface LoadedModel {
  model: LayersModel;
  card: ModelCard;
}

/**
 * Writes a model into a new folder, whole or not at all.
 * @returns SHA-256 of osteon.json, which holds those of the other two: keep it to know the model again.
 */
export function saveModel(tf: Tf, folder: string, model: LayersModel, content: CardContent): Promise<string> {
  return writeSealed(tf, folder, model, { ...content, format: 1 });
}

/**
 * Reads a model back. The network is built from the card's settings by our own code, one from elsewhere or on a body from
 * the card's list of known layers. The caller disposes of the model.
 * @param expected SHA-256 that `saveModel` gave, where it is known
 * @throws Problem MODEL_DAMAGED when anything is missing, changed, does not fit or is not a number
 */
export function loadModel(tf: Tf, folder: string, expected?: string): LoadedModel {
  return readSealed(tf, folder, {
    card: modelCard,
    build: (card) => (card.network ? networkFrom(tf, card.network) : buildNetwork(tf, card.settings)),
    damaged: (reason, cause) => new Problem('MODEL_DAMAGED', { run: basename(folder), reason }, { cause }),
    expected,
  });
}
