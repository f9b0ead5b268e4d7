// What the Library page shows: filter, order, films, facets, selection. Outlives the page, so that coming back shows
// the same place. Must not draw.
import type { Label } from '#api/labels.ts';
import type { Facets, XrayDetail, XrayFilter, XraySort } from '#api/xrays.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';
import type { Labelling } from '#renderer/app/labelling.svelte.ts';
import { Choice } from './choice.svelte.ts';
import { FilmList } from './film-list.svelte.ts';

export class Browse {
  readonly films: FilmList;
  readonly choice = new Choice();
  #core: Core;
  #labelling: Labelling;
  #filter = $state.raw<XrayFilter>({});
  #sort = $state<XraySort>('imported');
  #view = $state<'grid' | 'list'>('grid');
  #facets = $state.raw<Facets | null>(null);
  #known = $state.raw<Facets | null>(null);
  #detail = $state.raw<XrayDetail | null>(null);
  #trouble = $state.raw<Trouble | null>(null);
  /** Films seen in the detail panel that are not under the filter: another film of the patient. */
  #beside = $state<number | null>(null);
  /** Where the grid was scrolled to, px. */
  scrollTop = 0;
  /** Count of changes the films were last taken at. */
  #takenAt = 0;
  #turn = 0;

  constructor(core: Core, labelling: Labelling, failed: (error: unknown) => void) {
    this.#core = core;
    this.#labelling = labelling;
    this.films = new FilmList(core, failed);
  }

  get filter(): XrayFilter {
    return this.#filter;
  }

  get sort(): XraySort {
    return this.#sort;
  }

  get view(): 'grid' | 'list' {
    return this.#view;
  }

  /** Null until first counted. */
  get facets(): Facets | null {
    return this.#facets;
  }

  /** The same without a filter: which values there are at all. */
  get known(): Facets | null {
    return this.#known;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  get inTrash(): boolean {
    return this.#filter.trashed ?? false;
  }

  /** Row number of the film the detail panel is about. */
  get shownId(): number | null {
    return this.#beside ?? this.films.ids[this.choice.active] ?? null;
  }

  /** Facts of that film, once they are there. */
  get detail(): XrayDetail | null {
    return this.#detail?.id === this.shownId ? this.#detail : null;
  }

  /** Films an act is about: the selected ones, else the one the detail panel shows. */
  get targets(): number[] {
    const { selected } = this.choice;
    if (selected.size > 0) return this.films.ids.filter((id) => selected.has(id));
    return this.shownId === null ? [] : [this.shownId];
  }

  /** Films that stand in the list but would not under the filter as it is now: labelled since. */
  get stale(): number {
    return this.#facets ? Math.max(0, this.films.total - this.#facets.total) : 0;
  }

  /** Shows other films: a new filter begins at the top, with nothing selected. */
  async show(filter: XrayFilter, sort: XraySort = this.#sort): Promise<void> {
    this.#filter = filter;
    this.#sort = sort;
    this.scrollTop = 0;
    this.choice.none();
    await this.reload(false);
  }

  setView(view: 'grid' | 'list'): void {
    this.#view = view;
  }

  /** Takes the films anew. `stay`: keeps focus and selection on the films they are on. */
  async reload(stay = true): Promise<void> {
    const active = stay ? (this.shownId ?? undefined) : undefined;
    if (!stay) this.choice.focus(0);
    this.#beside = null;
    try {
      await Promise.all([
        this.films.load(this.#filter, this.#sort, Math.max(0, this.choice.active)),
        this.countFacets(),
      ]);
      this.choice.keep(this.films.ids, active, (id) => this.films.placeOf(id));
      this.#trouble = null;
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
  }

  /** Takes the films anew where some came or went since; `changes` counts those. Answers whether it did. */
  follow(changes: number): boolean {
    if (changes === this.#takenAt) return false;
    this.#takenAt = changes;
    void this.reload();
    return true;
  }

  async countFacets(): Promise<void> {
    const turn = ++this.#turn;
    const filter = this.#filter;
    const whole = filter.trashed ? { trashed: true } : {};
    const [facets, known] = await Promise.all([
      this.#core.xrays.facets({ filter }),
      this.#core.xrays.facets({ filter: whole }),
    ]);
    if (turn !== this.#turn) return;
    this.#facets = facets;
    this.#known = known;
  }

  /** How many films there would be under another filter: which part to drop when none is left. */
  async countUnder(filter: XrayFilter): Promise<number> {
    return (await this.#core.xrays.facets({ filter })).total;
  }

  async loadDetail(id: number): Promise<void> {
    const detail = await this.#core.xrays.get({ xray: id });
    if (id === this.shownId) this.#detail = detail;
  }

  /** The detail panel shows a film: in the list where it stands there, else beside it. */
  look(id: number): void {
    const place = this.films.placeOf(id);
    this.#beside = place < 0 ? id : null;
    if (place >= 0) this.choice.focus(place);
  }

  focus(place: number): void {
    this.#beside = null;
    this.choice.focus(place);
  }

  /** Labels the targets; one film alone hands the focus on to the next where the reader wants that. */
  async label(label: Label | null, advance: boolean): Promise<void> {
    const targets = this.targets;
    if (targets.length === 0) return;
    const place = this.choice.active;
    const alone = this.choice.selected.size === 0 && this.#beside === null;
    // Answer the hand first, the disk after: the next film can be looked at while this one is being saved.
    if (alone && advance && place < this.films.total - 1) this.focus(place + 1);
    await this.#labelling.set(targets, label);
  }
}
