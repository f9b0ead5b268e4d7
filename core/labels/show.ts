// Label events as the contract shows them, and what undo and redo would do, in words.
import type { Label, LabelEvent } from '#api/labels.ts';
import { eventsOfXray, filmKeys } from '#db/labels.ts';
import { readerNames } from '#db/readers.ts';
import type { EventRow } from '#db/tables.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { toLabelEvent } from '#core/xrays/filter.ts';
import { nextOf } from './undo.ts';

const words: Record<Label, string> = { fracture: 'fracture', whole: 'whole', uncertain: 'uncertain' };

export function shown(library: OpenLibrary, events: EventRow[]): { events: LabelEvent[] } {
  const readers = readerNames(library.db);
  return { events: events.map((event) => toLabelEvent(event, readers)) };
}

/** The newest first. Throws XRAY_NOT_FOUND. */
export function historyOf(library: OpenLibrary, xray: number): LabelEvent[] {
  if (filmKeys(library.db, [xray]).size === 0) throw new Problem('XRAY_NOT_FOUND', { xray });
  return shown(library, eventsOfXray(library.db, xray)).events;
}

export function undoable(library: OpenLibrary, reader: string): { undo: string | null; redo: string | null } {
  return { undo: inWords(nextOf(library, reader, 'undo')), redo: inWords(nextOf(library, reader, 'redo')) };
}

function inWords(events: EventRow[]): string | null {
  if (events.length === 0) return null;
  const label = events[0]?.after as Label | null | undefined;
  const what = label ? words[label] : 'not yet read';
  return events.length === 1 ? `Film ${events[0]?.xray_id ?? ''}: ${what}` : `${events.length} films: ${what}`;
}
