// A lock on a file that the system drops when its holder ends, however it ends: SQLite's own lock on an empty database.
// Must not be used for data; the file stays empty.
import Database from 'better-sqlite3';

/** Takes the lock and returns what lets it go; null where someone else holds it for longer than `waitMs`. */
export function takeLock(file: string, waitMs = 0): (() => void) | null {
  const raw = new Database(file, { timeout: waitMs });
  try {
    raw.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    raw.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return () => void raw.close();
}
