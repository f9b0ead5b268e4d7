// The open library, those opened before, and its readers.
import type { Library, LibrarySummary } from '#api/libraries.ts';
import type { Reader } from '#api/settings.ts';
import type { Core } from '#renderer/connect.ts';

export class LibraryState {
  #core: Core;
  #another: () => Promise<void>;
  #current = $state.raw<Library | null>(null);
  #recent = $state.raw<LibrarySummary[]>([]);
  #readers = $state.raw<Reader[]>([]);
  #loaded = $state(false);

  /** `another` is told when another window opened another library: what is shown is not of that one. */
  constructor(core: Core, another: () => Promise<void>) {
    this.#core = core;
    this.#another = another;
  }

  get current(): Library | null {
    return this.#current;
  }

  /** Opened before, without the open one. */
  get recent(): LibrarySummary[] {
    return this.#recent.filter(({ folder }) => folder !== this.#current?.folder);
  }

  get readers(): Reader[] {
    return this.#readers;
  }

  /** Who reads now: whose labels are given, whose decisions undo takes back. */
  get reader(): Reader | null {
    return this.#readers.find(({ current }) => current) ?? null;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  async load(): Promise<void> {
    const [current, recent] = await Promise.all([this.#core.libraries.current(), this.#core.libraries.recent()]);
    this.#current = current;
    this.#recent = recent;
    this.#readers = current ? await this.#core.readers.list() : [];
    this.#loaded = true;
  }

  async loadRecent(): Promise<void> {
    this.#recent = await this.#core.libraries.recent();
  }

  /** Counts again: films, labelled, trashed. */
  async refresh(): Promise<void> {
    const now = await this.#core.libraries.current();
    if (now?.id !== this.#current?.id) await this.#another();
    else this.#current = now;
  }

  async open(folder: string, create: boolean): Promise<void> {
    this.#current = await this.#core.libraries.open({ folder, create });
    await this.load();
  }

  async rename(name: string): Promise<void> {
    this.#current = await this.#core.libraries.rename({ library: this.#current?.id, name });
  }

  async keepIdentity(keep: boolean): Promise<void> {
    this.#current = await this.#core.libraries.keepIdentity({ library: this.#current?.id, keep });
  }

  async loadReaders(): Promise<void> {
    if (this.#current) this.#readers = await this.#core.readers.list();
  }

  async addReader(name: string): Promise<void> {
    this.#readers = await this.#core.readers.add({ name });
  }

  async renameReader(reader: number, name: string): Promise<void> {
    this.#readers = await this.#core.readers.rename({ reader, name });
  }

  async chooseReader(reader: number): Promise<void> {
    this.#readers = await this.#core.readers.choose({ reader });
  }
}
