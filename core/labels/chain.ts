// The chain of decisions: each event carries the hash of the one before it, so that no change goes unseen.
// Pure; must not read or write anything.
import { createHash } from 'node:crypto';
import type { EventRow } from '#db/tables.ts';

/** What the first event points back to. */
export const CHAIN_START = '0'.repeat(64);

/** An event before it has a place in the chain. */
export type NewEvent = Omit<EventRow, 'seq' | 'act' | 'previous_hash' | 'hash'>;

/** SHA-256 over everything an event says, in a fixed order, and the hash before it. */
export function eventHash(event: Omit<EventRow, 'hash'>): string {
  const said = [
    event.seq,
    event.at,
    event.reader,
    event.film,
    event.before,
    event.after,
    event.why,
    event.act,
    event.reverts,
    event.previous_hash,
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** Gives events their places after `last`; together they are one act, named by its first event. */
export function chained(events: NewEvent[], last: { seq: number; hash: string } | undefined): EventRow[] {
  let seq = last?.seq ?? 0;
  let previous = last?.hash ?? CHAIN_START;
  const act = seq + 1;
  return events.map((event) => {
    const row = { ...event, seq: ++seq, act, previous_hash: previous };
    previous = eventHash(row);
    return { ...row, hash: previous };
  });
}

/** The first break in a chain that starts after `before`, in words; null where it is whole. */
export function brokenLink(events: Iterable<EventRow>, before = { seq: 0, hash: CHAIN_START }): string | null {
  let { seq, hash } = before;
  for (const event of events) {
    if (event.seq !== seq + 1) return `decision ${seq + 1} is missing`;
    if (event.previous_hash !== hash) return `decision ${event.seq} does not follow the one before it`;
    if (eventHash(event) !== event.hash) return `decision ${event.seq} was changed`;
    ({ seq, hash } = event);
  }
  return null;
}
