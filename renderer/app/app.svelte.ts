// Everything the window knows, in one place: pages reach it through `useApp()`.
// Holds and wires; what a part does stands in its own file.
import { createContext } from 'svelte';
import type { HostBridge } from '#api/host.ts';
import type { ImportSummary } from '#api/imports.ts';
import type { Job } from '#api/jobs.ts';
import type { XrayFilter, XraySort } from '#api/xrays.ts';
import { Commands } from '#renderer/commands/commands.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Connection, Core, Trouble } from '#renderer/connect.ts';
import { Importing } from '#renderer/import/importing.svelte.ts';
import { Browse } from '#renderer/library/browse.svelte.ts';
import { many } from '#renderer/words/figures.ts';
import { Changes } from './changes.svelte.ts';
import { FolderChooser, LibraryDialog } from './dialogs.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { JobsState } from './jobs.svelte.ts';
import { Labelling } from './labelling.svelte.ts';
import { LibraryState } from './library.svelte.ts';
import { Pages } from './pages.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { Trash } from './trash.svelte.ts';

const IMPORTS: Job['kind'][] = ['preview', 'import', 'demo'];

export class App {
  readonly core: Core;
  /** The desktop around the window; null in a browser. */
  readonly host: HostBridge | null;
  readonly toasts = new Toasts();
  readonly changes = new Changes();
  readonly pages = new Pages();
  readonly commands: Commands;
  readonly preferences: Preferences;
  readonly library: LibraryState;
  readonly labelling: Labelling;
  readonly trash: Trash;
  readonly jobs: JobsState;
  readonly engine: Engine;
  /** What the Library page shows. */
  readonly browse: Browse;
  /** The import under way, or the one that is being asked about. */
  readonly importing: Importing;
  readonly libraryDialog = new LibraryDialog();
  readonly folders: FolderChooser;
  #note = $state<string | null>(null);
  #paletteOpen = $state<false | 'all' | 'films'>(false);
  #keysOpen = $state(false);
  #modelOpen = $state(false);
  #trouble = $state.raw<Trouble | null>(null);

  constructor({ core, host }: Connection) {
    this.core = core;
    this.host = host;
    const fail = (error: unknown) => this.fail(error);
    this.preferences = new Preferences(core, fail);
    this.commands = new Commands(() => (this.preferences.loaded ? this.preferences.settings.keys : {}), fail);
    this.library = new LibraryState(core, () => this.#switched());
    const shown = () => this.library.current?.id;
    this.labelling = new Labelling(core, shown, (events) => {
      this.changes.labelled(events);
      this.browse.films.relabel(events);
    });
    this.trash = new Trash(core, shown, this.changes, this.toasts, (work) => this.attempt(work));
    this.jobs = new JobsState(
      core,
      (job) => this.#jobEnded(job),
      () => this.attempt(() => this.#resume()),
    );
    this.engine = new Engine(core);
    this.browse = new Browse(core, this.labelling, fail);
    this.folders = new FolderChooser(host);
    this.importing = new Importing(core, this.jobs, this.folders, {
      library: shown,
      changed: () => this.changes.filmsChanged(),
      finished: (summary) => this.#imported(summary),
      failed: fail,
    });
  }

  get palette(): false | 'all' | 'films' {
    return this.#paletteOpen;
  }

  get keySheet(): boolean {
    return this.#keysOpen;
  }

  /** Why the window could not start; null where it did. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** A page's own words in the status bar: "A.K. today: 12 films, 21 s each". */
  get note(): string | null {
    return this.#note;
  }

  /** Shows words in the status bar; answers how to take them away. */
  showNote(words: string): () => void {
    this.#note = words;
    return () => {
      if (this.#note === words) this.#note = null;
    };
  }

  /** The core runs but could not start its work: the library is locked, say. */
  stopped(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  openPalette(open: false | 'all' | 'films'): void {
    this.#paletteOpen = open;
  }

  /** Whether a model is being imported. */
  get modelSheet(): boolean {
    return this.#modelOpen;
  }

  openModelSheet(open: boolean): void {
    this.#modelOpen = open;
  }

  openKeySheet(open: boolean): void {
    this.#keysOpen = open;
  }

  /** Asks for everything the frame shows; pages ask for their own. */
  async start(): Promise<void> {
    this.jobs.start();
    try {
      await Promise.all([this.preferences.load(), this.library.load()]);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = troubleOf(error);
      return;
    }
    this.#libraryOpened();
    // The engine is looked for by loading it, which takes seconds: nothing waits for it.
    await this.engine.look().catch((error: unknown) => this.fail(error));
  }

  /** Opens another library, or makes one. */
  async openLibrary(folder: string, create = false): Promise<void> {
    await this.library.open(folder, create);
    this.pages.forget();
    this.#libraryOpened();
  }

  /** Opens the Library on films under a filter: the cell of a matrix, the films of an import. */
  showFilms(filter: XrayFilter, sort?: XraySort): void {
    this.pages.go('library');
    void this.browse.show(filter, sort);
  }

  /** Another reader reads from now on: undo follows. */
  async chooseReader(reader: number): Promise<void> {
    await this.library.chooseReader(reader);
    await this.labelling.refresh();
  }

  /** Shows the place where a job is at home. */
  openJob(job: Job): void {
    const { kind } = job;
    if (kind === 'train') this.pages.go('train');
    else if (kind === 'classify') this.pages.go('classify');
    else if (kind === 'slice') this.pages.network(job.subject);
    else if (kind === 'backup' || kind === 'verify') this.pages.settings('library');
    else if (kind === 'calibrate') this.pages.settings('engine');
    else this.importing.adopt(job);
  }

  /** Says an error that has no place of its own on the page. */
  fail(error: unknown): void {
    const trouble = troubleOf(error);
    // Where there is nothing to take back, nothing went wrong.
    if (trouble.code === 'NOTHING_TO_UNDO' || trouble.code === 'NOTHING_TO_REDO') {
      this.toasts.say(trouble.message, { topic: 'undo' });
    } else this.toasts.fail(trouble);
    if (trouble.code === 'ANOTHER_LIBRARY') this.attempt(() => this.lookAgain());
  }

  /** Runs what a click asked for and says where it failed. */
  attempt(work: () => Promise<unknown>): void {
    work().catch((error: unknown) => this.fail(error));
  }

  async undo(): Promise<void> {
    const films = this.trash.undoable;
    if (films) await this.trash.restore(films);
    else await this.labelling.undo();
  }

  async redo(): Promise<void> {
    await this.labelling.redo();
  }

  #libraryOpened(): void {
    this.labelling.forget();
    void this.browse.show({}, 'imported');
    this.changes.savedBefore(this.library.current?.lastSaved ?? null);
    this.changes.runsChanged();
    if (this.library.current) this.attempt(() => this.labelling.refresh());
  }

  /** Another core answers now: nothing is lost, but everything shown is asked for anew. */
  async #resume(): Promise<void> {
    await this.library.load();
    this.#trouble = null;
    await this.labelling.refresh();
    this.changes.filmsChanged();
    this.changes.runsChanged();
  }

  /**
   * One comes back to this window: what another window did to the library meanwhile, or which other library it opened,
   * is shown before anything is done here.
   */
  async lookAgain(): Promise<void> {
    const before = this.library.current;
    if (!before || this.#trouble) return;
    const savedBefore = this.changes.savedAt;
    await this.library.refresh();
    const now = this.library.current;
    if (now?.id !== before.id) return;
    if (now.films !== before.films || now.trashed !== before.trashed || now.lastSaved !== savedBefore) {
      this.changes.savedBefore(now.lastSaved);
      this.changes.filmsChanged();
      await this.labelling.refresh();
    }
  }

  /** Another window opened another library. */
  async #switched(): Promise<void> {
    await this.library.load();
    this.pages.forget();
    this.#libraryOpened();
  }

  /** Counts of the top bar, and when the last decision was saved: an import decides too. */
  async #recount(): Promise<void> {
    await this.library.refresh();
    this.changes.savedBefore(this.library.current?.lastSaved ?? null);
  }

  #imported({ imported, title, refused, state }: ImportSummary): void {
    const left = refused.length > 0 ? `, ${many(refused.length, 'file')} not read` : '';
    const stopped = state === 'cancelled' ? ' before it was cancelled' : '';
    this.toasts.say(`${many(imported, 'film')} imported from “${title}”${stopped}${left}`, {
      action: { title: 'Show', run: () => this.importing.show() },
    });
  }

  #jobEnded(job: Job): void {
    if (job.kind === 'import' || job.kind === 'demo') this.changes.filmsChanged();
    if (job.kind === 'train') {
      // A run gives films their part and their probability too.
      this.changes.runsChanged();
      this.changes.filmsChanged();
    }
    if (job.kind === 'backup' || job.kind === 'import' || job.kind === 'demo' || job.kind === 'train') {
      this.attempt(() => this.#recount());
    }
    // What failed in an open sheet or on its own page is said there.
    const said = job.kind === 'train' || job.kind === 'classify' || (this.importing.open && IMPORTS.includes(job.kind));
    if (job.state === 'failed' && job.error && !said) this.toasts.fail(job.error);
  }
}

export const [useApp, provideApp] = createContext<App>();
