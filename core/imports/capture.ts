// A camera picture into the library, as it is or straightened by its four corners. Its source is "camera".
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filmsOfPixels, insertImport, refusalsOf, updateImport } from '#db/imports.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { FileReading } from '#core/imaging/film.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { noClaim } from './layouts/layout.ts';
import { bringIn } from './run.ts';
import type { Incoming } from './run.ts';
import { regroupTwins } from './twins.ts';

export interface Corner {
  x: number;
  y: number;
}

/** `path`: the picture as the camera gave it. Throws BAD_CORNERS and what decoding throws. */
export async function capture(
  library: OpenLibrary,
  decoders: Decoders,
  path: string,
  { corners, patient, bodyPart }: { corners: Corner[] | null; patient: string | null; bodyPart: string | null },
): Promise<{ xray: number; duplicate: boolean }> {
  const at = library.now();
  const name = `camera-${at.toISOString().replace(/[:.]/g, '-')}.png`;
  const straight = join(dirname(path), name);
  if (corners) await decoders.ask('straighten', { path, corners, to: straight });
  else copyFileSync(path, straight);
  try {
    const input = { path: straight, salt: library.salt, keepIdentity: false, thumbnails: library.paths.thumbnails };
    const reading = await decoders.ask<FileReading>('read', input);
    const known = filmsOfPixels(library.db, reading.frames[0]?.pixelSha256 ?? '').find(
      (film) => film.trashed_at === null,
    );
    if (known) return { xray: known.id, duplicate: true };
    const { size, mtimeMs } = statSync(straight);
    const facts = { title: 'Camera', root: 'camera', layout: 'files', found: 1, duplicates: 0 };
    const id = insertImport(library.db, { ...facts, at: at.toISOString(), state: 'running', owner: library.owner });
    const film = {
      file: { absolute: straight, path: basename(straight), bytes: size, modifiedMs: mtimeMs },
      reading,
      frames: reading.frames,
      claim: { ...noClaim, patient, bodyPart, source: 'camera' },
      label: null,
      source: 'camera',
      synthetic: false,
      marks: [],
    };
    const xray = await bringInOne(library, decoders, { import: id, reader: 'Import', films: [film] });
    regroupTwins(library);
    return { xray, duplicate: false };
  } finally {
    rmSync(straight, { force: true });
  }
}

/** Throws what kept the film from coming in; the import then says that it failed. */
async function bringInOne(library: OpenLibrary, decoders: Decoders, incoming: Incoming): Promise<number> {
  const control = { signal: new AbortController().signal, progress: () => undefined };
  try {
    const [xray] = await bringIn(library, decoders, incoming, control);
    if (xray !== undefined) return xray;
    const [refusal] = refusalsOf(library.db, incoming.import);
    throw new Problem('FILE_UNREADABLE', { file: 'The picture', reason: refusal?.reason ?? 'it could not be kept' });
  } catch (error) {
    updateImport(library.db, incoming.import, { state: 'failed', owner: null });
    throw error;
  }
}
