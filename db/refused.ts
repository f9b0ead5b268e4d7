// Why a database was not opened. Must not know how it is opened.

/** Thrown where the database refuses; `core` turns it into a sentence. */
export class DatabaseRefused extends Error {
  readonly reason: 'newer' | 'not-durable' | 'damaged' | 'old-sqlite';
  constructor(reason: DatabaseRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
