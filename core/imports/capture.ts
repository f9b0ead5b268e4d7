// A camera picture into the library, as it is or straightened by its four corners. Its source is "camera".
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { insertImport } from '#db/imports.ts';
import { filmsOfPixels } from '#db/imports.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { FileReading } from '#core/imaging/film.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { noClaim } from './layouts/layout.ts';
import { bringIn } from './run.ts';
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
    const control = { signal: new AbortController().signal, progress: () => undefined };
    const [xray = 0] = await bringIn(library, decoders, { import: id, reader: 'Import', films: [film] }, control);
    regroupTwins(library);
    return { xray, duplicate: false };
  } finally {
    rmSync(straight, { force: true });
  }
}
