// Writes decisions: one transaction, one journal entry, then they count as saved.
// The only place that creates label events.
import { filmKeys, insertEvents, lastEvent, standingEvents } from '#db/labels.ts';
import { setJournalled } from '#db/meta.ts';
import { refreshTwoLabels } from '#db/imports.ts';
import type { EventRow } from '#db/tables.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { journalNew } from '#core/libraries/record.ts';
import { Problem } from '#core/problem.ts';
import { chained } from './chain.ts';
import type { NewEvent } from './chain.ts';

export interface Decision {
  xray: number;
  label: string | null;
}

export interface Decider {
  /** Key of the reader. */
  reader: string;
  why: 'read' | 'import' | 'undo' | 'redo';
  /** The act that is taken back or given again. */
  reverts?: number;
}

/**
 * Appends one act of decisions and returns, for each film, the event that now stands.
 * When it returns, the events are on the disk twice. Deciding again what one has decided adds nothing, unless an undo
 * lies between. A film that is named twice gets the label named last. Throws XRAY_NOT_FOUND before anything is written.
 */
export function decide(library: OpenLibrary, decisions: Decision[], by: Decider): EventRow[] {
  const standing = library.db.write(() => recordDecisions(library, decisions, by));
  journalNew(library);
  return [...labelOf(decisions).keys()].flatMap((xray) => standing.get(xray) ?? []);
}

/** The rows alone, inside a transaction of the caller, who must bring the journals up to date after the commit. */
export function recordDecisions(library: OpenLibrary, decisions: Decision[], by: Decider): Map<number, EventRow> {
  const { db } = library;
  const wanted = labelOf(decisions);
  const ids = [...wanted.keys()];
  const at = library.now().toISOString();
  const keys = filmKeys(db, ids);
  const missing = ids.find((id) => !keys.has(id));
  if (missing !== undefined) throw new Problem('XRAY_NOT_FOUND', { xray: missing });
  const standing = standingEvents(db, ids);
  const changes = [...wanted].filter(([xray, label]) => {
    const event = standing.get(xray);
    if (!event || event.after !== label || event.reader !== by.reader || by.why !== 'read') return true;
    // What an undo brought back is not what the reader decided: giving the same label is a decision.
    return event.why === 'undo' && label !== null;
  });
  const events = changes.map(([xray, label]): NewEvent => ({
    at,
    reader: by.reader,
    xray_id: xray,
    film: keys.get(xray) ?? '',
    before: standing.get(xray)?.after ?? null,
    after: label,
    why: by.why,
    reverts: by.reverts ?? null,
  }));
  const last = lastEvent(db);
  const added = chained(events, last);
  insertEvents(db, added);
  // Whoever decides again has written down what went before.
  if (last && added.length > 0) setJournalled(db, last.seq);
  refreshTwoLabels(db, ids);
  for (const row of added) standing.set(row.xray_id, row);
  return standing;
}

function labelOf(decisions: Decision[]): Map<number, string | null> {
  return new Map(decisions.map(({ xray, label }) => [xray, label]));
}
