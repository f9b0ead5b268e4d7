// Films prepared for a network, kept in the cache: decoded once for each input size, read back as bytes.
// The cache may be deleted at any time. Must not prepare films itself: a decoding child does.
import { join } from 'node:path';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { originalPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { RecordCache } from '#core/libraries/record-cache.ts';
import { Problem } from '#core/problem.ts';

export interface FilmKey {
  sha256: string;
  frame: number;
}

export interface Inputs {
  /** size x size bytes of grey a film, in the order asked for. */
  pixels: Uint8Array;
  /** Colourfulness of each film (Hasler and Suesstrunk; 0 grey, 15 slightly colourful). */
  colour: Float32Array;
}

/** Films a request to a child. */
const CHUNK = 24;
const AT_ONCE = 4;

/** Gives the inputs of films, preparing those that are not in the cache. Throws CANCELLED and what decoding throws. */
export async function inputsOf(
  library: OpenLibrary,
  decoders: Decoders,
  films: FilmKey[],
  size: number,
  { signal, progress }: JobControl,
): Promise<Inputs> {
  const store = new RecordCache(join(library.paths.cache, 'inputs', `v${PREPARE_VERSION}-${size}`), size * size);
  const missing = films.filter((film) => !store.has(keyOf(film)));
  const made: Inputs = {
    pixels: new Uint8Array(missing.length * size * size),
    colour: new Float32Array(missing.length),
  };
  let next = 0;
  let done = 0;
  const prepare = async () => {
    for (let at = next; at < missing.length; at = next) {
      if (signal.aborted) throw new Problem('CANCELLED');
      next = at + CHUNK;
      const some = missing.slice(at, at + CHUNK);
      const result = await decoders.ask<Inputs>(
        'inputs',
        { films: some.map(({ sha256, frame }) => ({ path: originalPath(library.paths, sha256), frame })), size },
        { timeoutMs: 120_000 },
      );
      made.pixels.set(result.pixels, at * size * size);
      made.colour.set(result.colour, at);
      progress((done += some.length), missing.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, prepare));
  store.add(missing.map(keyOf), { bytes: made.pixels, figures: made.colour });
  const { bytes, figures } = store.read(films.map(keyOf));
  return { pixels: bytes, colour: figures };
}

/** Name of a film in what is kept of it. */
export function keyOf({ sha256, frame }: FilmKey): string {
  return `${sha256}#${frame}`;
}
