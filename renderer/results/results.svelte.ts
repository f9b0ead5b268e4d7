// What the Results page knows: the runs, the one that is looked at, and what it answered on each judging film.
// Must not open judging films by itself: that is counted, and asked for by a button.
import type { Run, RunDetail } from '#api/runs.ts';
import type { Series } from '#api/series.ts';
import type { Xray } from '#api/xrays.ts';
import type { App } from '#renderer/app/app.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Trouble } from '#renderer/connect.ts';
import { mostWrong } from './result-words.ts';
import type { FilmAnswer } from './result-words.ts';

/** Films in the strip. */
const SHOWN = 10;

export class Results {
  #app: App;
  #runs = $state.raw<Run[] | null>(null);
  #run = $state.raw<RunDetail | null>(null);
  #series = $state.raw<Series | null>(null);
  #answers = $state.raw<FilmAnswer[]>([]);
  #films = $state.raw<Xray[]>([]);
  #trouble = $state.raw<Trouble | null>(null);
  #opening = $state(false);
  #asked = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** All runs, the newest first; null until first read. */
  get runs(): Run[] | null {
    return this.#runs;
  }

  get run(): RunDetail | null {
    return this.#run;
  }

  /** The series the run is one of. */
  get series(): Series | null {
    return this.#series?.id === this.#run?.series ? this.#series : null;
  }

  /** On every judging film; empty while sealed. */
  get answers(): FilmAnswer[] {
    return this.#answers;
  }

  /** All wrong answers, the worst first. */
  get wrong(): FilmAnswer[] {
    return mostWrong(this.#answers);
  }

  /** The worst of them with their films. */
  get worst(): { answer: FilmAnswer; film: Xray | null }[] {
    return this.wrong
      .slice(0, SHOWN)
      .map((answer) => ({ answer, film: this.#films.find(({ id }) => id === answer.xray) ?? null }));
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  get opening(): boolean {
    return this.#opening;
  }

  /** Reads the runs and shows `wanted`, or the newest that has figures, or the newest. */
  async load(wanted: number | null): Promise<void> {
    const asked = ++this.#asked;
    try {
      const runs = await this.#app.core.runs.list();
      if (asked !== this.#asked) return;
      this.#runs = runs;
      const run =
        runs.find(({ id }) => id === wanted) ??
        runs.find(({ test }) => test) ??
        runs.find(({ best }) => best) ??
        runs[0];
      if (run) this.#take(await this.#app.core.runs.get({ run: run.id }), asked);
      this.#trouble = null;
    } catch (error) {
      if (asked === this.#asked) this.#trouble = troubleOf(error);
    }
  }

  /** Opens the judging films for this run; counted for good. */
  async open(): Promise<void> {
    const run = this.#run?.id;
    if (run === undefined || this.#opening) return;
    this.#opening = true;
    try {
      const detail = await this.#app.core.runs.judge({ run });
      this.#take(detail, ++this.#asked);
      this.#app.changes.runsChanged();
    } finally {
      this.#opening = false;
    }
  }

  /** Opens the judging films for the runs of the series together; counted for good. */
  async openTogether(): Promise<void> {
    const series = this.#series?.id;
    if (series === undefined || this.#opening) return;
    this.#opening = true;
    try {
      this.#series = await this.#app.core.series.judge({ series });
      this.#app.changes.runsChanged();
    } finally {
      this.#opening = false;
    }
  }

  #take(run: RunDetail, asked: number): void {
    if (asked !== this.#asked) return;
    if (run.id !== this.#run?.id) this.#answers = [];
    this.#run = run;
    if (run.test) this.#app.attempt(() => this.#ask(run.id, asked));
    const { series } = run;
    if (series !== null) this.#app.attempt(async () => (this.#series = await this.#app.core.series.get({ series })));
  }

  async #ask(run: number, asked: number): Promise<void> {
    const answers = await this.#app.core.runs.answers({ run });
    const ids = mostWrong(answers)
      .slice(0, SHOWN)
      .map(({ xray }) => xray);
    const films = ids.length === 0 ? [] : (await this.#app.core.xrays.list({ filter: { ids }, limit: SHOWN })).films;
    if (asked !== this.#asked) return;
    this.#films = films;
    this.#answers = answers;
  }
}
