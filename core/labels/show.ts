// Label events as the contract shows them, and what undo and redo would do, in words.
import type { Label, LabelEvent } from '#api/labels.ts';
import { eventsOfAct, eventsOfXray, filmKeys } from '#db/labels.ts';
import { readerNames } from '#db/readers.ts';
import type { EventRow } from '#db/tables.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { toLabelEvent } from '#core/xrays/filter.ts';
import { stacks } from './undo.ts';

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
  const { undo, redo } = stacks(library, reader);
  return { undo: inWords(library, undo.at(-1)), redo: inWords(library, redo.at(-1)) };
}

function inWords(library: OpenLibrary, act: number | undefined): string | null {
  if (act === undefined) return null;
  const events = eventsOfAct(library.db, act);
  const label = events[0]?.after as Label | null | undefined;
  const what = label ? words[label] : 'not yet read';
  return events.length === 1 ? `Film ${events[0]?.xray_id ?? ''}: ${what}` : `${events.length} films: ${what}`;
}
