// Where things lie inside a library folder. Names come from hashes and numbers, never from imported files.
import { join } from 'node:path';

export interface LibraryPaths {
  folder: string;
  database: string;
  labelJournal: string;
  filmJournal: string;
  /** Secret from which pseudonyms are made. */
  salt: string;
  originals: string;
  models: string;
  /** Pretrained bodies, a folder each. */
  bodies: string;
  /** Of trainings that may go on, a folder each. */
  checkpoints: string;
  backups: string;
  quarantine: string;
  cache: string;
  thumbnails: string;
  /** Files on their way in: previews, uploads, camera pictures. A folder for each opening, gone when that is over. */
  incoming: string;
}

export function pathsOf(folder: string): LibraryPaths {
  return {
    folder,
    database: join(folder, 'osteon.db'),
    labelJournal: join(folder, 'labels.ndjson'),
    filmJournal: join(folder, 'films.ndjson'),
    salt: join(folder, 'pseudonyms.key'),
    originals: join(folder, 'originals'),
    models: join(folder, 'models'),
    bodies: join(folder, 'bodies'),
    checkpoints: join(folder, 'checkpoints'),
    backups: join(folder, 'backups'),
    quarantine: join(folder, 'quarantine'),
    cache: join(folder, 'cache'),
    thumbnails: join(folder, 'cache', 'thumbnails'),
    incoming: join(folder, 'cache', 'incoming'),
  };
}

export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Where the kept file of this hash lies. Throws on anything that is not a hash. */
export function originalPath(paths: LibraryPaths, sha256: string): string {
  if (!isSha256(sha256)) throw new Error('not a SHA-256');
  return join(paths.originals, sha256.slice(0, 2), sha256);
}

/** Where the thumbnail of a frame lies; made anew when it is missing. */
export function thumbnailPath(paths: LibraryPaths, sha256: string, frame: number, side: number): string {
  if (!isSha256(sha256)) throw new Error('not a SHA-256');
  return join(paths.thumbnails, `${sha256}-${frame}-${side}.webp`);
}

/** @param name as the run's record has it, where it went on after a stop; else the run's number */
export function modelPath(paths: LibraryPaths, run: number, name = String(run)): string {
  if (!/^\d+(\.\d+)?$/.test(name)) throw new Error('not a name of a model');
  return join(paths.models, name);
}

export function checkpointPath(paths: LibraryPaths, run: number): string {
  return join(paths.checkpoints, String(run));
}
