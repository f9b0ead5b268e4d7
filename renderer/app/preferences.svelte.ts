// Settings of this user, and the theme that follows from them. Changes show at once and are saved behind.
import type { Settings } from '#api/settings.ts';
import { settings as shape } from '#api/settings.ts';
import type { Core } from '#renderer/connect.ts';

/** The last theme, so that the first paint is right before the core has answered. */
const THEME_KEY = 'osteon-theme';

export class Preferences {
  #core: Core;
  #failed: (error: unknown) => void;
  #settings = $state.raw<Settings>({ ...shape.parse({}), theme: keptTheme() });
  #systemDark = $state(true);
  #loaded = $state(false);

  constructor(core: Core, failed: (error: unknown) => void) {
    this.#core = core;
    this.#failed = failed;
    const system = matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = system.matches;
    system.addEventListener('change', () => {
      this.#systemDark = system.matches;
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** The theme to show, with "system" resolved. */
  get theme(): 'dark' | 'light' {
    const { theme } = this.#settings;
    return theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : theme;
  }

  async load(): Promise<void> {
    this.#take(await this.#core.settings.get());
    this.#loaded = true;
  }

  /** Shows the change at once; where saving fails, what was saved before comes back. */
  async change(change: Partial<Settings>): Promise<void> {
    const before = this.#settings;
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
    return shape.shape.theme.catch('system').parse(localStorage.getItem(THEME_KEY) ?? 'system');
  } catch {
    return 'system';
  }
}
