// What was dropped on the window: paths where the desktop knows them, else the files themselves, folders walked through.
// Must not send anything.
import { uploadUrl } from '#api/images.ts';
import type { HostBridge } from '#api/host.ts';

/** A file under the path it has within what was dropped. */
export interface DroppedFile {
  path: string;
  file: File;
}

export type Dropped = { paths: string[] } | { files: DroppedFile[] };

/** Must be called in the drop event itself: afterwards the browser has forgotten what was dropped. */
export async function takeDrop(transfer: DataTransfer, host: HostBridge | null): Promise<Dropped> {
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const paths = host ? files.map((file) => host.pathOf(file)) : [];
  if (paths.length > 0 && paths.every((path) => path !== null)) return { paths };
  if (entries.length === 0) return { files: files.map((file) => ({ path: file.name, file })) };
  const found: DroppedFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return { files: found };
}

async function walk(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader answers a hundred entries at a time, and none when there are no more.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const inner of some) await walk(inner, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A name for a set of files that are sent: random, so that nobody guesses another window's. */
export function newUploadSet(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const AT_ONCE = 3;

/** Sends files to the core, some at a time. `sent` is told how many bytes are through. Throws where one cannot be sent. */
export async function send(
  set: string,
  files: DroppedFile[],
  signal: AbortSignal,
  sent: (bytes: number) => void,
): Promise<void> {
  let next = 0;
  let bytes = 0;
  const sender = async () => {
    for (let at = next++; at < files.length; at = next++) {
      const one = files[at];
      if (!one) return;
      const response = await fetch(uploadUrl(set, one.path), { method: 'POST', body: one.file, signal });
      if (!response.ok) throw new Error(`sending ${one.path} answered ${response.status}`);
      bytes += one.file.size;
      sent(bytes);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, sender));
}
