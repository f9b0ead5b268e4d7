// What was opened to be classified and what the network answered. Outlives the page, so that coming back shows the same.
// Must not draw, and must never give an answer of its own.
import type { Job } from '#api/jobs.ts';
import type { Label } from '#api/labels.ts';
import type { ModelCard, ModelName, Prediction, PredictionRow } from '#api/predictions.ts';
import type { Labelling } from '#renderer/app/labelling.svelte.ts';
import type { Opened } from '#renderer/app/pages.svelte.ts';
import { troubleOf, watch } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';

/** What stands for a film that was not answered: its name is its key. */
export function keyOf(row: PredictionRow): string {
  return row.prediction ? row.prediction.id : `refused ${row.refusal.path}`;
}

/** Where the film of a row can be looked at; null where it cannot be read. */
export function imagesOf(row: PredictionRow): { film: string; thumbnail: string } | null {
  return row.prediction ? row.prediction.images : row.images;
}

export class Answers {
  #core: Core;
  #labelling: Labelling;
  /** A job once it has ended. */
  #ended: (job: string) => Promise<Job>;
  #models = $state.raw<ModelCard[] | null>(null);
  #name = $state<ModelName | null>(null);
  #opened: Opened | null = null;
  #title = $state('');
  #rows = $state.raw<PredictionRow[]>([]);
  #key = $state<string | null>(null);
  #chosenByHand = false;
  #job = $state.raw<Job | null>(null);
  #busy = $state(false);
  #trouble = $state.raw<Trouble | null>(null);
  #keeping = $state<string | null>(null);
  #stop: (() => void) | null = null;
  #turn = 0;

  constructor(core: Core, labelling: Labelling, ended: (job: string) => Promise<Job>) {
    this.#core = core;
    this.#labelling = labelling;
    this.#ended = ended;
  }

  /** Networks that can answer, the newest first; null until asked. */
  get models(): ModelCard[] | null {
    return this.#models;
  }

  /** The one that answers. */
  get model(): ModelCard | null {
    return this.#models?.find(({ name }) => name === this.#name) ?? this.#models?.[0] ?? null;
  }

  get title(): string {
    return this.#title;
  }

  /** The most suspicious first, films without an answer last. */
  get rows(): PredictionRow[] {
    return this.#rows;
  }

  /** Place of the row that is shown; -1 for none. */
  get at(): number {
    return this.#rows.findIndex((row) => keyOf(row) === this.#key);
  }

  get row(): PredictionRow | null {
    return this.#rows[this.at] ?? null;
  }

  /** Work on the list; null once it is whole. */
  get job(): Job | null {
    return this.#job;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Why nothing at all could be answered. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** The answer whose film is on its way into the library. */
  get keeping(): string | null {
    return this.#keeping;
  }

  async loadModels(): Promise<void> {
    this.#models = await this.#core.predictions.models();
    if (!this.#models.some(({ name }) => name === this.#name)) this.#name = null;
  }

  /** Another network answers on what is open. */
  async choose(name: ModelName): Promise<void> {
    if (name === this.model?.name) return;
    this.#name = name;
    if (this.#opened) await this.#ask(this.#opened);
  }

  /** Classifies what was opened; asked for the same again, keeps what is there. */
  async open(opened: Opened): Promise<void> {
    if (opened === this.#opened) return;
    await this.#ask(opened);
  }

  async again(): Promise<void> {
    if (this.#opened) await this.#ask(this.#opened);
  }

  select(place: number): void {
    const row = this.#rows[Math.min(this.#rows.length - 1, Math.max(0, place))];
    if (!row) return;
    this.#key = keyOf(row);
    this.#chosenByHand = true;
  }

  async cancel(): Promise<void> {
    if (this.#job) await this.#core.jobs.cancel({ job: this.#job.id });
  }

  /** Takes the film of an answer into the library; answers its row number there. Throws what importing throws. */
  async keep({ id, path, xray }: Prediction): Promise<number> {
    if (xray !== null) return xray;
    this.#keeping = id;
    try {
      const kept = await this.#bringIn(id, path);
      this.#rows = this.#rows.map((row) =>
        row.prediction?.id === id ? { prediction: { ...row.prediction, xray: kept }, refusal: null } : row,
      );
      return kept;
    } finally {
      this.#keeping = null;
    }
  }

  /** Labels the film of an answer, taking it into the library first. */
  async label(prediction: Prediction, label: Label): Promise<void> {
    await this.#labelling.set([await this.keep(prediction)], label);
  }

  async #bringIn(prediction: string, path: string): Promise<number> {
    const { job, preview } = await this.#core.imports.preview({ paths: [path], layout: 'files' });
    await this.#done(job);
    const { films, duplicates } = await this.#core.imports.previewed({ preview });
    // The same pixels may be there under another name.
    const known = /^film (\d+),/.exec(duplicates.find(({ where }) => where === 'library')?.as ?? '')?.[1];
    if (films === 0 && known !== undefined) return Number(known);
    const source = this.#opened?.source ?? (this.#opened?.uploads ? 'Classified' : undefined);
    const started = await this.#core.imports.start({ preview, ...(source && { source }) });
    await this.#done(started.job);
    const { films: kept } = await this.#core.xrays.list({ filter: { import: started.import }, limit: 1000 });
    const film = kept.find(({ frame }) => frame === frameOf(this.#rows, prediction)) ?? kept[0];
    if (!film) throw new Error('an import that took in nothing');
    return film.id;
  }

  async #done(job: string): Promise<void> {
    const ended = await this.#ended(job);
    if (ended.state !== 'done') throw new JobNotDone(ended.title);
  }

  async #ask(opened: Opened): Promise<void> {
    const turn = ++this.#turn;
    this.#stop?.();
    this.#opened = opened;
    this.#rows = [];
    this.#key = this.#job = this.#trouble = null;
    this.#chosenByHand = false;
    this.#title = '';
    this.#busy = true;
    const model = this.#name === null ? {} : { model: this.#name };
    try {
      if (opened.xray !== undefined) {
        const prediction = await this.#core.predictions.classify({ xray: opened.xray, ...model });
        if (turn === this.#turn) this.#take('Film of the library', [{ prediction, refusal: null }]);
      } else {
        const which = opened.uploads ? { uploads: opened.uploads.set } : { paths: opened.paths ?? [] };
        const { job, list } = await this.#core.predictions.classifyAll({ ...which, ...model });
        if (turn === this.#turn) await this.#follow(job, list, turn);
      }
    } catch (error) {
      if (turn === this.#turn) this.#trouble = troubleOf(error);
    } finally {
      if (turn === this.#turn) {
        this.#busy = false;
        this.#job = null;
      }
    }
  }

  /** Takes the list as it grows, at most some times a second, and once more when it is whole. */
  async #follow(job: string, list: string, turn: number): Promise<void> {
    let asking = false;
    const refresh = async () => {
      if (asking) return;
      asking = true;
      const { title, rows } = await this.#core.predictions.list({ list }).finally(() => (asking = false));
      if (turn === this.#turn) this.#take(title, rows);
    };
    await new Promise<void>((resolve, reject) => {
      this.#stop = watch({
        open: (signal) => this.#core.jobs.follow({ job }, { signal }),
        take: (now) => {
          this.#job = now;
          void refresh().catch(() => undefined);
        },
        ended: resolve,
        failed: (trouble) => reject(new Error(trouble.message)),
      });
    });
    const last = this.#job;
    asking = false;
    await refresh();
    if (turn === this.#turn && last?.state === 'failed' && last.error) this.#trouble = last.error;
  }

  /** Until someone chooses, the most suspicious film is shown. */
  #take(title: string, rows: PredictionRow[]): void {
    this.#title = this.#opened?.uploads ? titleOf(this.#opened) : title;
    this.#rows = rows;
    const [first] = rows;
    if (first && (!this.#chosenByHand || this.at < 0)) this.#key = keyOf(first);
  }
}

/** Films that were sent have no folder to be called by. */
function titleOf({ uploads, source }: Opened): string {
  if (source === 'camera') return 'Camera';
  const [name, ...others] = uploads?.names ?? [];
  return name !== undefined && others.length === 0 ? name : 'Opened films';
}

/** Names of frames end in their number, from the second on: "x.dcm (frame 3)". */
function frameOf(rows: PredictionRow[], id: string): number {
  const file = rows.find(({ prediction }) => prediction?.id === id)?.prediction?.file ?? '';
  return Number(/ \(frame (\d+)\)$/.exec(file)?.[1] ?? 1) - 1;
}

/** A job that failed or was cancelled; the frame has already said why. */
export class JobNotDone extends Error {}
