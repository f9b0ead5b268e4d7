// A folder a class: the nearest folder whose name stands for a label gives it.
import { basename, dirname } from 'node:path';
import { guessLabel } from '#core/imports/mapping.ts';
import { noClaim } from './layout.ts';
import type { ReadLayout } from './layout.ts';

const PARTS = /^(train|training|val|valid|validation|test|testing)$/i;

export const readFolders: ReadLayout = (found) => {
  const classes = new Map<string, string>();
  for (const file of found.films) {
    const folder = classFolder(file.path);
    if (folder !== null) classes.set(dirname(file.path), folder);
  }
  const names = [...new Set(classes.values())].sort();
  const known = names.filter((name) => guessLabel(name).sure);
  if (names.length < 2 || known.length === 0) {
    return { why: 'it needs two folders whose names stand for labels, such as "fracture" and "whole"' };
  }
  return {
    layout: 'folders',
    sentence: `Layout: a folder a label. Labels are read from the folder names ${names.slice(0, 6).join(', ')}.`,
    reader: 'Folder names',
    labelColumn: 'folder',
    claimOf: (file) => ({ ...noClaim, value: classes.get(dirname(file.path)) ?? '' }),
    dropped: [],
    pseudonyms: [],
    notes: ['Folders name no patients: films are kept apart by likeness only.'],
    tables: [],
  };
};

/** Nearest folder above a file that is not the name of a part of a split. */
function classFolder(path: string): string | null {
  for (let folder = dirname(path); folder !== '.' && folder !== ''; folder = dirname(folder)) {
    const name = basename(folder);
    if (guessLabel(name).sure) return name;
  }
  const name = basename(dirname(path));
  return name === '' || name === '.' || PARTS.test(name) ? null : name;
}
