// A file read into memory and recognised by its content: the start of everything that decodes.
// Must not decode, and must not trust a name or an ending.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Problem } from '#core/problem.ts';
import type { MediaType } from './film.ts';
import { recognise } from './recognise.ts';

/** Largest file, in bytes: a long uncompressed fluoroscopy run is some hundred megabytes. */
const MAX_BYTES = 1024 ** 3;

export interface OpenedFile {
  /** Name for messages, without its folder. */
  file: string;
  bytes: Buffer;
  mediaType: MediaType;
}

/** Reads a whole file. Throws FILE_UNREADABLE where it cannot be read, NOT_A_FILM where it is no picture. */
export async function openFile(path: string): Promise<OpenedFile> {
  const file = basename(path);
  return recognised(file, await readWhole(path, file));
}

/** Bytes in memory as an opened file. Throws NOT_A_FILM. */
export function recognised(file: string, bytes: Buffer): OpenedFile {
  const mediaType = recognise(bytes);
  if (!mediaType) throw new Problem('NOT_A_FILM', { file });
  return { file, bytes, mediaType };
}

async function readWhole(path: string, file: string): Promise<Buffer> {
  const unreadable = (reason: string) => new Problem('FILE_UNREADABLE', { file, reason });
  try {
    // not blocking: a named pipe without a writer would otherwise be waited for without end
    await using handle = await open(path, NONBLOCKING);
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable('it is not a file');
    if (stat.size > MAX_BYTES) throw unreadable('it is larger than 1 GiB');
    if (stat.size === 0) throw unreadable('it is empty');
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    let got = 0;
    while (got < bytes.length) {
      const { bytesRead } = await handle.read(bytes, got, bytes.length - got, got);
      if (bytesRead === 0) throw unreadable('it became shorter while it was read');
      got += bytesRead;
    }
    return bytes;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  }
}

/** O_NONBLOCK is absent on Windows, where it is not needed. */
const NONBLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const words: Record<string, string> = {
    ENOENT: 'it is not there',
    ENOTDIR: 'it is not there',
    EACCES: 'you may not read it',
    EPERM: 'you may not read it',
    EISDIR: 'it is a folder',
    ELOOP: 'its links go round in a circle',
    ENAMETOOLONG: 'its name is too long',
    EIO: 'the disk does not give it back',
  };
  return (typeof code === 'string' && words[code]) || 'the system does not give it out';
}
