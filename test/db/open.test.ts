import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { NEWEST, missingTables } from '#db/migrate.ts';
import { sql as library } from '#db/migrations/0001-library.ts';
import { durability, openDb } from '#db/open.ts';
import { DatabaseRefused } from '#db/refused.ts';
import { countOpenings, getRun } from '#db/runs.ts';
import { listSeries } from '#db/series.ts';
import { temporaryFolder } from '#test/library.ts';

const file = () => join(temporaryFolder(), 'osteon.db');

test('a connection is durable: WAL, synchronous FULL, foreign keys, a SQLite without the WAL-reset fault', () => {
  const db = openDb(file());
  expect(durability(db.raw)).toMatchObject({ journalMode: 'wal', synchronous: 2, foreignKeys: 1 });
  const [major = 0, minor = 0, patch = 0] = durability(db.raw).sqlite.split('.').map(Number);
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003);
  db.close();
});

test('control: a bare connection of the same package is not durable in WAL', () => {
  const raw = new Database(file());
  raw.pragma('journal_mode = WAL');
  raw.close();
  const again = new Database(raw.name);
  expect(again.pragma('synchronous', { simple: true })).toBe(1);
  again.close();
});

test('a newer database is refused and not touched', () => {
  const path = file();
  openDb(path).close();
  const raw = new Database(path);
  raw.pragma('user_version = 999');
  raw.pragma('journal_mode = DELETE');
  raw.close();
  const before = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(() => openDb(path)).toThrow(DatabaseRefused);
  expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before);
});

test('every table is STRICT and events cannot be changed or deleted', () => {
  const db = openDb(file());
  const loose = db.raw
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
    .all();
  expect(loose).toEqual([]);
  db.close();
});

test('a database of the first shape is brought to the newest, with what is in it', () => {
  const path = file();
  const old = new Database(path);
  old.exec(library);
  old.pragma('user_version = 1');
  old.exec(`INSERT INTO runs (id, state, settings, started_at, films, plan, record)
    VALUES (7, 'done', '{}', '2026-01-01T00:00:00Z', 12, '{}', '{}');
    INSERT INTO openings (at, run_id, seed, split_hash) VALUES ('2026-01-01T00:00:00Z', 7, 1, 'x')`);
  old.close();
  const backedUp: number[] = [];
  const db = openDb(path, { backupBeforeMigration: (from) => void backedUp.push(from) });
  expect(backedUp).toEqual([1]);
  expect(db.raw.pragma('user_version', { simple: true })).toBe(NEWEST);
  expect(getRun(db, 7)).toMatchObject({ state: 'done', films: 12, series_id: null });
  expect(countOpenings(db, 1)).toBe(1);
  expect(listSeries(db)).toEqual([]);
  expect(missingTables(db.raw)).toEqual([]);
  db.close();
});

/** Another program that takes the write lock, commits after `holdMs` and takes it again at once, `times` times. */
async function writer(path: string, holdMs: number, times: number): Promise<void> {
  const work = `
    const raw = new (require('better-sqlite3'))(${JSON.stringify(path)});
    for (let i = 0; i < ${times}; i++) {
      raw.exec("BEGIN IMMEDIATE; INSERT INTO meta VALUES ('other ' || " + i + ", '')");
      if (i === 0) console.log('begun');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${holdMs});
      raw.exec('COMMIT');
    }`;
  const child = spawn(process.execPath, ['-e', work], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
}

test('a write waits beside a program that commits, longer than beside one that only holds on', async () => {
  const db = openDb(file(), { busyMs: 1000 });
  await writer(db.raw.name, 800, 3);
  expect(db.write(() => 'written')).toBe('written');
  const held = new Database(db.raw.name);
  held.exec('BEGIN IMMEDIATE');
  let ran = false;
  expect(() => db.write(() => (ran = true))).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }) as Error);
  expect(ran).toBe(false);
  held.close();
  db.close();
});
