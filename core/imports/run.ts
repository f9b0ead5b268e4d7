// Brings the films of a preview into the library: file kept and on the disk first, then its rows, then its label.
// A stop leaves whole films only; doing it again adds what is missing and nothing twice.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Label } from '#api/labels.ts';
import type { Refusal } from '#api/imports.ts';
import { claimXray, findFilm, insertMarks, insertRefusals, insertXray, updateImport } from '#db/imports.ts';
import type { MarkRow } from '#db/imports.ts';
import { standingEvents } from '#db/labels.ts';
import type { XrayRow } from '#db/tables.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { recordDecisions } from '#core/labels/decide.ts';
import type { Decision } from '#core/labels/decide.ts';
import { makeFolder, syncFolder } from '#core/libraries/durable.ts';
import { originalPath } from '#core/libraries/folder.ts';
import { keepsIdentity } from '#core/libraries/identity.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { journalChanged, journalNew } from '#core/libraries/record.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { readerNamed } from '#core/readers/readers.ts';
import { patientOf } from './preview.ts';
import type { ImportItem } from './sort-out.ts';
import { studyPseudonym } from './pseudonym.ts';

const AT_ONCE = 16;
/** Films a transaction: few enough that a label given meanwhile does not wait. */
const BATCH = 32;

export interface IncomingFilm extends Omit<ImportItem, 'copies'> {
  label: Label | null;
  source: string;
  synthetic: boolean;
  marks: MarkRow[];
}

export interface Incoming {
  import: number;
  reader: string;
  films: IncomingFilm[];
}

interface Kept {
  film: IncomingFilm;
  sha256: string;
}

/** Returns the row numbers of the films that are in, in order. Refusals met on the way are written with the import. */
export async function bringIn(
  library: OpenLibrary,
  decoders: Decoders,
  incoming: Incoming,
  { signal, progress }: JobControl,
): Promise<number[]> {
  const { films } = incoming;
  const reader = readerNamed(library, incoming.reader, false);
  const ids: number[] = [];
  const total = films.reduce((sum, film) => sum + film.frames.length, 0);
  progress(0, total);
  for (let at = 0; at < films.length; at += BATCH) {
    if (signal.aborted) break;
    const { kept, refused } = await keepAll(library, decoders, films.slice(at, at + BATCH));
    ids.push(...writeRows(library, incoming.import, reader.key, kept, refused));
    progress(ids.length, total);
  }
  updateImport(library.db, incoming.import, { state: signal.aborted ? 'cancelled' : 'done', owner: null });
  return ids;
}

async function keepAll(
  library: OpenLibrary,
  decoders: Decoders,
  films: IncomingFilm[],
): Promise<{ kept: Kept[]; refused: Refusal[] }> {
  const kept: Kept[] = [];
  const refused: Refusal[] = [];
  for (let at = 0; at < films.length; at += AT_ONCE) {
    const some = films.slice(at, at + AT_ONCE);
    const results = await Promise.allSettled(some.map((film) => keepOne(library, decoders, film)));
    for (const [i, result] of results.entries()) {
      const film = some[i] as IncomingFilm;
      if (result.status === 'fulfilled') {
        kept.push({ film, sha256: result.value });
        continue;
      }
      const problem = toProblem(result.reason);
      if (!problem || problem.code.startsWith('DISK_')) throw result.reason;
      refused.push({ path: film.file.path, code: problem.code, reason: problem.message });
    }
  }
  return { kept, refused };
}

/** The kept file is on the disk under its own hash when this returns it. */
async function keepOne(library: OpenLibrary, decoders: Decoders, film: IncomingFilm): Promise<string> {
  const { file, reading } = film;
  const to = join(library.paths.incoming, `${randomBytes(12).toString('hex')}.part`);
  const input = { path: file.absolute, to, salt: library.salt, keepIdentity: keepsIdentity(library) };
  try {
    const kept = await decoders.ask<{ sha256: string; sourceSha256: string }>('keep', input);
    if (kept.sourceSha256 !== reading.sha256) {
      throw new Problem('FILE_UNREADABLE', { file: basename(file.path), reason: 'it changed while it was read' });
    }
    const target = originalPath(library.paths, kept.sha256);
    if (existsSync(target)) return kept.sha256;
    makeFolder(dirname(target));
    renameSync(to, target);
    syncFolder(dirname(target));
    syncFolder(library.paths.originals);
    return kept.sha256;
  } finally {
    rmSync(to, { force: true });
  }
}

/** One transaction for films and labels, then both journals; only then do they count. */
function writeRows(library: OpenLibrary, importId: number, reader: string, kept: Kept[], refused: Refusal[]): number[] {
  const { db } = library;
  const ids: number[] = [];
  const back: number[] = [];
  db.write(() => {
    const decisions: Decision[] = [];
    for (const { film, sha256 } of kept) {
      for (const frame of film.frames) {
        const row = rowOf(library, importId, film, frame, sha256);
        const { id, was } = insertOrBringBack(library, row, film.marks);
        ids.push(id);
        if (was === 'here') continue;
        if (was === 'trashed') back.push(id);
        if (was === 'nowhere' ? film.label !== null : saysElse(library, id, film.label))
          decisions.push({ xray: id, label: film.label });
      }
    }
    insertRefusals(db, importId, refused);
    recordDecisions(library, decisions, { reader, why: 'import' });
  });
  journalNew(library);
  journalChanged(library, back);
  return ids;
}

/** A film comes out of the trash with what this import says of it: the one that was undone may have been wrong. */
function insertOrBringBack(
  { db }: OpenLibrary,
  row: XrayRow,
  marks: MarkRow[],
): { id: number; was: 'nowhere' | 'trashed' | 'here' } {
  const there = findFilm(db, row.sha256, row.frame);
  if (there?.trashed_at === null) return { id: there.id, was: 'here' };
  if (there) {
    claimXray(db, there.id, row);
    return { id: there.id, was: 'trashed' };
  }
  const id = insertXray(db, row);
  insertMarks(db, id, marks);
  return { id, was: 'nowhere' };
}

/** An import corrects what an import said; what a reader decided stands. */
function saysElse({ db }: OpenLibrary, xray: number, label: Label | null): boolean {
  const standing = standingEvents(db, [xray]).get(xray);
  return standing === undefined ? label !== null : standing.why === 'import' && standing.after !== label;
}

function rowOf(
  library: OpenLibrary,
  importId: number,
  film: IncomingFilm,
  frame: ImportItem['frames'][number],
  sha256: string,
): XrayRow {
  const { claim, reading } = film;
  const { facts } = reading;
  return {
    sha256,
    source_sha256: reading.sha256,
    pixel_sha256: frame.pixelSha256,
    frame: frame.frame,
    frames: reading.frames.length,
    file: film.file.path,
    media_type: reading.mediaType,
    bytes: reading.bytes,
    width: frame.width,
    height: frame.height,
    bits: frame.bits,
    patient: patientOf(library, film),
    study: claim.study === null ? facts.study : studyPseudonym(claim.study, library.salt),
    study_date: facts.studyDate,
    body_part: claim.bodyPart ?? facts.bodyPart,
    projection: claim.projection ?? facts.projection,
    laterality: claim.laterality ?? facts.laterality,
    source: film.source,
    pixel_spacing_mm: reading.pixelSpacingMm,
    pixel_spacing_source: reading.pixelSpacingSource,
    synthetic: film.synthetic ? 1 : 0,
    blurred: frame.blurred ? 1 : 0,
    burned_in: reading.burnedIn ? 1 : 0,
    fingerprint: frame.fingerprint,
    twin_group: null,
    two_labels: 0,
    import_id: importId,
    imported_at: library.now().toISOString(),
    trashed_at: null,
  };
}
