// Files that survive a power cut: temporary name, fsync, rename, fsync of the folder.
// Must never overwrite a film or delete anything but its own temporary files.
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';

/** A name beside `path` that no one else uses; same folder, so that the rename is atomic. */
export function temporaryBeside(path: string): string {
  return `${path}.${process.pid}-${randomBytes(6).toString('hex')}.part`;
}

/**
 * Makes a folder and the way to it; readable by the user alone. Step by step: where a file system takes no folders at all
 * (`/proc`), Node's own way never ends.
 */
export function makeFolder(path: string): void {
  if (makeOne(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** False where the way to it is missing. */
function makeOne(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return false;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return true;
    throw error;
  }
}

/** Puts what a folder lists onto the disk. Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a whole file or nothing. */
export function writeDurably(path: string, bytes: string | Uint8Array): void {
  replaceFile(path, [typeof bytes === 'string' ? Buffer.from(bytes) : bytes], fsyncSync);
  syncFolder(dirname(path));
}

/**
 * Writes the pieces one after the other into a file, whole or nothing. Without waiting for the disk: nothing is lost to a
 * kill, but after a power cut the file may be torn, and its reader must find that out.
 */
export function writeWhole(path: string, pieces: readonly Uint8Array[]): void {
  replaceFile(path, pieces, () => undefined);
}

function replaceFile(path: string, pieces: readonly Uint8Array[], settle: (handle: number) => void): void {
  makeFolder(dirname(path));
  const temporary = temporaryBeside(path);
  try {
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      for (const bytes of pieces) writeAll(handle, bytes);
      settle(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Writes all bytes; a short write is carried on, a failing one throws. */
export function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
}

/** Same content at `to`, as a second name where the disk allows, else as a copy. `to` must not exist. */
export function linkOrCopy(from: string, to: string): void {
  makeFolder(dirname(to));
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    syncFile(to);
  }
}
