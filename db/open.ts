// Opens a library's database and proves that what it acknowledges will outlive a power cut.
// With lock.ts the only user of better-sqlite3; must not know what a film or a label means.
import Database from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Compilable } from 'kysely';
import { checkVersion, migrate } from './migrate.ts';
import { DatabaseRefused } from './refused.ts';
import type { Tables } from './tables.ts';

/** Older SQLite can corrupt a WAL database that two programs write at once (fixed 13 March 2026). */
const OLDEST_SQLITE = '3.51.3';
/** Longer than any write of ours takes: whoever holds the lock so long without a commit does not let go. */
const BUSY_TIMEOUT_MS = 5_000;
/** SQLite asks again and again without standing in a line: beside a program that writes all the time it may take long. */
const WAITS_BESIDE_A_WRITER = 4;

/** Queries are built by kysely and run here, synchronously: one statement, one answer, no interleaving. */
export interface Db {
  build: Kysely<Tables>;
  all<R>(query: Compilable<R>): R[];
  get<R>(query: Compilable<R>): R | undefined;
  run(query: Compilable<unknown>): { changes: number; lastInsertRowid: number };
  /** Takes the write lock first (BEGIN IMMEDIATE), so that nothing read inside can change before the commit. */
  write<R>(work: () => R): R;
  /** A plain statement, for pragmas and checks. */
  raw: Database.Database;
  close(): void;
}

export interface Durability {
  sqlite: string;
  journalMode: string;
  synchronous: number;
  foreignKeys: number;
}

/**
 * Opens (and makes, and migrates) the database at `file`; with `mustHold` an empty one is refused.
 * Throws DatabaseRefused where durability cannot be had, the file is damaged or newer than this program.
 */
export function openDb(
  file: string,
  options: {
    readonly?: boolean;
    mustHold?: boolean;
    backupBeforeMigration?: (from: number) => void;
    busyMs?: number;
  } = {},
): Db {
  const raw = new Database(file, { readonly: options.readonly ?? false, timeout: options.busyMs ?? BUSY_TIMEOUT_MS });
  try {
    checkVersion(raw, options.mustHold ?? false);
    harden(raw, options.readonly ?? false);
    if (!options.readonly) migrate(raw, options.backupBeforeMigration);
  } catch (error) {
    raw.close();
    throw isDamage(error) ? new DatabaseRefused('damaged', String(error)) : error;
  }
  return wrap(raw);
}

/** What was really set, read back from SQLite. */
export function durability(raw: Database.Database): Durability {
  return {
    sqlite: raw.prepare('SELECT sqlite_version() AS v').pluck().get() as string,
    journalMode: raw.pragma('journal_mode', { simple: true }) as string,
    synchronous: raw.pragma('synchronous', { simple: true }) as number,
    foreignKeys: raw.pragma('foreign_keys', { simple: true }) as number,
  };
}

function harden(raw: Database.Database, readonly: boolean): void {
  if (!readonly) raw.pragma('journal_mode = WAL');
  // better-sqlite3 is compiled with NORMAL as the default of WAL: an acknowledged commit could be lost.
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  if (process.platform === 'darwin') raw.pragma('fullfsync = ON');
  const set = durability(raw);
  if (olderThan(set.sqlite, OLDEST_SQLITE)) {
    throw new DatabaseRefused('old-sqlite', `SQLite ${set.sqlite} is older than ${OLDEST_SQLITE}`);
  }
  if (set.synchronous !== 2 || set.foreignKeys !== 1 || (!readonly && set.journalMode !== 'wal')) {
    throw new DatabaseRefused('not-durable', `SQLite did not take the durable settings: ${JSON.stringify(set)}`);
  }
}

function wrap(raw: Database.Database): Db {
  const build = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const statements = new Map<string, Database.Statement>();
  const prepared = (query: Compilable<unknown>): [Database.Statement, readonly unknown[]] => {
    const { sql, parameters } = query.compile();
    let statement = statements.get(sql);
    if (!statement) {
      statement = raw.prepare(sql);
      if (statements.size > 500) statements.clear();
      statements.set(sql, statement);
    }
    return [statement, parameters];
  };
  return {
    build,
    raw,
    all<R>(query: Compilable<R>) {
      const [statement, parameters] = prepared(query);
      return statement.all(...parameters) as R[];
    },
    get<R>(query: Compilable<R>) {
      const [statement, parameters] = prepared(query);
      return statement.get(...parameters) as R | undefined;
    },
    run(query) {
      const [statement, parameters] = prepared(query);
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    write<R>(work: () => R) {
      return writing(raw, work);
    },
    close: () => void raw.close(),
  };
}

/**
 * Waits on while others commit: they write as we do, and our turn comes. Throws SQLITE_BUSY where nobody commits and
 * nobody lets go, and where our turn does not come for too long.
 */
function writing<R>(raw: Database.Database, work: () => R): R {
  let begun = false;
  const transaction = raw.transaction(() => {
    begun = true;
    return work();
  });
  for (let waits = 1; ; waits++) {
    const before = commitsOfOthers(raw);
    try {
      return transaction.immediate();
    } catch (error) {
      const mayWait = !begun && isBusy(error) && waits < WAITS_BESIDE_A_WRITER;
      if (!mayWait || commitsOfOthers(raw) === before) throw error;
    }
  }
}

/** A number that changes with each commit of another connection. */
function commitsOfOthers(raw: Database.Database): unknown {
  return raw.pragma('data_version', { simple: true });
}

function isBusy(error: unknown): boolean {
  return (error as { code?: string } | null)?.code?.startsWith('SQLITE_BUSY') ?? false;
}

function olderThan(version: string, least: string): boolean {
  const a = version.split('.').map(Number);
  const b = least.split('.').map(Number);
  for (let i = 0; i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** SQLite says the file is no database, or not whole. */
export function isDamage(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code ?? '';
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB');
}
