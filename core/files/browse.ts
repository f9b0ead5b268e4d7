// Lists folders and films of this computer, for choosing one where no native dialog can. Reads names only.
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { reasonOf } from '#core/imports/scan.ts';
import { Problem } from '#core/problem.ts';

const FILMS = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.dcm', '.dicom', '.ima', '.csv', '.json', '']);

interface Entry {
  name: string;
  path: string;
  folder: boolean;
  films: number | null;
}

/** Throws FOLDER_UNREADABLE. Starts in the user's home. */
export function browse(folder = homedir()): { folder: string; parent: string | null; entries: Entry[] } {
  const here = resolve(folder);
  const parent = dirname(here);
  try {
    const entries = readdirSync(here, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.'))
      .flatMap((entry): Entry[] => {
        const path = join(here, entry.name);
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(path));
        if (!isFolder && !(entry.isFile() && FILMS.has(extname(entry.name).toLowerCase()))) return [];
        return [{ name: entry.name, path, folder: isFolder, films: isFolder ? countFilms(path) : null }];
      })
      .sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name));
    return { folder: here, parent: parent === here ? null : parent, entries };
  } catch (error) {
    throw new Problem('FOLDER_UNREADABLE', { folder: here, reason: reasonOf(error) });
  }
}

function leadsToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Films directly in a folder; null where it may not be read. */
function countFilms(path: string): number | null {
  try {
    return readdirSync(path).filter((name) => extname(name) !== '' && FILMS.has(extname(name).toLowerCase())).length;
  } catch {
    return null;
  }
}
