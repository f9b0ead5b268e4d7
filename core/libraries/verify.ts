// Checks a library: hashes of every kept file, integrity of the database, the chain, journal against database.
// Must only read.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Verification } from '#api/libraries.ts';
import { countEvents, eventsAfter, strayLabels } from '#db/labels.ts';
import { keptFiles } from '#db/imports.ts';
import { listRuns } from '#db/runs.ts';
import { missingTables } from '#db/migrate.ts';
import { isDamage } from '#db/open.ts';
import type { Db } from '#db/open.ts';
import type { EventRow } from '#db/tables.ts';
import { brokenLink, eventHash } from '#core/labels/chain.ts';
import { firstOf, many } from '#core/many.ts';
import { listBackups } from './backups.ts';
import { compareFilms } from './compare-films.ts';
import { modelPath, originalPath } from './folder.ts';
import { readJournal } from './journal.ts';
import type { OpenLibrary } from './open.ts';
import { strayInWords } from './stray-labels.ts';

type Finding = Verification['findings'][number];

/**
 * The first thing wrong with a database, in words; null where it is sound: pages, tables, references, chain of
 * decisions. Throws where it cannot be read for a reason that is not in the file.
 */
export function checkDatabase(db: Db): string | null {
  try {
    const integrity = db.raw.pragma('integrity_check(1)', { simple: true });
    if (integrity !== 'ok') return `its pages are damaged (${String(integrity)})`;
    const [table] = missingTables(db.raw);
    if (table !== undefined) return `its table ${table} is missing`;
    const references = db.raw.pragma('foreign_key_check') as unknown[];
    if (references.length > 0) return `${references.length} of its rows point to rows that are not there`;
    return brokenLink(eventsAfter(db, 0, Number.MAX_SAFE_INTEGER));
  } catch (error) {
    if (!isDamage(error)) throw error;
    return `it cannot be read (${(error as { code?: string }).code ?? 'unknown reason'})`;
  }
}

/** Reads everything there is; `progress` is told how many files are done. */
export async function verify(
  library: OpenLibrary,
  progress: (done: number, total: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Verification> {
  const { db } = library;
  const findings: Finding[] = [];
  const broken = checkDatabase(db);
  if (broken) findings.push({ what: 'database', name: 'osteon.db', sentence: `The database is not sound: ${broken}.` });
  findings.push(...compareJournal(library), ...compareHead(library), ...compareFilms(library), ...compareLabels(db));
  const files = keptFiles(db);
  for (const [done, { sha256, file }] of files.entries()) {
    signal?.throwIfAborted();
    progress(done, files.length);
    const finding = await checkFile(originalPath(library.paths, sha256), sha256, file);
    if (finding) findings.push(finding);
  }
  findings.push(...(await checkModels(library)));
  progress(files.length, files.length);
  return { ok: findings.length === 0, films: files.length, events: countEvents(db), findings };
}

function compareJournal(library: OpenLibrary): Finding[] {
  const { rows, unreadable } = readJournal(library.paths.labelJournal);
  const journal = new Map((rows as EventRow[]).map((row) => [row.seq, row]));
  const said: Finding[] = [];
  const say = (sentence: string) => said.push({ what: 'journal', name: 'labels.ndjson', sentence });
  if (unreadable > 0) say(`${many(unreadable, 'line')} of the journal cannot be read.`);
  const lacking: number[] = [];
  const different: number[] = [];
  const events = eventsAfter(library.db, 0, Number.MAX_SAFE_INTEGER);
  for (const event of events) {
    const line = journal.get(event.seq);
    if (!line) lacking.push(event.seq);
    else if (line.hash !== event.hash || eventHash(line) !== line.hash) different.push(event.seq);
  }
  const of = (seqs: number[]) => `${seqs.length} of ${many(events.length, 'decision')}`;
  const which = (seqs: number[]) => firstOf(seqs.map(String));
  if (lacking.length > 0) say(`${of(lacking)} of the database missing from the journal: ${which(lacking)}.`);
  if (different.length > 0) say(`${of(different)} not the same in journal and database: ${which(different)}.`);
  const beyond = rows.length > 0 ? [...journal.keys()].filter((seq) => seq > events.length) : [];
  if (beyond.length > 0)
    say(`${many(beyond.length, 'decision')} of the journal not in the database: ${which(beyond)}.`);
  return said;
}

/** The label that stands is derived: it must be what was decided last. */
function compareLabels(db: Db): Finding[] {
  return strayLabels(db).map((stray) => ({ what: 'label', name: stray.file, sentence: strayInWords(stray) }));
}

/** A record that was cut short is whole in itself; only the head a backup remembers shows the cut. */
function compareHead(library: OpenLibrary): Finding[] {
  const { backups } = library.paths;
  const hashes = new Set(eventsAfter(library.db, 0, Number.MAX_SAFE_INTEGER).map((event) => event.hash));
  return listBackups(backups)
    .filter(({ head, events }) => events > 0 && !hashes.has(head))
    .map(({ folder, events }) => {
      const name = relative(backups, folder);
      return {
        what: 'record',
        name,
        sentence: `Decisions that backup ${name} holds (${events}) are not in the database.`,
      };
    });
}

async function checkFile(path: string, sha256: string, name: string): Promise<Finding | null> {
  if (!existsSync(path)) return { what: 'film', name, sentence: `The kept file of ${name} is missing.` };
  return (await hashFile(path)) === sha256
    ? null
    : { what: 'film', name, sentence: `The kept file of ${name} is not what was imported.` };
}

/** A run knows its model's card by hash, and the card its files. */
async function checkModels(library: OpenLibrary): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { id, record } of listRuns(library.db)) {
    const { card, folder } = JSON.parse(record) as { card: string | null; folder?: string };
    if (card === null) continue;
    const broken = await brokenModel(modelPath(library.paths, id, folder), card);
    if (!broken) continue;
    findings.push({ what: 'model', name: `run ${id}`, sentence: `The model of run ${id} is damaged: ${broken}.` });
  }
  return findings;
}

async function brokenModel(folder: string, cardSha256: string): Promise<string | null> {
  try {
    const path = join(folder, 'osteon.json');
    if ((await hashFile(path)) !== cardSha256) return 'osteon.json is not what was saved';
    const { card } = JSON.parse(readFileSync(path, 'utf8')) as { card: { files: Record<string, string> } };
    for (const [name, sha256] of Object.entries(card.files)) {
      if ((await hashFile(join(folder, name))) !== sha256) return `${name} is not what was saved`;
    }
    return null;
  } catch (error) {
    return (error as { code?: string }).code === 'ENOENT' ? 'a file of it is missing' : 'it cannot be read';
  }
}

/** SHA-256 of a file, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
