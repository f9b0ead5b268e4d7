// Answers of saved models: opened once, kept while they are asked.
// Must not say fracture or whole: it gives probabilities, evidence, or why it gives none.
import { basename } from 'node:path';
import { Problem } from '#core/problem.ts';
import type { Engine } from './engine.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explain.ts';
import { unlike } from './guard.ts';
import { loadModel } from './model-files.ts';
import type { LoadedModel } from './model-files.ts';
import { predict } from './predict.ts';

export interface ModelReference {
  modelFolder: string;
  /** SHA-256 of the model's osteon.json as training gave it. */
  cardSha256?: string;
  /** Version of the routine that prepared the films; a model answers only on films prepared as those it learned from. */
  preprocess?: number;
}

export type Answered = ({ refusal: null } & Explanation) | { refusal: string };

/** Models kept open: as many as a series can have; one at 224 px holds 45 MB, most a few hundred kB. */
export const mostOpen = 20;

export class Models {
  readonly #engine: Engine;
  readonly #open = new Map<string, LoadedModel>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Probability of fracture of each of `count` prepared films. @throws Problem MODEL_DAMAGED */
  predict(model: ModelReference, pixels: Uint8Array, count: number): Float32Array {
    const { card, model: network } = this.open(model);
    const { size, mirrorAnswers } = card.settings;
    if (pixels.length !== count * size * size)
      throw new Error(`${pixels.length} bytes are not ${count} films of ${size} px`);
    return predict(this.#engine.tf, network, card.normalisation, pixels, size, mirrorAnswers);
  }

  /** What the network answers on one prepared film and where it looked; or why it is not asked. @throws Problem MODEL_DAMAGED */
  explain(model: ModelReference, film: Uint8Array, colour: number): Answered {
    const { card, model: network } = this.open(model);
    const { size } = card.settings;
    if (film.length !== size * size) throw new Error(`${film.length} bytes are no film of ${size} px`);
    const refusal = card.guard && unlike(card.guard, film, size, colour);
    if (refusal !== null) return { refusal };
    const explained = explain(this.#engine.tf, network, card.normalisation, film, size);
    // The evidence is that of the film as it is; the answer is the one the model was judged by.
    const [probability = explained.probability] = this.predict(model, film, 1);
    return { refusal: null, ...explained, probability };
  }

  /** The model itself, for looking inside; it stays ours. @throws Problem MODEL_DAMAGED */
  open({ modelFolder, cardSha256, preprocess }: ModelReference): LoadedModel {
    const key = `${cardSha256 ?? ''} ${modelFolder}`;
    const known = this.#open.get(key);
    const loaded = known ?? loadModel(this.#engine.tf, modelFolder, cardSha256);
    this.#open.delete(key);
    this.#open.set(key, loaded);
    const [oldest] = this.#open;
    if (oldest && this.#open.size > mostOpen) {
      oldest[1].model.dispose();
      this.#open.delete(oldest[0]);
    }
    if (preprocess !== undefined && preprocess !== loaded.card.preprocess) {
      const reason = `it learned from films prepared by version ${loaded.card.preprocess}, this is version ${preprocess}`;
      throw new Problem('MODEL_DAMAGED', { run: basename(modelFolder), reason });
    }
    return loaded;
  }
}
