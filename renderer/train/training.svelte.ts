// What the Train page knows: the plan for the settings, the runs, the one that is learning, and those laid over it.
// Must not hold the settings: those are the user's preferences and outlive the page.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Body } from '#api/networks.ts';
import type { Preset, Run, RunDetail, RunPlan, RunSettings } from '#api/runs.ts';
import type { Series, Several } from '#api/series.ts';
import type { App } from '#renderer/app/app.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Trouble } from '#renderer/connect.ts';
import { LiveRun } from './live-run.svelte.ts';

/** Waits this long for more changes of the settings before it plans again. */
const SETTLE_MS = 150;

export class Training {
  #app: App;
  #plan = $state.raw<RunPlan | null>(null);
  #planTrouble = $state.raw<Trouble | null>(null);
  #presets = $state.raw<Preset[]>([]);
  #bodies = $state.raw<Body[]>([]);
  #runs = $state.raw<Run[] | null>(null);
  #series = $state.raw<Series[]>([]);
  #live = $state.raw<LiveRun | null>(null);
  #starting = $state(false);
  #startTrouble = $state.raw<Trouble | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Runs whose curves are laid over each other. */
  readonly ticked = new SvelteSet<number>();
  /** Settings in whose fields something stands that cannot be taken. */
  readonly unfit = new SvelteSet<string>();
  readonly #details = new SvelteMap<number, RunDetail>();

  constructor(app: App) {
    this.#app = app;
  }

  get plan(): RunPlan | null {
    return this.#plan;
  }

  /** Why there is no plan; that a plan cannot start stands in the plan. */
  get planTrouble(): Trouble | null {
    return this.#planTrouble;
  }

  get presets(): Preset[] {
    return this.#presets;
  }

  /** Pretrained bodies of the library. */
  get bodies(): Body[] {
    return this.#bodies;
  }

  /** All runs, the newest first; null until first read. */
  get runs(): Run[] | null {
    return this.#runs;
  }

  /** The run that is shown live, or has just ended. */
  get live(): LiveRun | null {
    return this.#live;
  }

  get starting(): boolean {
    return this.#starting;
  }

  get startTrouble(): Trouble | null {
    return this.#startTrouble;
  }

  get settings(): RunSettings {
    return this.#app.preferences.settings.training;
  }

  /** How often it is trained; null: once. */
  get several(): Several | null {
    return this.#app.preferences.settings.several;
  }

  get canStart(): boolean {
    return this.#plan?.ready === true && this.unfit.size === 0 && !this.#starting && !this.busy;
  }

  /** A training is under way, also between two runs of a series. */
  get busy(): boolean {
    return this.#live?.running === true || this.#app.jobs.running.some(({ kind }) => kind === 'train');
  }

  seriesOf(run: Pick<Run, 'series'> | null | undefined): Series | null {
    return this.#series.find(({ id }) => id === run?.series) ?? null;
  }

  /** Other runs of the series of this one, with their curves, the newest first. */
  beside(run: Pick<RunDetail, 'id' | 'series'> | null): RunDetail[] {
    return (this.seriesOf(run)?.runs ?? []).toReversed().flatMap((id) => {
      const detail = id === run?.id ? undefined : this.#details.get(id);
      return detail && !this.ticked.has(id) ? [detail] : [];
    });
  }

  /** The network's name as a person reads it. */
  titleOf(preset: string): string {
    return this.cardOf(preset)?.title ?? preset;
  }

  /** Not there before the cards are read. */
  cardOf(preset: string): Preset | undefined {
    return this.#presets.find(({ name }) => name === preset);
  }

  /** Ticked runs other than `but`, with their curves, the newest first. */
  laidUnder(but: number | null): RunDetail[] {
    return [...this.ticked]
      .filter((id) => id !== but)
      .sort((a, b) => b - a)
      .flatMap((id) => this.#details.get(id) ?? []);
  }

  change(change: Partial<RunSettings>): void {
    this.#app.attempt(() => this.#app.preferences.change({ training: { ...this.settings, ...change } }));
  }

  changeSeveral(several: Several | null): void {
    this.#app.attempt(() => this.#app.preferences.change({ several }));
  }

  async loadPresets(): Promise<void> {
    this.#bodies = await this.#app.core.bodies.list();
    this.#presets = await this.#app.core.runs.presets();
  }

  async loadRuns(): Promise<void> {
    const { runs, series } = this.#app.core;
    [this.#runs, this.#series] = await Promise.all([runs.list(), series.list()]);
    const shown = this.#runs.find(({ id }) => id === this.#live?.id);
    await this.#loadCurves(this.seriesOf(shown)?.runs.filter((id) => id !== shown?.id) ?? []);
    const running = this.#runs.find(({ state }) => state === 'running');
    if (running) this.show(running.id);
  }

  async #loadCurves(runs: number[]): Promise<void> {
    for (const run of runs) if (!this.#details.has(run)) this.#details.set(run, await this.#app.core.runs.get({ run }));
  }

  /** Plans anew, a moment after the last call. */
  replan(settings: RunSettings): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(settings), this.#plan ? SETTLE_MS : 0);
  }

  async start(): Promise<void> {
    if (!this.canStart) return;
    const { settings, several } = this;
    const { runs, series } = this.#app.core;
    await this.#begin(() => (several ? series.start({ settings, ...several }) : runs.start({ settings })));
  }

  /** Goes on with a run that was stopped or broke off. */
  async resume(run: number): Promise<void> {
    if (this.#starting || this.busy) return;
    await this.#begin(() => this.#app.core.runs.resume({ run }));
  }

  /** Goes on with what a series lacks. */
  async resumeSeries(series: number): Promise<void> {
    if (this.#starting || this.busy) return;
    await this.#begin(() => this.#app.core.series.resume({ series }));
  }

  async #begin(ask: () => Promise<{ run: number }>): Promise<void> {
    this.#starting = true;
    this.#startTrouble = null;
    try {
      const { run } = await ask();
      this.#follow(run);
      this.#app.changes.runsChanged();
    } catch (error) {
      this.#startTrouble = troubleOf(error);
    } finally {
      this.#starting = false;
    }
  }

  /** Follows a run that is learning. */
  show(id: number): void {
    if (this.#live?.id !== id) this.#follow(id);
  }

  #follow(id: number): void {
    this.#live?.unfollow();
    this.#live = new LiveRun(this.#app.core, id, (run) => this.#details.set(run.id, run));
    this.#live.follow();
    if (this.#runs && !this.#runs.some((run) => run.id === id)) this.#app.changes.runsChanged();
  }

  /** Back from an ended run to the plan. */
  leave(): void {
    if (this.busy) return;
    this.#live = null;
  }

  async tick(run: number, on: boolean): Promise<void> {
    if (!on) {
      this.ticked.delete(run);
      return;
    }
    this.ticked.add(run);
    if (!this.#details.has(run)) this.#details.set(run, await this.#app.core.runs.get({ run }));
  }

  /** The page goes: nothing is followed any more. Runs go on. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#live?.unfollow();
  }

  async #ask(settings: RunSettings): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { several } = this;
      // Folds are planned by their first: the others are like it.
      const fold = several?.kind === 'folds' ? { fold: { number: 1, of: several.count } } : {};
      const plan = await this.#app.core.runs.plan({ settings: { ...settings, ...fold } });
      if (asked !== this.#asked) return;
      this.#plan = plan;
      this.#planTrouble = null;
    } catch (error) {
      if (asked === this.#asked) this.#planTrouble = troubleOf(error);
    }
  }
}
