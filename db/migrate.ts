// Brings a database to the newest shape: numbered steps, forward only, each in one transaction with its number.
// Must not touch rows except as a migration says.
import type Database from 'better-sqlite3';
import { DatabaseRefused } from './refused.ts';
import { sql as library } from './migrations/0001-library.ts';
import { sql as series } from './migrations/0002-series.ts';

const steps = [library, series];

/** Number of the newest shape this program knows; stored as SQLite's user_version. */
export const NEWEST = steps.length;

/** Throws DatabaseRefused: 'newer' where a later program wrote the file, 'damaged' where nothing is in it. Reads only. */
export function checkVersion(raw: Database.Database, mustHold: boolean): void {
  const version = raw.pragma('user_version', { simple: true }) as number;
  if (mustHold && version === 0) throw new DatabaseRefused('damaged', 'there is no library in it');
  if (version > NEWEST) throw new DatabaseRefused('newer', `shape ${version}, this program knows ${NEWEST}`);
}

/**
 * Runs the steps that are missing. `beforeFirst` is called once, before the first step that changes existing rows.
 */
export function migrate(raw: Database.Database, beforeFirst?: (from: number) => void): void {
  const at = () => raw.pragma('user_version', { simple: true }) as number;
  const from = at();
  if (from > 0 && from < NEWEST) beforeFirst?.(from);
  for (const [index, step] of steps.entries()) {
    const version = index + 1;
    raw
      .transaction(() => {
        // Read inside the lock: another program may have migrated meanwhile.
        if (at() >= version) return;
        raw.exec(step);
        raw.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
}

/** Tables that a database of its own shape must have and has not. */
export function missingTables(raw: Database.Database): string[] {
  const version = raw.pragma('user_version', { simple: true }) as number;
  const there = new Set(raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const made = steps.slice(0, version).flatMap((step) => [...step.matchAll(/^CREATE TABLE (\w+)/gm)]);
  return made.flatMap(([, name]) => (name !== undefined && !there.has(name) ? [name] : []));
}
