// Moving films to the trash and back: done at once, undone by a key or a toast.
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Core } from '#renderer/connect.ts';
import { many } from '#renderer/words/figures.ts';
import type { Changes } from './changes.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export class Trash {
  #core: Core;
  #library: () => string | undefined;
  #changes: Changes;
  #toasts: Toasts;
  #attempt: (work: () => Promise<void>) => void;
  #last = $state.raw<{ xrays: number[]; after: string | null } | null>(null);

  constructor(
    core: Core,
    library: () => string | undefined,
    changes: Changes,
    toasts: Toasts,
    attempt: (work: () => Promise<void>) => void,
  ) {
    this.#core = core;
    this.#library = library;
    this.#changes = changes;
    this.#toasts = toasts;
    this.#attempt = attempt;
  }

  /** Films that Ctrl+Z would bring back: the last move, where no label was given since. */
  get undoable(): number[] | null {
    return this.#last && this.#last.after === this.#changes.savedAt ? this.#last.xrays : null;
  }

  async move(xrays: number[]): Promise<void> {
    const library = this.#library();
    const { films } = await this.#core.xrays.trash({ library, xrays });
    this.#last = { xrays, after: this.#changes.savedAt };
    this.#changes.filmsChanged();
    this.#toasts.say(`${many(films, 'film')} moved to the trash`, {
      topic: 'trash',
      icon: Trash2,
      action: { title: 'Undo', keys: '$mod+z', run: () => this.#attempt(() => this.restore(xrays, library)) },
    });
  }

  /** `library`: the one they were moved in, where that may no longer be the one that is shown. */
  async restore(xrays: number[], library = this.#library()): Promise<void> {
    const { films } = await this.#core.xrays.restore({ library, xrays });
    this.#last = null;
    this.#changes.filmsChanged();
    this.#toasts.say(`${many(films, 'film')} brought back from the trash`, { topic: 'trash' });
  }
}
