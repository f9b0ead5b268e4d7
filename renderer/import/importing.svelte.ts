// One import from the first question to the summary. The sheet may be closed at any time; the work goes on.
// Must not draw.
import type { ImportPreview, ImportSummary, Layout } from '#api/imports.ts';
import type { Job } from '#api/jobs.ts';
import type { Label } from '#api/labels.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';
import type { FolderChooser } from '#renderer/app/dialogs.svelte.ts';
import type { JobsState } from '#renderer/app/jobs.svelte.ts';
import { newUploadSet, send } from './dropped.ts';
import type { Dropped } from './dropped.ts';

/* eslint-disable svelte/prefer-svelte-reactivity -- the map is replaced whole, never changed */
export type Stage =
  | { at: 'nothing' }
  | { at: 'sending'; files: number; bytes: number; sent: number }
  | { at: 'looking'; job: string }
  | { at: 'found'; preview: ImportPreview }
  | { at: 'demo' }
  | { at: 'running'; job: string; import: number; title: string; demo: boolean }
  | { at: 'done'; summary: ImportSummary; undone: boolean }
  | { at: 'trouble'; trouble: Trouble };

interface Request {
  paths: string[];
  uploads?: string;
  layout: Layout;
  table?: string;
}

export interface ImportNews {
  /** Names the library that is shown. */
  library: () => string | undefined;
  /** Films of the library came or went. */
  changed: () => void;
  /** An import is done and its sheet is closed. */
  finished: (summary: ImportSummary) => void;
  failed: (error: unknown) => void;
}

export class Importing {
  #core: Core;
  #jobs: JobsState;
  #folders: FolderChooser;
  #failed: (error: unknown) => void;
  #changed: () => void;
  #library: () => string | undefined;
  #finished: (summary: ImportSummary) => void;
  #open = $state(false);
  #stage = $state.raw<Stage>({ at: 'nothing' });
  #request = $state.raw<Request | null>(null);
  #mapping = $state.raw<ReadonlyMap<string, Label | null>>(new Map());
  #source = $state('');
  #sending: AbortController | null = null;
  /** Answers of an older question are not taken. */
  #turn = 0;

  constructor(core: Core, jobs: JobsState, folders: FolderChooser, tell: ImportNews) {
    this.#core = core;
    this.#jobs = jobs;
    this.#folders = folders;
    this.#library = tell.library;
    this.#changed = tell.changed;
    this.#finished = tell.finished;
    this.#failed = tell.failed;
  }

  get open(): boolean {
    return this.#open;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Layout asked for; "auto" lets Osteon recognise it. */
  get layout(): Layout {
    return this.#request?.layout ?? 'auto';
  }

  get source(): string {
    return this.#source;
  }

  /** What a value of the source becomes. */
  labelOf(value: string): Label | null {
    return this.#mapping.get(value) ?? null;
  }

  /** Asks for a folder and looks through it. */
  async choose(): Promise<void> {
    if (this.#busy()) return this.show();
    const paths = await this.#folders.ask({
      title: 'Import X-rays',
      choose: (what) => `Look through ${what}`,
      files: true,
    });
    if (paths.length > 0) await this.look({ paths, layout: 'auto' });
  }

  /** Looks through what was dropped, sending the files first where there are no paths. */
  async take(dropped: Dropped): Promise<void> {
    if (this.#busy()) return this.show();
    if ('paths' in dropped) return this.look({ paths: dropped.paths, layout: 'auto' });
    const { files } = dropped;
    if (files.length === 0) return;
    const turn = this.#begin();
    const set = newUploadSet();
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const stage = (sent: number): Stage => ({ at: 'sending', files: files.length, bytes, sent });
    this.#stage = stage(0);
    this.#sending = new AbortController();
    try {
      await send(set, files, this.#sending.signal, (sent) => {
        if (turn === this.#turn) this.#stage = stage(sent);
      });
    } catch (error) {
      return this.#trouble(turn, error);
    }
    if (turn === this.#turn) await this.look({ paths: ['uploads'], uploads: set, layout: 'auto' });
  }

  /** Says what an import would do. Writes nothing. */
  async look(request: Request): Promise<void> {
    const turn = this.#begin();
    this.#request = request;
    try {
      const { job, preview } = await this.#core.imports.preview(request);
      if (turn !== this.#turn) return;
      this.#stage = { at: 'looking', job };
      const ended = await this.#jobs.ended(job);
      if (turn !== this.#turn) return;
      if (ended.state !== 'done') return this.#notDone(ended);
      const found = await this.#core.imports.previewed({ preview });
      if (turn !== this.#turn) return;
      this.#mapping = new Map(found.mapping.map(({ value, label }) => [value, label]));
      this.#source = '';
      this.#stage = { at: 'found', preview: found };
    } catch (error) {
      this.#trouble(turn, error);
    }
  }

  /** Looks again, with another layout or table. */
  async lookAgain(layout: Layout, table?: string): Promise<void> {
    const { table: _, ...request } = this.#request ?? { paths: [] };
    if (request.paths.length > 0) await this.look({ ...request, layout, ...(table ? { table } : {}) });
  }

  map(value: string, label: Label | null): void {
    this.#mapping = new Map([...this.#mapping, [value, label]]);
  }

  nameSource(source: string): void {
    this.#source = source;
  }

  /** Imports what was found. */
  async run(): Promise<void> {
    if (this.#stage.at !== 'found') return;
    const { preview } = this.#stage;
    const mapping = [...this.#mapping].map(([value, label]) => ({ value, label }));
    const source = this.#source.trim();
    await this.#follow(false, source || folderName(preview.root), () =>
      this.#core.imports.start({ preview: preview.preview, mapping, ...(source ? { source } : {}) }),
    );
  }

  /** Asks how many films to draw. */
  askDemo(): void {
    if (this.#busy()) return this.show();
    this.#begin();
    this.#stage = { at: 'demo' };
  }

  async draw(images: number, seed: number): Promise<void> {
    await this.#follow(true, 'Demo set', () => this.#core.imports.demo({ images, seed }));
  }

  /** Moves the films of the import that was just done to the trash. Throws what the core throws. */
  async undo(): Promise<void> {
    if (this.#stage.at !== 'done') return;
    const { summary } = this.#stage;
    await this.#core.imports.undo({ library: this.#library(), import: summary.import });
    this.#stage = { at: 'done', summary, undone: true };
    this.#changed();
  }

  /** Stops what is under way; before an import that means nothing was written. */
  async cancel(): Promise<void> {
    const stage = this.#stage;
    this.#sending?.abort();
    if (stage.at === 'looking' || stage.at === 'running') await this.#jobs.cancel(stage.job);
    if (stage.at !== 'running') this.close();
  }

  show(): void {
    this.#open = true;
  }

  /** Shows an import that this window did not start, or forgot by being loaded again. */
  adopt(job: Job): void {
    this.#open = true;
    if (this.#stage.at !== 'nothing' || job.subject === null) return;
    const started = { job: job.id, import: job.subject };
    void this.#follow(job.kind === 'demo', job.title, () => Promise.resolve(started));
  }

  /** The sheet goes; an import under way goes on in the status bar. */
  close(): void {
    this.#open = false;
    if (this.#stage.at === 'running') return;
    if (this.#stage.at === 'looking') this.#jobs.cancel(this.#stage.job).catch(this.#failed);
    this.#sending?.abort();
    this.#turn++;
    this.#stage = { at: 'nothing' };
  }

  async #follow(demo: boolean, title: string, start: () => Promise<{ job: string; import: number }>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const started = await start();
      this.#stage = { at: 'running', job: started.job, import: started.import, title, demo };
      const ended = await this.#jobs.ended(started.job);
      if (turn !== this.#turn) return;
      const summary = await this.#core.imports.get({ import: started.import });
      if (turn !== this.#turn) return;
      if (ended.state === 'failed') return this.#notDone(ended);
      this.#stage = { at: 'done', summary, undone: false };
      if (!this.#open) this.#finished(summary);
    } catch (error) {
      this.#trouble(turn, error);
    }
  }

  #busy(): boolean {
    return this.#stage.at === 'running';
  }

  #begin(): number {
    this.#sending?.abort();
    this.#sending = null;
    this.#open = true;
    this.#stage = { at: 'looking', job: '' };
    return ++this.#turn;
  }

  #notDone(job: Job): void {
    if (job.state === 'cancelled' || !job.error) this.close();
    else this.#stage = { at: 'trouble', trouble: job.error };
  }

  #trouble(turn: number, error: unknown): void {
    if (turn === this.#turn) this.#stage = { at: 'trouble', trouble: troubleOf(error) };
  }
}

export function folderName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
