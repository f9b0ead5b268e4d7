// Whether a library keeps identified DICOM originals. The default is not to.
import { getMeta, setMeta } from '#db/meta.ts';
import type { OpenLibrary } from './open.ts';

export function keepsIdentity({ db }: Pick<OpenLibrary, 'db'>): boolean {
  return getMeta(db, 'keep-identity') === 'yes';
}

/** Holds for imports from now on; films already kept stay as they are. */
export function setKeepsIdentity({ db }: Pick<OpenLibrary, 'db'>, keep: boolean): void {
  setMeta(db, 'keep-identity', keep ? 'yes' : 'no');
}
