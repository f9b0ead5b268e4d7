// A library in a few figures, as the top bar and the settings page show it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Library } from '#api/libraries.ts';
import { lastEvent } from '#db/labels.ts';
import { getMeta, setMeta } from '#db/meta.ts';
import { libraryCounts } from '#db/xrays.ts';
import { keepsIdentity } from './identity.ts';
import { libraryId } from './meant.ts';
import type { OpenLibrary } from './open.ts';

export function describeLibrary(library: OpenLibrary): Library {
  const { db, paths } = library;
  const counts = libraryCounts(db);
  return {
    id: libraryId(library),
    folder: paths.folder,
    name: getMeta(db, 'name') ?? 'Library',
    openedAt: library.openedAt,
    films: counts.films,
    labelled: counts.labelled,
    patients: counts.patients,
    withoutPatient: counts.withoutPatient,
    synthetic: counts.synthetic,
    trashed: counts.trashed,
    keepsIdentity: keepsIdentity(library),
    bytes: {
      originals: counts.bytes,
      cache: folderBytes(paths.cache),
      models: folderBytes(paths.models) + folderBytes(paths.bodies),
    },
    notices: library.notices,
    lastSaved: lastEvent(db)?.at ?? null,
  };
}

export function rename(library: OpenLibrary, name: string): void {
  setMeta(library.db, 'name', name);
}

function folderBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
