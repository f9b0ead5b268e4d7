// What has changed in the library since the window looked: counters that pages read and follow.
// Must not hold the changed things themselves.
import type { LabelEvent } from '#api/labels.ts';

export class Changes {
  #films = $state(0);
  #runs = $state(0);
  #labels = $state.raw<LabelEvent[]>([]);
  #savedAt = $state<string | null>(null);

  /** Grows whenever films come, go, or get other facts than their label. */
  get films(): number {
    return this.#films;
  }

  /** Grows whenever a run starts, ends or is judged. */
  get runs(): number {
    return this.#runs;
  }

  /** The newest decisions, as they were saved; a new array each time. */
  get labels(): LabelEvent[] {
    return this.#labels;
  }

  /** When the last decision was saved for good; ISO 8601. */
  get savedAt(): string | null {
    return this.#savedAt;
  }

  filmsChanged(): void {
    this.#films++;
  }

  runsChanged(): void {
    this.#runs++;
  }

  labelled(events: LabelEvent[]): void {
    this.#labels = events;
    const last = events.at(-1);
    if (last) this.#savedAt = last.at;
  }

  savedBefore(at: string | null): void {
    this.#savedAt = at;
  }
}
