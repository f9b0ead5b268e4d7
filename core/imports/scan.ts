// Walks files and folders and lists what may be films and what may be tables. Reads names and sizes only.
// Must never follow a link out of what the user chose, and never hang on a pipe or device.
import { lstatSync, openSync, readSync, closeSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { Refusal } from '#api/imports.ts';
import { Problem } from '#core/problem.ts';

export interface FoundFile {
  /** Where it lies on the disk. */
  absolute: string;
  /** Relative to the root, with `/`: what the user sees and what a layout reads. */
  path: string;
  bytes: number;
  modifiedMs: number;
}

export interface Found {
  root: string;
  films: FoundFile[];
  tables: FoundFile[];
  refused: Refusal[];
  /** Files that are neither, by ending. */
  others: number;
}

const FILM_ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.dcm', '.dicom', '.ima']);
const TABLE_ENDINGS = new Set(['.csv', '.json', '.jsonl', '.tsv']);
const OTHER_ENDINGS = new Set([
  '.xml',
  '.txt',
  '.md',
  '.pdf',
  '.html',
  '.zip',
  '.gz',
  '.doc',
  '.docx',
  '.xls',
  '.xlsx',
  '.db',
  '.ini',
  '.py',
  '.yaml',
  '.yml',
]);
const DEPTH = 32;
const SNIFF_BYTES = 132;

/**
 * Lists what lies under the given paths. Symbolic links are left out; a link the user names directly is followed.
 * Throws FILE_UNREADABLE or FOLDER_UNREADABLE for a named path that is not there, or lists it as refused.
 */
export function scan(paths: string[], { lacking = 'thrown' }: { lacking?: 'thrown' | 'refused' } = {}): Found {
  const absolute = paths.map((path) => resolve(path));
  const found: Found = { root: commonRoot(absolute), films: [], tables: [], refused: [], others: 0 };
  for (const path of absolute) {
    try {
      const real = realOf(path);
      if (statSync(real).isDirectory()) walk(real, path, found, 0);
      else look(real, path, found, true);
    } catch (error) {
      if (!(error instanceof Problem) || lacking === 'thrown') throw error;
      found.refused.push({ path: within(found.root, path), code: error.code, reason: error.message });
    }
  }
  return found;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new Problem('FILE_UNREADABLE', { file: basename(path), reason: reasonOf(error) });
  }
}

function walk(real: string, shown: string, found: Found, depth: number): void {
  let names: string[];
  try {
    names = readdirSync(real).sort();
  } catch (error) {
    const problem = new Problem('FOLDER_UNREADABLE', { folder: basename(shown), reason: reasonOf(error) });
    if (depth === 0) throw problem;
    found.refused.push({ path: within(found.root, shown), code: problem.code, reason: problem.message });
    return;
  }
  for (const name of names) {
    if (name.startsWith('.') || name === '__MACOSX' || name === 'Thumbs.db') continue;
    const path = join(real, name);
    const kind = lstatSync(path, { throwIfNoEntry: false });
    if (!kind) continue;
    if (kind.isDirectory() && depth < DEPTH) walk(path, join(shown, name), found, depth + 1);
    else if (kind.isFile()) look(path, join(shown, name), found, false);
    else if (!kind.isDirectory()) found.others++;
  }
}

function look(real: string, shown: string, found: Found, named: boolean): void {
  const { size, mtimeMs } = statSync(real);
  const file = { absolute: real, path: within(found.root, shown), bytes: size, modifiedMs: mtimeMs };
  const ending = extname(shown).toLowerCase();
  if (TABLE_ENDINGS.has(ending)) found.tables.push(file);
  else if (FILM_ENDINGS.has(ending) || named || (!OTHER_ENDINGS.has(ending) && startsLikeFilm(real)))
    found.films.push(file);
  else found.others++;
}

/** DICOM files often have no ending at all; pictures are told by their first bytes. */
function startsLikeFilm(path: string): boolean {
  const head = Buffer.alloc(SNIFF_BYTES);
  try {
    const handle = openSync(path, 'r');
    try {
      readSync(handle, head, 0, SNIFF_BYTES, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
  if (head.toString('latin1', 128, 132) === 'DICM') return true;
  const start = head.readUInt32BE(0);
  return start >>> 8 === 0xffd8ff || start === 0x89504e47 || start === 0x49492a00 || start === 0x4d4d002a;
}

/** The folder all paths lie under: the folder itself where one was named, else where the files lie. */
function commonRoot(paths: string[]): string {
  const folders = paths.map((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path),
  );
  let root = folders[0] ?? resolve('.');
  for (const folder of folders) {
    while (folder !== root && !folder.startsWith(root.endsWith(sep) ? root : root + sep)) root = dirname(root);
  }
  return root;
}

function within(root: string, path: string): string {
  return relative(root, path).split(sep).join('/') || basename(path);
}

export function reasonOf(error: unknown): string {
  const code = (error as { code?: string } | null)?.code;
  if (code === 'ENOENT') return 'it is not there';
  if (code === 'EACCES' || code === 'EPERM') return 'reading it is not allowed';
  if (code === 'ENOTDIR') return 'it is not a folder';
  return code ?? 'unknown reason';
}
