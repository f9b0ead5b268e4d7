// What a frozen body says to films: computed once, kept in the cache by film, read back the next time.
// The cache may be deleted at any time. Must not look at films that are not asked for.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { RecordCache } from '#core/libraries/record-cache.ts';
import { Problem } from '#core/problem.ts';
import { batchOf, filmsPerCall } from '../batches.ts';
import type { Tf } from '../engine.ts';
import type { BodyCard } from './body-files.ts';
import { bodyGrey } from './body-files.ts';

export interface FilmsOfBody {
  /** Prepared films one after the other, size x size bytes of grey each. */
  pixels: Uint8Array;
  /** Name of each film in the cache. */
  keys: readonly string[];
  /** Of the films that are asked for. */
  places: Uint32Array;
  /** Of their mirror images. */
  mirrored: boolean;
}

export interface FeatureHooks {
  onFeatures?(done: number, total: number): void;
  signal?: AbortSignal | undefined;
}

/** Features [films, features], one film after the other in the order of `keys`; zeros for films that are not asked for. */
export type Features = Float32Array;

/**
 * @param cache path of the cache's files for this body, without their endings
 * @throws Problem CANCELLED, with all features kept that were computed by then; BODY_DAMAGED when one is not a number
 */
export async function featuresOf(
  tf: Tf,
  body: { model: LayersModel; card: BodyCard; name: string },
  { pixels, keys, places, mirrored }: FilmsOfBody,
  cache: string,
  hooks: FeatureHooks = {},
): Promise<Features> {
  const { features, size } = body.card;
  const store = new RecordCache(cache, 4 * features);
  const keyOf = (place: number) => `${keys[place] ?? ''}${mirrored ? ' mirrored' : ''}`;
  const missing = places.filter((place) => !store.has(keyOf(place)));
  const made = new Float32Array(missing.length * features);
  const most = filmsPerCall(size);
  let done = 0;
  try {
    for (; done < missing.length; done = Math.min(done + most, missing.length)) {
      if (hooks.signal?.aborted) throw new Problem('CANCELLED');
      const some = missing.subarray(done, done + most);
      const values = answersOn(tf, body.model, pixels, size, some, mirrored);
      if (!values.every(Number.isFinite))
        throw new Problem('BODY_DAMAGED', { name: body.name, reason: 'a feature is not a number' });
      made.set(values, done * features);
      hooks.onFeatures?.(done + some.length, missing.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    const bytes = new Uint8Array(made.buffer, 0, done * features * 4);
    store.add([...missing.subarray(0, done)].map(keyOf), { bytes, figures: new Float32Array(done) });
  }
  const kept = store.read([...places].map(keyOf)).bytes;
  const all = new Float32Array(keys.length * features);
  const read = new Float32Array(kept.buffer, kept.byteOffset, kept.byteLength / 4);
  places.forEach((place, i) => all.set(read.subarray(i * features, (i + 1) * features), place * features));
  return all;
}

function answersOn(
  tf: Tf,
  model: LayersModel,
  pixels: Uint8Array,
  size: number,
  places: Uint32Array,
  mirrored: boolean,
): Float32Array {
  return tf.tidy(() => {
    const films = batchOf(tf, pixels, size, places, bodyGrey);
    return (model.predictOnBatch(mirrored ? tf.reverse(films, 2) : films) as Tensor).dataSync() as Float32Array;
  });
}
