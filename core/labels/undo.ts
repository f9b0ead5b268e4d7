// Undo and redo of a reader's decisions: read from the events themselves, so they outlive a restart.
// An undo is a decision too: nothing is taken out of the record.
import { actsOfReader, eventsOfAct, eventsOfXray } from '#db/labels.ts';
import type { EventRow } from '#db/tables.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';

interface Stacks {
  undo: number[];
  redo: number[];
  /** Events up to here have been read. */
  seq: number;
}

const stacksOfLibrary = new WeakMap<OpenLibrary, Map<string, Stacks>>();

/** Acts that undo and redo would take, the next one last. */
function stacks(library: OpenLibrary, reader: string): Stacks {
  const ofReaders = stacksOfLibrary.get(library) ?? new Map<string, Stacks>();
  stacksOfLibrary.set(library, ofReaders);
  const stack = ofReaders.get(reader) ?? { undo: [], redo: [], seq: 0 };
  ofReaders.set(reader, stack);
  for (const { act, why, reverts, last } of actsOfReader(library.db, reader, stack.seq)) {
    if (why === 'undo' && reverts !== null) move(reverts, stack.undo, stack.redo);
    else if (why === 'redo' && reverts !== null) move(reverts, stack.redo, stack.undo);
    else if (why === 'read') {
      stack.undo.push(act);
      stack.redo = [];
    }
    stack.seq = Math.max(stack.seq, last);
  }
  return stack;
}

/** Takes back the last act of a reader. Films that someone else decided since keep that decision. */
export function undo(library: OpenLibrary, reader: string): EventRow[] {
  return step(library, reader, 'undo', (event) => event.before);
}

/** Gives the last act that was taken back again. */
export function redo(library: OpenLibrary, reader: string): EventRow[] {
  return step(library, reader, 'redo', (event) => event.after);
}

function step(
  library: OpenLibrary,
  reader: string,
  why: 'undo' | 'redo',
  labelOf: (event: EventRow) => string | null,
): EventRow[] {
  const events = nextOf(library, reader, why);
  const [first] = events;
  if (!first) throw new Problem(why === 'undo' ? 'NOTHING_TO_UNDO' : 'NOTHING_TO_REDO');
  const decisions = events.map((event): Decision => ({ xray: event.xray_id, label: labelOf(event) }));
  return decide(library, decisions, { reader, why, reverts: first.act });
}

/** The decisions of one act that the next undo or redo would take, without those that someone else decided since. */
export function nextOf(library: OpenLibrary, reader: string, why: 'undo' | 'redo'): EventRow[] {
  for (const act of stacks(library, reader)[why].toReversed()) {
    const events = eventsOfAct(library.db, act).filter((event) => nobodyDecidedSince(library, event, why));
    if (events.length > 0) return events;
  }
  return [];
}

/**
 * Whether a film stands where the step would start from: for undo on the decision itself, for redo on what was there
 * before it. Undos and redos count as going back and forth, not as decisions of their own.
 */
function nobodyDecidedSince(library: OpenLibrary, decision: EventRow, why: 'undo' | 'redo'): boolean {
  let standing: EventRow | null = null;
  const before = new Map<number, EventRow | null>();
  const own = new Map<number, EventRow>();
  for (const event of eventsOfXray(library.db, decision.xray_id).reverse()) {
    if (event.why === 'undo') standing = before.get(event.reverts ?? 0) ?? null;
    else if (event.why === 'redo') standing = own.get(event.reverts ?? 0) ?? null;
    else {
      before.set(event.act, standing);
      own.set(event.act, event);
      standing = event;
    }
  }
  const expected = why === 'undo' ? decision : (before.get(decision.act) ?? null);
  return standing?.seq === expected?.seq;
}

function move(act: number, from: number[], to: number[]): void {
  const at = from.lastIndexOf(act);
  if (at >= 0) from.splice(at, 1);
  to.push(act);
}
