// Files a window sends because it has no path to them: camera pictures and, in a browser, dropped files.
// They lie in the library's incoming folder until it is closed. Must never take a path from a name.
import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uploadName } from '#api/contract.ts';
import { makeFolder } from '#core/libraries/durable.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';

/** One file at most; a multi-frame DICOM stays below. */
const MAX_BYTES = 2 * 1024 ** 3;
const NAME_BYTES = 200;

export class Uploads {
  readonly #library: () => OpenLibrary;
  constructor(library: () => OpenLibrary) {
    this.#library = library;
  }

  /** Takes one file of a set, under the relative path the window knows it by. Throws UPLOAD_GONE for a bad name. */
  async take(set: string, path: string, body: ReadableStream<Uint8Array> | null): Promise<void> {
    const target = join(this.folder(set), safePath(path));
    makeFolder(join(target, '..'));
    let bytes = 0;
    const counted = async function* (source: AsyncIterable<Uint8Array>) {
      for await (const piece of source) {
        bytes += piece.byteLength;
        if (bytes > MAX_BYTES) throw new Problem('FILE_UNREADABLE', { file: path, reason: 'it is larger than 2 GB' });
        yield piece;
      }
    };
    const source = body ? Readable.fromWeb(body as never) : Readable.from([]);
    await pipeline(source, counted, createWriteStream(target, { mode: 0o600 }));
  }

  /** The folder of a set. Throws UPLOAD_GONE for a name that is none. */
  folder(set: string): string {
    if (!uploadName.safeParse(set).success) throw new Problem('UPLOAD_GONE');
    return join(this.#library().paths.incoming, 'uploads', set);
  }

  /** The single file of a set. Throws UPLOAD_GONE. */
  file(set: string): string {
    const folder = this.folder(set);
    const first = existsSync(folder) ? readdirSync(folder)[0] : undefined;
    if (!first) throw new Problem('UPLOAD_GONE');
    return join(folder, first);
  }
}

/** Relative, without steps upwards, devices or control characters; every part keeps its ending. */
export function safePath(path: string): string {
  const parts = path
    .split(/[/\\]/)
    .map((part) => part.replace(/[\p{Cc}<>:"|?*]/gu, '_').replace(/[. ]+$/, ''))
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part) ? `_${part}` : part))
    .map((part) => shortened(part));
  return parts.join(sep) || 'film';
}

function shortened(part: string): string {
  if (Buffer.byteLength(part) <= NAME_BYTES) return part;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(part)?.[0] ?? '';
  return (
    Buffer.from(part)
      .subarray(0, NAME_BYTES - ending.length)
      .toString('utf8')
      .replace(/\uFFFD+$/, '') + ending
  );
}
