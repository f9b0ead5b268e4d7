// Which film has the focus and which films are selected. Knows places and row numbers, nothing of films.
/* eslint-disable svelte/prefer-svelte-reactivity -- sets are replaced whole, never changed */
export class Choice {
  #active = $state(-1);
  #selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Where a range begins, and what was selected before it. */
  #anchor = -1;
  #before: ReadonlySet<number> = new Set();

  /** Place of the film with the focus; -1 for none. */
  get active(): number {
    return this.#active;
  }

  /** Row numbers. */
  get selected(): ReadonlySet<number> {
    return this.#selected;
  }

  /** The focus moves; the selection stays. */
  focus(place: number): void {
    this.#active = place;
    this.#begin(place);
  }

  /** The focus moves and everything from where it began is selected. */
  extend(place: number, ids: number[]): void {
    if (this.#anchor < 0) this.#begin(Math.max(0, this.#active));
    const [from, to] = this.#anchor <= place ? [this.#anchor, place] : [place, this.#anchor];
    this.#selected = new Set([...this.#before, ...ids.slice(from, to + 1)]);
    this.#active = place;
  }

  /** One film in or out of the selection. */
  toggle(place: number, ids: number[]): void {
    const id = ids[place];
    if (id === undefined) return;
    const next = new Set(this.#selected);
    if (!next.delete(id)) next.add(id);
    this.#selected = next;
    this.focus(place);
  }

  all(ids: number[]): void {
    this.#selected = new Set(ids);
    this.#begin(this.#active);
  }

  none(): void {
    this.#selected = new Set();
    this.#begin(this.#active);
  }

  /** The films are others now: what is no longer there is no longer selected, and the focus stays on its film. */
  keep(ids: number[], active: number | undefined, placeOf: (id: number) => number): void {
    if (this.#selected.size > 0) {
      const kept = [...this.#selected].filter((id) => placeOf(id) >= 0);
      if (kept.length < this.#selected.size) this.#selected = new Set(kept);
    }
    const place = active === undefined ? -1 : placeOf(active);
    const last = ids.length - 1;
    this.#active = place >= 0 ? place : Math.min(Math.max(this.#active, 0), last);
    this.#begin(this.#active);
  }

  #begin(place: number): void {
    this.#anchor = place;
    this.#before = this.#selected;
  }
}
