// Hands a made file to the user: over the desktop's own dialog where there is one, else as a download.
// Must not know what is in it.
import type { HostBridge } from '#api/host.ts';

/** Answers once the file is kept, or was not wanted. */
export type KeepFile = (name: string, content: Blob) => Promise<void>;

/** Where the files of this window go. */
export function fileKeeper(host: Pick<HostBridge, 'saveFile'> | null): KeepFile {
  if (!host) return download;
  return async (name, content) => {
    await host.saveFile(name, new Uint8Array(await content.arrayBuffer()));
  };
}

async function download(name: string, content: Blob): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser takes the blob after this turn; a minute is ample even where it asks for a place first.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
