// A library in a temporary folder, with films that are rows only: for tests of everything but pixels.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { insertXray } from '#db/imports.ts';
import type { XrayRow } from '#db/tables.ts';
import { silent } from '#core/log.ts';
import { openLibrary } from '#core/libraries/open.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { originalPath } from '#core/libraries/folder.ts';
import { journalNew } from '#core/libraries/record.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens (and makes) a library; closed when the test is over. */
export function testLibrary(folder = join(temporaryFolder(), 'library'), now?: () => Date): OpenLibrary {
  const library = openLibrary(folder, { create: true, log: silent, ...(now ? { now } : {}) });
  let closed = false;
  const close = library.close.bind(library);
  library.close = () => {
    if (!closed) close();
    closed = true;
  };
  onTestFinished(() => library.close());
  return library;
}

/** Adds films whose kept files are words, not pictures, and returns their row numbers. */
export function addFilms(library: OpenLibrary, count: number, facts: Partial<XrayRow> = {}): number[] {
  const first = filmCount(library);
  const rows = Array.from({ length: count }, (_, i) => filmRow(first + i, facts));
  for (const [i, row] of rows.entries()) if (!facts.sha256) keepFile(library, row.sha256, `film ${first + i}`);
  const ids = library.db.write(() => rows.map((row) => insertXray(library.db, row)));
  journalNew(library);
  return ids;
}

function keepFile(library: OpenLibrary, sha256: string, content: string): void {
  const path = originalPath(library.paths, sha256);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function filmCount({ db }: OpenLibrary): number {
  return db.raw.prepare('SELECT count(*) FROM xrays').pluck().get() as number;
}

export function filmRow(number: number, facts: Partial<XrayRow> = {}): XrayRow {
  const sha256 = createHash('sha256').update(`film ${number}`).digest('hex');
  return {
    sha256,
    source_sha256: sha256,
    pixel_sha256: sha256,
    frame: 0,
    frames: 1,
    file: `film-${number}.png`,
    media_type: 'image/png',
    bytes: 1000,
    width: 640,
    height: 480,
    bits: 8,
    patient: `P-${Math.floor(number / 2)}`,
    study: null,
    study_date: null,
    body_part: 'Hand',
    projection: number % 2 ? 'lateral' : 'frontal',
    laterality: null,
    source: 'test',
    pixel_spacing_mm: null,
    pixel_spacing_source: null,
    synthetic: 0,
    blurred: 0,
    burned_in: 0,
    fingerprint: Buffer.alloc(8 + 576, number % 256),
    twin_group: null,
    two_labels: 0,
    import_id: null,
    imported_at: new Date(0).toISOString(),
    trashed_at: null,
    ...facts,
  };
}
