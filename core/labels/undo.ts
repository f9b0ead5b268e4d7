// Undo and redo of a reader's decisions: read from the events themselves, so they outlive a restart.
// An undo is a decision too: nothing is taken out of the record.
import { actsOfReader, eventsOfAct, standingEvents } from '#db/labels.ts';
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
export function stacks(library: OpenLibrary, reader: string): Stacks {
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
  const acts = stacks(library, reader)[why];
  for (const act of acts.toReversed()) {
    const events = eventsOfAct(library.db, act);
    const standing = standingEvents(
      library.db,
      events.map((event) => event.xray_id),
    );
    const decisions: Decision[] = events
      .filter((event) => belongsTo(standing.get(event.xray_id), act))
      .map((event) => ({ xray: event.xray_id, label: labelOf(event) }));
    if (decisions.length > 0) return decide(library, decisions, { reader, why, reverts: act });
  }
  throw new Problem(why === 'undo' ? 'NOTHING_TO_UNDO' : 'NOTHING_TO_REDO');
}

/** The standing decision is the act itself, or its undo or redo: nobody decided otherwise since. */
function belongsTo(standing: EventRow | undefined, act: number): boolean {
  return standing !== undefined && (standing.act === act || standing.reverts === act);
}

function move(act: number, from: number[], to: number[]): void {
  const at = from.lastIndexOf(act);
  if (at >= 0) from.splice(at, 1);
  to.push(act);
}
