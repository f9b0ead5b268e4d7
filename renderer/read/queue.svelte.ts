// The films being read: which queue, which film of it is on screen, and its facts. Outlives the page, so that coming
// back shows the same film. Must not draw, and must not give labels.
import type { LabelEvent } from '#api/labels.ts';
import type { Xray, XrayDetail } from '#api/xrays.ts';
import type { Reading } from '#renderer/app/pages.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';
import { FilmList } from '#renderer/library/film-list.svelte.ts';

/** What Read shows when nothing else was asked for. */
export const unread: Reading = { filter: { label: ['none'] }, sort: 'imported' };

/** Films fetched at a time to find the next one without a label. */
const LOOK_AHEAD = 500;

export class Queue {
  readonly films: FilmList;
  #core: Core;
  #reading: Reading | null = null;
  #at = $state(0);
  /** A film that is not in the queue: another one of the patient, or one whose label was taken back. */
  #beside = $state<number | null>(null);
  #detail = $state.raw<XrayDetail | null>(null);
  #trouble = $state.raw<Trouble | null>(null);

  constructor(core: Core, failed: (error: unknown) => void) {
    this.#core = core;
    this.films = new FilmList(core, failed);
  }

  /** Place of the current film in the queue; where it is beside the queue, the place to come back to. */
  get at(): number {
    return this.#at;
  }

  get isBeside(): boolean {
    return this.#beside !== null;
  }

  get count(): number {
    return this.films.total;
  }

  /** Row number of the film on screen; null where the queue is empty. */
  get id(): number | null {
    return this.#beside ?? this.films.ids[this.#at] ?? null;
  }

  /** What the list knows of the current film; the detail knows more, and comes later. */
  get film(): Xray | null {
    return this.detail ?? (this.id === null ? null : (this.films.film(this.id) ?? null));
  }

  get detail(): XrayDetail | null {
    return this.#detail?.id === this.id ? this.#detail : null;
  }

  /** Why the queue could not be taken. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** What the queue was taken by. */
  get reading(): Reading {
    return this.#reading ?? unread;
  }

  /** Takes the films of a reading; asked for the same again, stays where it is and looks at their facts anew. */
  async open(reading: Reading): Promise<void> {
    if (reading === this.#reading && this.films.loaded) return this.films.refresh(this.#at, this.#at);
    this.#reading = reading;
    this.#beside = null;
    this.#at = 0;
    await this.reload(reading.at ?? null);
  }

  /** Takes the films anew and stays on a film where it is still among them. */
  async reload(stay: number | null = this.id): Promise<void> {
    const { filter, sort, ids } = this.reading;
    try {
      await this.films.load(ids ? { ids } : filter, sort, this.#at);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = troubleOf(error);
      return;
    }
    const place = stay === null ? -1 : this.films.placeOf(stay);
    this.#at = place >= 0 ? place : Math.min(this.#at, Math.max(0, this.count - 1));
    if (place >= 0) this.#beside = null;
  }

  go(place: number): void {
    if (this.count === 0) return;
    this.#beside = null;
    this.#at = Math.min(this.count - 1, Math.max(0, place));
  }

  /** Moves by films; from a film beside the queue, back into it first. */
  step(by: number): void {
    this.go(this.isBeside && Math.abs(by) === 1 ? this.#at : this.#at + by);
  }

  /** Shows a film wherever it is. */
  show(id: number): void {
    const place = this.films.placeOf(id);
    if (place >= 0) this.go(place);
    else this.#beside = id;
  }

  get isLast(): boolean {
    return this.#at >= this.count - 1;
  }

  /** Goes to the next film without a label, from the beginning again behind the last; false where there is none. */
  async nextUnread(): Promise<boolean> {
    const { ids } = this.films;
    const round = [...ids.slice(this.#at + 1), ...ids.slice(0, this.#at)];
    for (let from = 0; from < round.length; from += LOOK_AHEAD) {
      const part = round.slice(from, from + LOOK_AHEAD);
      const { films } = await this.#core.xrays.list({ filter: { ids: part, label: ['none'] }, limit: LOOK_AHEAD });
      const found = films.map((film) => film.id);
      const next = part.find((id) => found.includes(id));
      if (next === undefined) continue;
      this.show(next);
      return true;
    }
    return false;
  }

  /** Rows of the films that are probably next: two on, one back, then further on. */
  get neighbours(): number[] {
    const { ids } = this.films;
    return [1, 2, -1, 3].flatMap((by) => ids[this.#at + by] ?? []);
  }

  async loadDetail(id: number): Promise<void> {
    const detail = await this.#core.xrays.get({ xray: id });
    if (id === this.id) this.#detail = detail;
  }

  /** New decisions. Where one was taken back or given again, its film comes back on screen. */
  decided(events: LabelEvent[]): void {
    this.films.relabel(events);
    const returned = events.find(({ why }) => why === 'undo' || why === 'redo');
    if (returned && !events.some(({ xray }) => xray === this.id)) this.show(returned.xray);
  }
}
