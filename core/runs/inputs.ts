// Films prepared for a network, kept in the cache: decoded once for each input size, read back as bytes.
// The cache may be deleted at any time. Must not prepare films itself: a decoding child does.
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { makeFolder, temporaryBeside } from '#core/libraries/durable.ts';
import { originalPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
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
  const store = new InputCache(join(library.paths.cache, 'inputs'), size);
  const missing = films.filter((film) => !store.has(film));
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
  store.add(missing, made);
  return store.read(films);
}

/** One file of pixels and one of keys for each size and version of the preparation; record i belongs to line i. */
class InputCache {
  readonly #size: number;
  readonly #pixels: string;
  readonly #keys: string;
  #places = new Map<string, number>();
  #colours: number[] = [];

  constructor(folder: string, size: number) {
    makeFolder(folder);
    this.#size = size;
    this.#pixels = join(folder, `v${PREPARE_VERSION}-${size}.bin`);
    this.#keys = join(folder, `v${PREPARE_VERSION}-${size}.ndjson`);
    this.#load();
  }

  has(film: FilmKey): boolean {
    return this.#places.has(keyOf(film));
  }

  /** Writes both files anew beside the old ones and swaps: another training never sees half. */
  add(films: FilmKey[], { pixels, colour }: Inputs): void {
    if (films.length === 0) return;
    const old = existsSync(this.#pixels)
      ? readFileSync(this.#pixels).subarray(0, this.#colours.length * this.#record)
      : Buffer.alloc(0);
    for (const [i, film] of films.entries()) {
      this.#places.set(keyOf(film), this.#colours.length);
      this.#colours.push(colour[i] ?? 0);
    }
    const lines = [...this.#places]
      .sort(([, a], [, b]) => a - b)
      .map(([key, place]) => JSON.stringify([key, this.#colours[place]]));
    replace(this.#pixels, Buffer.concat([old, pixels]));
    replace(this.#keys, `${lines.join('\n')}\n`);
  }

  read(films: FilmKey[]): Inputs {
    const pixels = new Uint8Array(films.length * this.#record);
    const colour = new Float32Array(films.length);
    const handle = openSync(this.#pixels, 'r');
    try {
      for (const [i, film] of films.entries()) {
        const place = this.#places.get(keyOf(film)) ?? 0;
        readSync(handle, pixels, i * this.#record, this.#record, place * this.#record);
        colour[i] = this.#colours[place] ?? 0;
      }
    } finally {
      closeSync(handle);
    }
    return { pixels, colour };
  }

  get #record(): number {
    return this.#size * this.#size;
  }

  /** A cache that does not fit together is thrown away: it can be made again. */
  #load(): void {
    try {
      const lines = readFileSync(this.#keys, 'utf8').split('\n').filter(Boolean);
      const bytes = readFileSync(this.#pixels).byteLength;
      if (bytes < lines.length * this.#record) throw new Error('cut short');
      for (const [place, line] of lines.entries()) {
        const [key, colour] = JSON.parse(line) as [string, number];
        this.#places.set(key, place);
        this.#colours.push(colour);
      }
    } catch {
      rmSync(this.#pixels, { force: true });
      rmSync(this.#keys, { force: true });
      this.#places.clear();
      this.#colours = [];
    }
  }
}

function replace(path: string, content: string | Uint8Array): void {
  const temporary = temporaryBeside(path);
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

function keyOf({ sha256, frame }: FilmKey): string {
  return `${sha256}#${frame}`;
}
