// Tells new films from copies, says where copies contradict each other, and takes patients' names out of paths.
// Must not write anything.
import { extname } from 'node:path';
import type { ImportPreview, Mapping, Refusal } from '#api/imports.ts';
import { filmsOfPixels, filmsOfSource } from '#db/imports.ts';
import type { FileReading, FrameReading } from '#core/imaging/film.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { Claim, LayoutReading } from './layouts/layout.ts';
import { guessLabel, guessMapping } from './mapping.ts';
import type { Found, FoundFile } from './scan.ts';

/** One file that will come in, with what was read and what is claimed of it. */
export interface ImportItem {
  file: FoundFile;
  reading: FileReading;
  claim: Claim;
  /** What copies of this very file say; where one says fracture and one whole, the film comes in without a label. */
  copies: string[];
  /** Frames to import; others of the file are copies. */
  frames: FrameReading[];
}

/** What a file says, or why it cannot come in. */
export type Reading = FileReading | Refusal;

const NAME_REMOVED = 'name removed';

/** Folders and files named after a patient do not enter the library under that name. */
function withoutNames(readings: Reading[]): (path: string) => string {
  const naming = new Set(readings.flatMap((reading) => ('code' in reading ? [] : reading.naming)));
  const cover = (part: string) => (naming.has(part) ? `${NAME_REMOVED}${extname(part).toLowerCase()}` : part);
  return (path) =>
    naming.size === 0
      ? path
      : path
          .split(/(?<=[\\/])|(?=[\\/])/)
          .map(cover)
          .join('');
}

/** A picture of some pixels: `value` is what is said of it, `film` that it stands in the library. */
interface Copy {
  path: string;
  value: string;
  film: boolean;
}

/** The first file with some bytes. */
type FirstOfFile = Pick<ImportItem, 'file' | 'claim' | 'copies'>;

export interface Sorted {
  /** As it may be kept. */
  root: string;
  items: ImportItem[];
  mapping: Mapping[];
  duplicates: ImportPreview['duplicates'];
  contradictions: ImportPreview['contradictions'];
  refused: Refusal[];
}

/**
 * Keeps the first of each file. A picture of the same pixels in another file is kept too where it carries another label: both
 * then stand with two labels, and no network learns from them.
 */
export function sortOut(library: OpenLibrary, found: Found, layout: LayoutReading, readings: Reading[]): Sorted {
  const shown = withoutNames(readings);
  const sorted: Sorted = {
    root: shown(found.root),
    items: [],
    mapping: [],
    duplicates: [],
    contradictions: [],
    refused: [],
  };
  const refuse = (refusal: Refusal) => sorted.refused.push({ ...refusal, path: shown(refusal.path) });
  for (const refusal of found.refused) refuse(refusal);
  const byFile = new Map<string, FirstOfFile>();
  const byPixels = new Map<string, Copy[]>();
  const values: string[] = [];
  for (const [at, named] of found.films.entries()) {
    const reading = readings[at] as Reading;
    if ('code' in reading) {
      refuse(reading);
      continue;
    }
    const claim = layout.claimOf(named);
    const file = { ...named, path: shown(named.path) };
    if (repeatsFile(library, file, claim, reading.sha256, byFile, sorted)) continue;
    const copies: string[] = [];
    byFile.set(reading.sha256, { file, claim, copies });
    const frames = reading.frames.filter((frame) => isNew(library, file, claim, frame, byPixels, sorted));
    if (frames.length === 0) continue;
    for (const _ of frames) values.push(claim.value);
    sorted.items.push({ file, reading, claim, copies, frames });
  }
  sorted.mapping = guessMapping(values);
  for (const copies of byPixels.values()) {
    const values = copies.map(({ value }) => value);
    if (contradict(values)) sorted.contradictions.push({ paths: copies.map(({ path }) => path), labels: values });
  }
  return sorted;
}

/** Whether the very bytes stood earlier in this import or stand in the library; notes it, and where the two contradict. */
function repeatsFile(
  library: OpenLibrary,
  file: FoundFile,
  claim: Claim,
  sha256: string,
  byFile: Map<string, FirstOfFile>,
  sorted: Sorted,
): boolean {
  const seen = byFile.get(sha256);
  const known = filmsOfSource(library.db, sha256).find((film) => film.trashed_at === null);
  if (!seen && !known) return false;
  seen?.copies.push(claim.value);
  const as = seen?.file.path ?? `film ${known?.id ?? ''}, ${known?.file ?? ''}`;
  const labels = [seen?.claim.value ?? known?.label ?? '', claim.value];
  sorted.duplicates.push({ path: file.path, as, where: seen ? 'here' : 'library', how: 'file' });
  if (contradict(labels)) sorted.contradictions.push({ paths: [as, file.path], labels });
  return true;
}

/** One says fracture, another whole. */
function contradict(values: string[]): boolean {
  const labels = new Set(values.map((value) => guessLabel(value).label));
  return labels.has('fracture') && labels.has('whole');
}

/** Whether two words mean the same however they are mapped: only the user knows what an unknown word means. */
function sayTheSame(one: string, other: string): boolean {
  const [a, b] = [guessLabel(one), guessLabel(other)];
  return one === other || (a.sure && b.sure && a.label === b.label);
}

/** Not new where the same pixels stand with the same label in this import or, with that or no other, in the library. */
function isNew(
  library: OpenLibrary,
  file: FoundFile,
  claim: Claim,
  { pixelSha256 }: FrameReading,
  byPixels: Map<string, Copy[]>,
  sorted: Sorted,
): boolean {
  const copies = byPixels.get(pixelSha256) ?? knownCopies(library, pixelSha256);
  byPixels.set(pixelSha256, copies);
  const there = copies.find(({ value, film }) =>
    film ? !contradict([value, claim.value]) : sayTheSame(value, claim.value),
  );
  if (there) {
    sorted.duplicates.push({
      path: file.path,
      as: there.path,
      where: there.film ? 'library' : 'here',
      how: 'pixels',
    });
    return false;
  }
  copies.push({ path: file.path, value: claim.value, film: false });
  return true;
}

function knownCopies(library: OpenLibrary, pixelSha256: string): Copy[] {
  return filmsOfPixels(library.db, pixelSha256)
    .filter((film) => film.trashed_at === null)
    .map(({ id, file, label }) => ({ path: `film ${id}, ${file}`, value: label ?? '', film: true }));
}
