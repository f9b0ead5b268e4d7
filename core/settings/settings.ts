// Settings of this user on this computer, and the libraries opened before. One small file, written whole.
// Must not hold anything that belongs to a library.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { settings as shape } from '#api/settings.ts';
import type { Settings } from '#api/settings.ts';
import { librarySummary } from '#api/libraries.ts';
import type { LibrarySummary } from '#api/libraries.ts';
import { writeDurably } from '#core/libraries/durable.ts';

const RECENT = 12;

const file = z.object({
  settings: shape.catch(() => shape.parse({})),
  recent: z.array(librarySummary).catch([]),
});

export class SettingsFile {
  readonly #path: string | null;
  #kept: z.infer<typeof file>;

  /** `home`: folder of the user's settings; null keeps them in memory only. */
  constructor(home: string | null) {
    this.#path = home && join(home, 'settings.json');
    this.#kept = file.parse({ settings: {}, recent: [], ...this.#read() });
  }

  get settings(): Settings {
    return this.#kept.settings;
  }

  get recent(): LibrarySummary[] {
    return this.#kept.recent;
  }

  change(change: Partial<Settings>): Settings {
    this.#kept.settings = shape.parse({ ...this.#kept.settings, ...change });
    this.#write();
    return this.settings;
  }

  /** Puts a library on top of the list; an entry of the same folder is replaced. */
  opened(library: LibrarySummary): void {
    this.#kept.recent = [library, ...this.recent.filter(({ folder }) => folder !== library.folder)].slice(0, RECENT);
    this.#write();
  }

  /** A settings file that cannot be read is started anew: nothing in it is worth an error. */
  #read(): object {
    if (!this.#path || !existsSync(this.#path)) return {};
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as object;
    } catch {
      return {};
    }
  }

  #write(): void {
    if (this.#path) writeDurably(this.#path, `${JSON.stringify(this.#kept, null, 2)}\n`);
  }
}
