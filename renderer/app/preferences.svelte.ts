// Settings of this user, and the theme that follows from them. Changes show at once and are saved behind.
import type { Settings } from '#api/settings.ts';
import type { Core } from '#renderer/connect.ts';

/** The last theme, so that the first paint is right before the core has answered. */
const THEME_KEY = 'osteon-theme';

export class Preferences {
  #core: Core;
  #failed: (error: unknown) => void;
  #settings = $state.raw<Settings | null>(null);
  #keptTheme = keptTheme();
  #systemDark = $state(true);

  constructor(core: Core, failed: (error: unknown) => void) {
    this.#core = core;
    this.#failed = failed;
    const system = matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = system.matches;
    system.addEventListener('change', () => {
      this.#systemDark = system.matches;
    });
  }

  /** There once `loaded`: no page shows before. */
  get settings(): Settings {
    if (!this.#settings) throw new Error('settings were asked for before they were loaded');
    return this.#settings;
  }

  get loaded(): boolean {
    return this.#settings !== null;
  }

  /** The theme to show, with "system" resolved. */
  get theme(): 'dark' | 'light' {
    const theme = this.#settings?.theme ?? this.#keptTheme;
    return theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : theme;
  }

  async load(): Promise<void> {
    this.#take(await this.#core.settings.get());
  }

  /** Shows a change that is still being made, as while a slider is dragged; `change` saves it. */
  show(change: Partial<Settings>): void {
    this.#take({ ...this.settings, ...change });
  }

  /** Shows the change at once; where saving fails, what was saved before comes back. */
  async change(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.#take({ ...before, ...change });
    try {
      this.#take(await this.#core.settings.set(change));
    } catch (error) {
      this.#take(before);
      this.#failed(error);
    }
  }

  #take(settings: Settings): void {
    this.#settings = settings;
    try {
      localStorage.setItem(THEME_KEY, settings.theme);
    } catch {
      // Storage may be closed to this window; then the first paint is dark.
    }
  }
}

function keptTheme(): Settings['theme'] {
  try {
    const kept = localStorage.getItem(THEME_KEY);
    return kept === 'dark' || kept === 'light' ? kept : 'system';
  } catch {
    return 'system';
  }
}
