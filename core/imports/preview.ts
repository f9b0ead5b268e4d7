// Looks through what is to be imported and says what would happen: every film decoded whole, nothing written but
// thumbnails in the cache.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ImportPreview, Layout, Refusal } from '#api/imports.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { FileReading } from '#core/imaging/film.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { keepsIdentity } from '#core/libraries/identity.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { recognise } from './layouts/recognise.ts';
import type { LayoutReading } from './layouts/layout.ts';
import { guessLabel } from './mapping.ts';
import { patientPseudonym } from './pseudonym.ts';
import { scan } from './scan.ts';
import type { Found, FoundFile } from './scan.ts';
import { sortOut } from './sort-out.ts';
import type { ImportItem, Reading } from './sort-out.ts';

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
      root: request.rootName ?? sorted.root,
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
  const named = items.some((item) => item.reading.naming.length > 0);
  const fromFiles = items.some((item) => item.reading.facts.patient !== null);
  return {
    dropped: [...layout.dropped, ...identifying, ...(named ? ['Names of folders and files'] : [])],
    pseudonyms: [...layout.pseudonyms, ...(fromFiles ? ['PatientID'] : [])],
    burnedIn: items.filter((item) => item.reading.burnedIn).length,
  };
}

function notesOf(layout: LayoutReading, found: Found): string[] {
  const notes = [...layout.notes];
  if (found.others === 1) notes.push('1 other file is no picture and is left alone.');
  if (found.others > 1) {
    notes.push(`${found.others.toLocaleString('en')} other files are no pictures and are left alone.`);
  }
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
