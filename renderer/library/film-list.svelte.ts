// The films under a filter, in order: a snapshot of row numbers, and the films themselves fetched as they come in sight.
// A snapshot, so that labelling under a filter moves nothing under the reader's hand; `load` takes a new one.
import { SvelteMap } from 'svelte/reactivity';
import type { LabelEvent } from '#api/labels.ts';
import type { Xray, XrayFilter, XraySort } from '#api/xrays.ts';
import type { Core } from '#renderer/connect.ts';

/** Films fetched at a time. */
const WINDOW = 120;

export class FilmList {
  #core: Core;
  #failed: (error: unknown) => void;
  #ids = $state.raw<number[]>([]);
  #loaded = $state(false);
  #trashed = false;
  #turn = 0;
  #films = new SvelteMap<number, Xray>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen follows it
  #places = new Map<number, number>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen follows it
  #coming = new Set<number>();

  constructor(core: Core, failed: (error: unknown) => void) {
    this.#core = core;
    this.#failed = failed;
  }

  /** Row numbers in order. */
  get ids(): number[] {
    return this.#ids;
  }

  get total(): number {
    return this.#ids.length;
  }

  /** False until the first answer has come. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** The film at a place; undefined while it is being fetched. */
  at(place: number): Xray | undefined {
    const id = this.#ids[place];
    return id === undefined ? undefined : this.#films.get(id);
  }

  film(id: number): Xray | undefined {
    return this.#films.get(id);
  }

  /** Place of a film in the order; -1 where it is not among them. */
  placeOf(id: number): number {
    return this.#places.get(id) ?? -1;
  }

  /** Takes a new snapshot; what was shown stays until it is there. `near`: the place in sight. Throws what the core throws. */
  async load(filter: XrayFilter, sort: XraySort, near = 0): Promise<void> {
    const turn = ++this.#turn;
    const offset = Math.max(0, near - WINDOW / 2);
    const [ids, first] = await Promise.all([
      this.#core.xrays.ids({ filter, sort }),
      this.#core.xrays.list({ filter, sort, offset, limit: WINDOW }),
    ]);
    if (turn !== this.#turn) return;
    this.#trashed = filter.trashed ?? false;
    this.#places.clear();
    for (const [place, id] of ids.entries()) this.#places.set(id, place);
    this.#films.clear();
    this.#coming.clear();
    for (const film of first.films) this.#films.set(film.id, film);
    this.#ids = ids;
    this.#loaded = true;
  }

  /** Fetches the films of some places, with some more around them, where they are not there yet. */
  need(from: number, to: number): void {
    const start = Math.max(0, Math.floor(from / WINDOW) * WINDOW);
    const end = Math.min(this.total, Math.ceil((to + 1) / WINDOW) * WINDOW);
    const missing = this.#ids.slice(start, end).filter((id) => !this.#films.has(id) && !this.#coming.has(id));
    for (let at = 0; at < missing.length; at += WINDOW) void this.#fetch(missing.slice(at, at + WINDOW));
  }

  /** Takes the facts of films anew, those of some places first; the snapshot stays as it is. */
  refresh(from: number, to: number): void {
    this.#turn++;
    this.#films.clear();
    this.#coming.clear();
    this.need(from, to);
  }

  /** New decisions on films that are shown. */
  relabel(events: LabelEvent[]): void {
    for (const { xray, after, at, reader } of events) {
      const film = this.#films.get(xray);
      if (!film) continue;
      const by = after === null ? { labelledAt: null, labelledBy: null } : { labelledAt: at, labelledBy: reader };
      this.#films.set(xray, { ...film, label: after, ...by });
    }
  }

  async #fetch(ids: number[]): Promise<void> {
    const turn = this.#turn;
    for (const id of ids) this.#coming.add(id);
    try {
      const filter = { ids, trashed: this.#trashed };
      const { films } = await this.#core.xrays.list({ filter, limit: WINDOW });
      if (turn !== this.#turn) return;
      for (const film of films) this.#films.set(film.id, film);
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    } finally {
      if (turn === this.#turn) for (const id of ids) this.#coming.delete(id);
    }
  }
}
