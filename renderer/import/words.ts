// An import in words: what is left out and why, layouts, what labels become.
import type { ImportPreview, Layout, Refusal } from '#api/imports.ts';

export interface LeftOut {
  key: string;
  films: number;
  /** "pixel for pixel the same". */
  what: string;
  /** What becomes of them: "first one kept". */
  fate: string;
  lines: { path: string; why: string }[];
}

const refusalWords: Record<string, string> = {
  NOT_A_FILM: 'not a picture',
  FILM_CUT_SHORT: 'breaks off early',
  FILM_DAMAGED: 'damaged',
  FILM_TOO_LARGE: 'too large for an X-ray',
  FILM_TOO_SMALL: 'too small for an X-ray',
  UNSUPPORTED_ENCODING: 'encoding that Osteon cannot read',
  NO_PIXELS: 'DICOM without a picture',
  FILM_TOO_SLOW: 'took too long to decode',
  DECODER_DIED: 'stopped the decoder',
  FILE_UNREADABLE: 'cannot be opened',
};

/** The heading of these says all there is to say of each file. */
const SAID = ['NOT_A_FILM', 'FILM_CUT_SHORT', 'FILM_DAMAGED', 'NO_PIXELS', 'DECODER_DIED'];

/** Everything that will not come in, by reason, the commonest first. */
export function leftOut({ duplicates, refused }: Pick<ImportPreview, 'duplicates' | 'refused'>): LeftOut[] {
  const groups = new Map<string, LeftOut>();
  const add = (key: string, what: string, fate: string, path: string, why: string) => {
    const group = groups.get(key) ?? { key, films: 0, what, fate, lines: [] };
    groups.set(key, group);
    group.films++;
    group.lines.push({ path, why });
  };
  for (const { path, as, where, how } of duplicates) {
    if (where === 'library') add('library', 'already in this library', 'skipped', path, as);
    else if (how === 'file') add('file', 'the same file again', 'first one kept', path, `same as ${as}`);
    else add('pixels', 'pixel for pixel the same', 'first one kept', path, `same as ${as}`);
  }
  for (const { path, code, reason } of refused) {
    add(code, refusalWords[code] ?? 'cannot be read', 'listed', path, SAID.includes(code) ? '' : reason);
  }
  return [...groups.values()].sort((a, b) => b.films - a.films);
}

/** The same for what was refused by an import that is done. */
export function refusedGroups(refused: Refusal[]): LeftOut[] {
  return leftOut({ duplicates: [], refused });
}

export const layouts: { value: Layout; title: string; hint: string }[] = [
  { value: 'auto', title: 'Let Osteon recognise it', hint: '' },
  { value: 'folders', title: 'A folder for each label', hint: 'fracture/, whole/' },
  { value: 'files', title: 'Just films, no labels', hint: '' },
  { value: 'mura', title: 'MURA', hint: 'patient/study/' },
  { value: 'fracatlas', title: 'FracAtlas', hint: 'dataset.csv' },
];
