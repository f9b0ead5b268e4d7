// Which page is open and what it was opened with. The page is kept in the address, so that a reload shows it again, and
// in the history of the window, so that Back and Forward go from page to page. Must not draw.
import type { XrayFilter, XraySort } from '#api/xrays.ts';

export const pageNames = ['library', 'read', 'train', 'results', 'classify', 'network', 'camera', 'settings'] as const;
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

/** A step of the history: a page, and what it was opened with. */
interface Step {
  page: PageName;
  reading: Reading | null;
  run: number | null;
  film: number | null;
  section: string | null;
}

export class Pages {
  #current = $state<PageName>(fromAddress());
  #reading = $state.raw<Reading | null>(null);
  #opened = $state.raw<Opened | null>(null);
  #run = $state<number | null>(null);
  #film = $state<number | null>(null);
  #section = $state<string | null>(null);
  /** Steps of the history by number. What a page was opened with does not outlive a reload, the page does. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- looked up on Back and Forward alone, never drawn
  readonly #steps = new Map<number, Step>();
  #step = stepOfHistory() ?? 0;

  constructor() {
    this.#keep();
  }

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

  /** The run Results or Network was opened with; null shows the newest. */
  get run(): number | null {
    return this.#run;
  }

  /** The film Network was opened with. */
  get film(): number | null {
    return this.#film;
  }

  /** The part of Settings that was asked for. */
  get section(): string | null {
    return this.#section;
  }

  go(page: PageName): void {
    const further = page !== this.#current;
    this.#current = page;
    if (further) history.pushState({ step: ++this.#step }, '', `#${page}`);
    this.#keep();
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

  network(run: number | null, film: number | null = null): void {
    this.#run = run;
    this.#film = film;
    this.go('network');
  }

  settings(section: string): void {
    this.#section = section;
    this.go('settings');
  }

  /** Follows Back and Forward, and an address that was changed by hand. */
  followHistory(): void {
    const page = fromAddress();
    this.#step = stepOfHistory() ?? this.#step + 1;
    const step = this.#steps.get(this.#step);
    if (step?.page === page) {
      this.#reading = step.reading;
      this.#run = step.run;
      this.#film = step.film;
      this.#section = step.section;
    }
    this.#current = page;
    this.#keep();
  }

  #keep(): void {
    history.replaceState({ step: this.#step }, '', `#${this.#current}`);
    this.#steps.set(this.#step, {
      page: this.#current,
      reading: this.#reading,
      run: this.#run,
      film: this.#film,
      section: this.#section,
    });
  }

  /** Another library is open: nothing that pointed into the old one holds. */
  forget(): void {
    this.#reading = null;
    this.#opened = null;
    this.#run = null;
    this.#film = null;
    this.#steps.clear();
    this.#keep();
  }
}

/** The number of the step the window is at; null where another address was typed in. */
function stepOfHistory(): number | null {
  const state = history.state as { step?: unknown } | null;
  return typeof state?.step === 'number' ? state.step : null;
}

function fromAddress(): PageName {
  const name = location.hash.slice(1);
  return pageNames.find((page) => page === name) ?? 'library';
}
