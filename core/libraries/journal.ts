// A journal: one JSON object a line, fsynced before anything is called saved. Second, independent copy of what the
// database holds. Must only ever append.
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync } from 'node:fs';
import { writeAll } from './durable.ts';

const TAIL_BYTES = 65_536;

export class Journal {
  readonly path: string;
  #handle: number;
  #pending: string[] = [];

  constructor(path: string) {
    this.path = path;
    this.#handle = openSync(path, 'a+', 0o600);
  }

  /** Appends lines and waits until they are on the disk. Throws what the disk says. */
  append(rows: object[]): void {
    this.write(rows);
    this.sync();
  }

  /** Appends lines; they count once `sync` has returned. Lines that did not get that far come again with the next. */
  write(rows: object[]): void {
    this.#pending.push(...rows.map((row) => JSON.stringify(row)));
    if (this.#pending.length === 0) return;
    // A line cut short by a power cut must not swallow the next one.
    const start = this.#endsMidLine() ? '\n' : '';
    writeAll(this.#handle, Buffer.from(`${start}${this.#pending.join('\n')}\n`));
  }

  sync(): void {
    if (this.#pending.length === 0) return;
    fsyncSync(this.#handle);
    this.#pending = [];
  }

  /** What `pick` makes of the last whole line that it takes, among those near the end. */
  lastOf<T>(pick: (row: unknown) => T | undefined): T | undefined {
    const { size } = fstatSync(this.#handle);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(this.#handle, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString('utf8').split('\n');
    // The first piece of a long file may begin inside a line.
    for (let i = lines.length - 1; i > (size > TAIL_BYTES ? 0 : -1); i--) {
      const row = parse(lines[i] ?? '');
      const picked = row === undefined ? undefined : pick(row);
      if (picked !== undefined) return picked;
    }
    return undefined;
  }

  close(): void {
    closeSync(this.#handle);
  }

  #endsMidLine(): boolean {
    const { size } = fstatSync(this.#handle);
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(this.#handle, last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  }
}

/** Every whole line of a journal, and how many lines cannot be read. A missing file is an empty journal. */
export function readJournal(path: string): { rows: unknown[]; unreadable: number } {
  if (!existsSync(path)) return { rows: [], unreadable: 0 };
  const rows: unknown[] = [];
  let unreadable = 0;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const row = parse(line);
    if (row === undefined) unreadable++;
    else rows.push(row);
  }
  return { rows, unreadable };
}

function parse(line: string): unknown {
  if (line === '') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
