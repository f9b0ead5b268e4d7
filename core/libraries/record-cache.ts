// Records of one length kept in the cache by key, each with a figure beside it: read back as bytes in any order.
// The cache may be deleted at any time. Must not know what the records are.
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, temporaryBeside } from './durable.ts';

export interface Records {
  /** One record after the other. */
  bytes: Uint8Array;
  figures: Float32Array;
}

/** One file of records and one of keys; record i belongs to line i. */
export class RecordCache {
  readonly #length: number;
  readonly #records: string;
  readonly #keys: string;
  #places = new Map<string, number>();
  #figures: number[] = [];

  /** @param path of both files, without their endings */
  constructor(path: string, length: number) {
    makeFolder(dirname(path));
    this.#length = length;
    [this.#records, this.#keys] = filesAt(path);
    this.#load();
  }

  static remove(path: string): void {
    for (const file of filesAt(path)) rmSync(file, { force: true });
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Writes both files anew beside the old ones and swaps: another reader never sees half. */
  add(keys: string[], { bytes, figures }: Records): void {
    if (keys.length === 0) return;
    const old = existsSync(this.#records)
      ? readFileSync(this.#records).subarray(0, this.#figures.length * this.#length)
      : Buffer.alloc(0);
    for (const [i, key] of keys.entries()) {
      this.#places.set(key, this.#figures.length);
      this.#figures.push(figures[i] ?? 0);
    }
    const lines = [...this.#places]
      .sort(([, a], [, b]) => a - b)
      .map(([key, place]) => JSON.stringify([key, this.#figures[place]]));
    replace(this.#records, Buffer.concat([old, bytes]));
    replace(this.#keys, `${lines.join('\n')}\n`);
  }

  read(keys: string[]): Records {
    const bytes = new Uint8Array(keys.length * this.#length);
    const figures = new Float32Array(keys.length);
    if (keys.length === 0) return { bytes, figures };
    const handle = openSync(this.#records, 'r');
    try {
      for (const [i, key] of keys.entries()) {
        const place = this.#places.get(key) ?? 0;
        readSync(handle, bytes, i * this.#length, this.#length, place * this.#length);
        figures[i] = this.#figures[place] ?? 0;
      }
    } finally {
      closeSync(handle);
    }
    return { bytes, figures };
  }

  /** A cache that does not fit together is thrown away: it can be made again. */
  #load(): void {
    try {
      const lines = readFileSync(this.#keys, 'utf8').split('\n').filter(Boolean);
      const bytes = readFileSync(this.#records).byteLength;
      if (bytes < lines.length * this.#length) throw new Error('cut short');
      for (const [place, line] of lines.entries()) {
        const [key, figure] = JSON.parse(line) as [string, number];
        this.#places.set(key, place);
        this.#figures.push(figure);
      }
    } catch {
      for (const file of [this.#records, this.#keys]) rmSync(file, { force: true });
      this.#places.clear();
      this.#figures = [];
    }
  }
}

const filesAt = (path: string): [string, string] => [`${path}.bin`, `${path}.ndjson`];

function replace(path: string, content: string | Uint8Array): void {
  const temporary = temporaryBeside(path);
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}
