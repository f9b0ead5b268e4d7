// Looks through what is to be imported and says what would happen: every film decoded whole, nothing written but
// thumbnails in the cache.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ImportPreview, Layout, Mapping, Refusal } from '#api/imports.ts';
import { filmsOfPixels, filmsOfSource } from '#db/imports.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { FileReading, FrameReading } from '#core/imaging/film.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { keepsIdentity } from '#core/libraries/identity.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { recognise } from './layouts/recognise.ts';
import type { Claim, LayoutReading } from './layouts/layout.ts';
import { guessLabel, guessMapping } from './mapping.ts';
import { patientPseudonym } from './pseudonym.ts';
import { scan } from './scan.ts';
import type { Found, FoundFile } from './scan.ts';

/** One file that will come in, with what was read and what is claimed of it. */
export interface ImportItem {
  file: FoundFile;
  reading: FileReading;
  claim: Claim;
  /** Frames to import; others of the file are copies. */
  frames: FrameReading[];
}

export interface Preview {
  id: string;
  report: ImportPreview;
  layout: LayoutReading;
  items: ImportItem[];
}

const FIRST = 6;
/** Files read ahead of the one that is waited for. */
const WINDOW = 24;

export interface PreviewRequest {
  paths: string[];
  layout: Layout;
  table?: string | undefined;
  /** Shown instead of a temporary folder. */
  rootName?: string | undefined;
}

/** Throws NOTHING_TO_IMPORT, LAYOUT_MISMATCH, TABLE_UNREADABLE, FILE_UNREADABLE, CANCELLED. */
export async function preview(
  library: OpenLibrary,
  decoders: Decoders,
  request: PreviewRequest,
  { signal, progress }: JobControl,
): Promise<Preview> {
  const startedMs = performance.now();
  const found = scan(request.paths);
  if (found.films.length === 0)
    throw new Problem('NOTHING_TO_IMPORT', { folder: request.rootName ?? basename(found.root) });
  const layout = recognise(found, request.layout, request.table);
  progress(0, found.films.length);
  const readings = await readAll(library, decoders, found.films, { signal, progress });
  const sorted = sortOut(library, found, layout, readings);
  const id = randomUUID();
  return {
    id,
    layout,
    items: sorted.items,
    report: {
      preview: id,
      root: request.rootName ?? found.root,
      layout: layout.layout,
      layoutSentence: layout.sentence,
      tables: found.tables.map((table) => table.path),
      found: found.films.length,
      ...counts(library, sorted.items),
      labelColumn: layout.labelColumn,
      mapping: sorted.mapping,
      duplicates: sorted.duplicates,
      contradictions: sorted.contradictions,
      refused: sorted.refused,
      privacy: privacyOf(layout, sorted.items),
      notes: notesOf(layout, found),
      first: firstFilms(library, sorted.items),
      secondsRead: (performance.now() - startedMs) / 1000,
    },
  };
}

type Reading = FileReading | Refusal;

/** Reads every file, several at a time, in order. A refusal stands in the place of its file. */
async function readAll(
  library: OpenLibrary,
  decoders: Decoders,
  files: FoundFile[],
  { signal, progress }: JobControl,
): Promise<Reading[]> {
  const input = { salt: library.salt, keepIdentity: keepsIdentity(library), thumbnails: library.paths.thumbnails };
  const readings = new Array<Reading>(files.length);
  let next = 0;
  let done = 0;
  const reader = async () => {
    for (let at = next++; at < files.length; at = next++) {
      if (signal.aborted) throw new Problem('CANCELLED');
      const file = files[at] as FoundFile;
      readings[at] = await decoders
        .ask<FileReading>('read', { path: file.absolute, ...input })
        .catch((error: unknown) => refusalOf(file, error));
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, files.length) }, reader));
  return readings;
}

function refusalOf(file: FoundFile, error: unknown): Refusal {
  const problem = toProblem(error);
  if (!problem || problem.code === 'CANCELLED') throw error;
  return { path: file.path, code: problem.code, reason: problem.message };
}

interface Sorted {
  items: ImportItem[];
  mapping: Mapping[];
  duplicates: ImportPreview['duplicates'];
  contradictions: ImportPreview['contradictions'];
  refused: Refusal[];
}

/** Keeps the first of each film; a copy with another label is kept too, so that the contradiction can be seen. */
function sortOut(library: OpenLibrary, found: Found, layout: LayoutReading, readings: Reading[]): Sorted {
  const sorted: Sorted = { items: [], mapping: [], duplicates: [], contradictions: [], refused: [...found.refused] };
  const byFile = new Map<string, string>();
  const byPixels = new Map<string, { path: string; value: string }[]>();
  const values: string[] = [];
  for (const [at, file] of found.films.entries()) {
    const reading = readings[at] as Reading;
    if ('code' in reading) {
      sorted.refused.push(reading);
      continue;
    }
    const claim = layout.claimOf(file);
    const seen = byFile.get(reading.sha256);
    const known = filmsOfSource(library.db, reading.sha256).filter((film) => film.trashed_at === null);
    if (seen !== undefined || known.length > 0) {
      const as = seen ?? `film ${known[0]?.id ?? ''}, ${known[0]?.file ?? ''}`;
      sorted.duplicates.push({ path: file.path, as, where: seen === undefined ? 'library' : 'here', how: 'file' });
      continue;
    }
    byFile.set(reading.sha256, file.path);
    const frames = reading.frames.filter((frame) => isNew(library, file, claim, frame, byPixels, sorted));
    if (frames.length === 0) continue;
    for (const _ of frames) values.push(claim.value);
    sorted.items.push({ file, reading, claim, frames });
  }
  sorted.mapping = guessMapping(values);
  for (const copies of byPixels.values()) {
    const labels = new Set(copies.map(({ value }) => guessLabel(value).label ?? value));
    if (copies.length > 1 && labels.size > 1) {
      sorted.contradictions.push({ paths: copies.map(({ path }) => path), labels: copies.map(({ value }) => value) });
    }
  }
  return sorted;
}

/** Not new where the same pixels stand in this import with the same label, or in the library. */
function isNew(
  library: OpenLibrary,
  file: FoundFile,
  claim: Claim,
  { pixelSha256 }: FrameReading,
  byPixels: Map<string, { path: string; value: string }[]>,
  sorted: Sorted,
): boolean {
  const label = guessLabel(claim.value).label;
  const copies = byPixels.get(pixelSha256) ?? [];
  const here = copies.find(({ value }) => guessLabel(value).label === label);
  const there = filmsOfPixels(library.db, pixelSha256).find((film) => film.trashed_at === null);
  if (here || (there && copies.length === 0)) {
    const as = here?.path ?? `film ${there?.id ?? ''}, ${there?.file ?? ''}`;
    sorted.duplicates.push({ path: file.path, as, where: here ? 'here' : 'library', how: 'pixels' });
    return false;
  }
  byPixels.set(pixelSha256, [...copies, { path: file.path, value: claim.value }]);
  return true;
}

function counts(
  library: OpenLibrary,
  items: ImportItem[],
): Pick<ImportPreview, 'films' | 'patients' | 'patientsKnown' | 'bytes'> {
  const patients = new Set(items.map((item) => patientOf(library, item)).filter((patient) => patient !== null));
  return {
    films: items.reduce((sum, item) => sum + item.frames.length, 0),
    patients: patients.size,
    patientsKnown: items.length > 0 && items.every((item) => patientOf(library, item) !== null),
    bytes: items.reduce((sum, item) => sum + item.reading.bytes, 0),
  };
}

/** Pseudonym of the patient: from the table or path where they name one, else from the file. */
export function patientOf(
  library: OpenLibrary,
  { claim, reading }: Pick<ImportItem, 'claim' | 'reading'>,
): string | null {
  return claim.patient === null ? reading.facts.patient : patientPseudonym(claim.patient, library.salt);
}

function privacyOf(layout: LayoutReading, items: ImportItem[]): ImportPreview['privacy'] {
  const identifying = new Set(items.flatMap((item) => item.reading.identifying));
  const fromFiles = items.some((item) => item.reading.facts.patient !== null);
  return {
    dropped: [...layout.dropped, ...identifying],
    pseudonyms: [...layout.pseudonyms, ...(fromFiles ? ['PatientID'] : [])],
    burnedIn: items.filter((item) => item.reading.burnedIn).length,
  };
}

function notesOf(layout: LayoutReading, found: Found): string[] {
  const notes = [...layout.notes];
  if (found.others > 0) notes.push(`${found.others} other files are no pictures and are left alone.`);
  return notes;
}

function firstFilms(library: OpenLibrary, items: ImportItem[]): ImportPreview['first'] {
  return items.slice(0, FIRST).map((item) => ({
    path: item.file.path,
    thumbnail: `/images/previews/${item.reading.sha256}/${item.frames[0]?.frame ?? 0}`,
    label: guessLabel(item.claim.value).label,
    bodyPart: item.claim.bodyPart ?? item.reading.facts.bodyPart,
    projection: item.claim.projection ?? item.reading.facts.projection,
    patient: patientOf(library, item),
  }));
}
