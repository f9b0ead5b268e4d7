// What the Network page knows: which network, which film, which layer, which unit, and what the core says of them.
// Must not draw. An answer that comes after another question was asked is dropped.
import type { ActivationCurve, LayerMaps, Network, Slice, Unit } from '#api/networks.ts';
import type { ModelCard } from '#api/predictions.ts';
import type { Preset } from '#api/runs.ts';
import type { App } from '#renderer/app/app.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Trouble } from '#renderer/connect.ts';
import { FilmList } from '#renderer/library/film-list.svelte.ts';

/** A trained network by its run, another one by the name of its preset. */
export type Subject = { run: number; preset?: never } | { preset: string; run?: never };

export interface Place {
  channel: number;
  row: number;
  column: number;
}

export class Inside {
  #app: App;
  readonly films: FilmList;
  #models = $state.raw<ModelCard[] | null>(null);
  #presets = $state.raw<Preset[]>([]);
  #subject = $state.raw<Subject | null>(null);
  #network = $state.raw<Network | null>(null);
  #film = $state<number | null>(null);
  #layer = $state(1);
  #seen = $state.raw<LayerMaps | null>(null);
  #maps = $state.raw<LayerMaps | null>(null);
  #place = $state.raw<Place>({ channel: 0, row: 0, column: 0 });
  #unit = $state.raw<Unit | null>(null);
  #curves = $state.raw<ActivationCurve[]>([]);
  #slice = $state.raw<Slice | null>(null);
  #trouble = $state.raw<Trouble | null>(null);
  /** What the page was opened with when it was last read: asked for once, not again whenever a run ends. */
  #asked: { run: number | null; film: number | null } = { run: null, film: null };
  #turns = { network: 0, film: 0, maps: 0, unit: 0 };

  constructor(app: App) {
    this.#app = app;
    this.films = new FilmList(app.core, (error) => app.fail(error));
  }

  /** Trained networks, the newest first; null until first read. */
  get models(): ModelCard[] | null {
    return this.#models;
  }

  get presets(): Preset[] {
    return this.#presets;
  }

  get subject(): Subject | null {
    return this.#subject;
  }

  get network(): Network | null {
    return this.#network;
  }

  /** Row number of the film that is looked at. */
  get film(): number | null {
    return this.#film;
  }

  get layer(): number {
    return this.#layer;
  }

  /** The film as the network takes it: the map of its input. */
  get seen(): LayerMaps | null {
    return this.#seen;
  }

  get maps(): LayerMaps | null {
    return this.#maps;
  }

  get place(): Place {
    return this.#place;
  }

  get unit(): Unit | null {
    return this.#unit;
  }

  get curves(): ActivationCurve[] {
    return this.#curves;
  }

  get slice(): Slice | null {
    return this.#slice;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** Reads what there is and shows `run`, or what was shown, or the newest; the first preset where none is trained. */
  async load(run: number | null, film: number | null): Promise<void> {
    const turn = ++this.#turns.network;
    await this.#asking(async () => {
      const [answering, presets] = await Promise.all([
        this.#app.core.predictions.models(),
        this.#app.core.runs.presets(),
        this.films.load({}, 'imported'),
      ]);
      if (turn !== this.#turns.network) return;
      // One network at a time: an ensemble is looked at by its members.
      const models = answering.filter(({ members }) => members === null);
      [this.#models, this.#presets] = [models, presets];
      const asked = this.#asked;
      this.#asked = { run, film };
      this.#film = (film === asked.film ? null : film) ?? this.#film ?? this.films.ids[0] ?? null;
      const subject = this.#subjectAmong(models, run === asked.run ? null : run) ?? presets[0];
      if (subject) await this.choose('name' in subject ? { preset: subject.name } : subject);
    });
  }

  /** What was asked for, else what is shown, else the newest trained one. */
  #subjectAmong(models: ModelCard[], run: number | null): Subject | null {
    const there = (one: number | null | undefined) => models.some((model) => model.run === one);
    if (run !== null && there(run)) return { run };
    const shown = this.#subject;
    if (shown && (shown.preset !== undefined || there(shown.run))) return shown;
    const [newest] = models;
    return newest ? { run: newest.run } : null;
  }

  async choose(subject: Subject): Promise<void> {
    const turn = ++this.#turns.network;
    await this.#asking(async () => {
      const { core } = this.#app;
      const card = this.#presets.find(({ name }) => name === subject.preset);
      const which = card ? { settings: { preset: card.name, size: card.size } } : { run: subject.run };
      const network = await core.networks.describe(which);
      if (turn !== this.#turns.network) return;
      const same = this.#network?.title === network.title && this.#network.run !== null && network.run !== null;
      if (!same) this.#layer = Math.min(1, network.layers.length - 1);
      const shown = this.#subject;
      [this.#subject, this.#network] = [subject, network];
      // Read again, what is shown stays until it is there anew.
      if (shown?.run !== subject.run || shown?.preset !== subject.preset) {
        this.#slice = null;
        this.#maps = this.#unit = this.#seen = null;
      }
      if (network.run === null) {
        const curves = await core.networks.activations(which);
        if (turn === this.#turns.network) this.#curves = curves;
        return;
      }
      await Promise.all([this.#showFilm(), this.readSlice()]);
    });
  }

  async openFilm(film: number): Promise<void> {
    if (film === this.#film) return;
    this.#film = film;
    await this.#asking(() => this.#showFilm());
  }

  /** The film so many places on; nothing beyond the ends. */
  async moveFilm(by: number): Promise<void> {
    const next = this.films.ids[(this.#film === null ? 0 : this.films.placeOf(this.#film)) + by];
    if (next !== undefined) await this.openFilm(next);
  }

  async openLayer(layer: number): Promise<void> {
    if (layer === this.#layer || !this.#network?.layers[layer]) return;
    this.#layer = layer;
    await this.#asking(() => this.#showMaps());
  }

  async openUnit(place: Partial<Place>): Promise<void> {
    this.#place = { ...this.#place, ...place };
    await this.#asking(() => this.#showUnit());
  }

  async readSlice(): Promise<void> {
    const run = this.#subject?.run;
    if (run === undefined) return;
    const slice = await this.#app.core.networks.sliced({ run });
    if (run === this.#subject?.run) this.#slice = slice;
  }

  /** Computes a slice of this run; it is there when the job has ended. */
  async startSlice(directions: 1 | 2, seed: number): Promise<void> {
    const run = this.#subject?.run;
    if (run !== undefined) await this.#app.core.networks.slice({ run, directions, seed });
  }

  async #showFilm(): Promise<void> {
    const turn = ++this.#turns.film;
    const [run, xray] = [this.#subject?.run, this.#film];
    if (run === undefined) return;
    if (xray === null) {
      this.#curves = await this.#app.core.networks.activations({ run });
      return;
    }
    const { networks } = this.#app.core;
    const [seen, curves] = await Promise.all([
      networks.maps({ run, xray, layer: 0 }),
      networks.activations({ run, xray }),
      this.#showMaps(),
    ]);
    if (turn === this.#turns.film) [this.#seen, this.#curves] = [seen, curves];
  }

  async #showMaps(): Promise<void> {
    const turn = ++this.#turns.maps;
    const [run, xray] = [this.#subject?.run, this.#film];
    if (run === undefined || xray === null) return;
    const maps = await this.#app.core.networks.maps({ run, xray, layer: this.#layer });
    if (turn !== this.#turns.maps) return;
    const moved = this.#maps?.layer !== maps.layer;
    this.#maps = maps;
    // Another layer is looked at in the middle of its first map that says anything.
    if (moved) {
      const channel = Math.max(
        0,
        maps.ranges.findIndex(([least, greatest]) => greatest > least),
      );
      this.#place = { channel, row: maps.height >> 1, column: maps.width >> 1 };
    }
    await this.#showUnit();
  }

  async #showUnit(): Promise<void> {
    const turn = ++this.#turns.unit;
    const [run, xray] = [this.#subject?.run, this.#film];
    if (run === undefined || xray === null) return;
    const unit = await this.#app.core.networks.unit({ run, xray, layer: this.#layer, ...this.#place });
    if (turn === this.#turns.unit) this.#unit = unit;
  }

  async #asking(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = null;
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
  }
}
