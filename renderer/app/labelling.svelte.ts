// Giving labels, taking them back, and saying so in words. Saved means: the core answered.
import type { Label, LabelEvent } from '#api/labels.ts';
import type { Core } from '#renderer/connect.ts';
import { many } from '#renderer/words/figures.ts';
import { labelClause } from '#renderer/words/films.ts';

export class Labelling {
  #core: Core;
  #library: () => string | undefined;
  #decisions: (events: LabelEvent[]) => void;
  #said = $state<string | null>(null);
  #undo = $state<string | null>(null);
  #redo = $state<string | null>(null);
  #last: Promise<unknown> = Promise.resolve();

  /** `library` names the one that is shown: a label meant for it must not land in another. `decisions` is told of every decision once it is durable. */
  constructor(core: Core, library: () => string | undefined, decisions: (events: LabelEvent[]) => void) {
    this.#core = core;
    this.#library = library;
    this.#decisions = decisions;
  }

  /** The last decision in words: "Film 27 is a fracture". */
  get said(): string | null {
    return this.#said;
  }

  /** What undo would take back, in words; null when there is nothing. */
  get undoable(): string | null {
    return this.#undo;
  }

  get redoable(): string | null {
    return this.#redo;
  }

  /** Gives a label to films; null makes them unread again. Answers what changed, once it is durable. */
  set(xrays: number[], label: Label | null): Promise<LabelEvent[]> {
    const library = this.#library();
    return this.#inTurn(async () => {
      const { events } = await this.#core.labels.set({ library, xrays, label });
      await this.#decided(events, inWords(events));
      if (events.length === 0) this.#said = `${filmsOf(xrays)} ${labelClause(label, xrays.length)} already`;
      return events;
    });
  }

  undo(): Promise<LabelEvent[]> {
    const library = this.#library();
    return this.#inTurn(async () => {
      const { events } = await this.#core.labels.undo({ library });
      await this.#decided(events, `Undone: ${inWords(events)}`);
      return events;
    });
  }

  redo(): Promise<LabelEvent[]> {
    const library = this.#library();
    return this.#inTurn(async () => {
      const { events } = await this.#core.labels.redo({ library });
      await this.#decided(events, `Redone: ${inWords(events)}`);
      return events;
    });
  }

  /** Asks again what undo and redo would do: another reader, another library. */
  async refresh(): Promise<void> {
    const { undo, redo } = await this.#core.labels.undoable();
    this.#undo = undo;
    this.#redo = redo;
  }

  forget(): void {
    this.#said = this.#undo = this.#redo = null;
  }

  /** Decisions reach the disk in the order they were made, and an undo takes back the last of them, saved or not yet. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #decided(events: LabelEvent[], words: string): Promise<void> {
    if (events.length > 0) {
      this.#decisions(events);
      this.#said = words;
    }
    await this.refresh();
  }
}

function inWords(events: LabelEvent[]): string {
  return `${filmsOf(events.map(({ xray }) => xray))} ${labelClause(events[0]?.after ?? null, events.length)}`;
}

function filmsOf(xrays: number[]): string {
  return xrays.length === 1 ? `Film ${xrays[0] ?? ''}` : many(xrays.length, 'film');
}
