// Which page is open and what it was opened with. Kept in the address, so that a reload shows the same page.
import type { XrayFilter, XraySort } from '#api/xrays.ts';

export const pageNames = ['library', 'read', 'train', 'results', 'classify', 'camera', 'settings'] as const;
export type PageName = (typeof pageNames)[number];

/** Films to page through in Read: those under a filter, or exactly these; `at` is the film to begin with. */
export interface Reading {
  filter: XrayFilter;
  sort: XraySort;
  ids?: number[];
  at?: number;
}

/** What Classify was asked to open: paths of this computer, a set of uploaded files, or a film of the library. */
export interface Opened {
  paths?: string[];
  uploads?: { set: string; names: string[] };
  xray?: number;
  /** Where the films come from, for those that are taken into the library: "camera". */
  source?: string;
}

export class Pages {
  #current = $state<PageName>(fromAddress());
  #reading = $state.raw<Reading | null>(null);
  #opened = $state.raw<Opened | null>(null);
  #run = $state<number | null>(null);
  #section = $state<string | null>(null);

  get current(): PageName {
    return this.#current;
  }

  /** What Read was opened with; null opens it on films not yet read. */
  get reading(): Reading | null {
    return this.#reading;
  }

  /** What Classify was opened with; a new object each time, so that the same film can be opened twice. */
  get opened(): Opened | null {
    return this.#opened;
  }

  /** The run Results was opened with; null shows the newest. */
  get run(): number | null {
    return this.#run;
  }

  /** The part of Settings that was asked for. */
  get section(): string | null {
    return this.#section;
  }

  go(page: PageName): void {
    this.#current = page;
    history.replaceState(null, '', `#${page}`);
  }

  read(reading: Reading): void {
    this.#reading = reading;
    this.go('read');
  }

  classify(opened: Opened): void {
    this.#opened = opened;
    this.go('classify');
  }

  results(run: number | null): void {
    this.#run = run;
    this.go('results');
  }

  settings(section: string): void {
    this.#section = section;
    this.go('settings');
  }

  /** Follows an address that was changed by hand or by the back key. */
  followAddress(): void {
    this.#current = fromAddress();
  }

  /** Another library is open: nothing that pointed into the old one holds. */
  forget(): void {
    this.#reading = null;
    this.#opened = null;
    this.#run = null;
  }
}

function fromAddress(): PageName {
  const name = location.hash.slice(1);
  return pageNames.find((page) => page === name) ?? 'library';
}
