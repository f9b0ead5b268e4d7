// Writes the bytes a library keeps of a file: pictures as they are, DICOM without what identifies.
// Must not touch the source, and does not return before the bytes are on the disk.
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { deidentified } from './dicom/deidentify.ts';
import { openDicom } from './dicom/open.ts';
import { openFile } from './opened-file.ts';

export interface KeepRequest {
  path: string;
  /** Where to write; nothing may be there yet. */
  to: string;
  salt: string;
  keepIdentity: boolean;
}

export interface Kept {
  /** Of what was written. */
  sha256: string;
  bytes: number;
  /** Of the file it was made from. */
  sourceSha256: string;
}

/** Writes and flushes; a file that could not be written whole is taken away again. */
export async function keepFile({ path, to, salt, keepIdentity }: KeepRequest): Promise<Kept> {
  const opened = await openFile(path);
  const asIs = keepIdentity || opened.mediaType !== 'application/dicom';
  const parts = asIs ? [opened.bytes] : deidentified(openDicom(opened), salt);
  await writeFlushed(to, parts);
  const sourceSha256 = sha256Of([opened.bytes]);
  return {
    sha256: asIs ? sourceSha256 : sha256Of(parts),
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    sourceSha256,
  };
}

async function writeFlushed(to: string, parts: Buffer[]): Promise<void> {
  const handle = await open(to, 'wx', 0o600);
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
    await handle.close();
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(to, { force: true });
    throw error;
  }
}

function sha256Of(parts: Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
