// Moving films to the trash and back: done at once, undone by a key or a toast.
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Core } from '#renderer/connect.ts';
import { many } from '#renderer/words/figures.ts';
import type { Changes } from './changes.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export class Trash {
  #core: Core;
  #changes: Changes;
  #toasts: Toasts;
  #last = $state.raw<{ xrays: number[]; after: string | null } | null>(null);

  constructor(core: Core, changes: Changes, toasts: Toasts) {
    this.#core = core;
    this.#changes = changes;
    this.#toasts = toasts;
  }

  /** Films that Ctrl+Z would bring back: the last move, where no label was given since. */
  get undoable(): number[] | null {
    return this.#last && this.#last.after === this.#changes.savedAt ? this.#last.xrays : null;
  }

  async move(xrays: number[]): Promise<void> {
    const { films } = await this.#core.xrays.trash({ xrays });
    this.#last = { xrays, after: this.#changes.savedAt };
    this.#changes.filmsChanged();
    this.#toasts.say(`${many(films, 'film')} moved to the trash`, {
      topic: 'trash',
      icon: Trash2,
      action: { title: 'Undo', keys: '$mod+z', run: () => void this.restore(xrays) },
    });
  }

  async restore(xrays: number[]): Promise<void> {
    const { films } = await this.#core.xrays.restore({ xrays });
    this.#last = null;
    this.#changes.filmsChanged();
    this.#toasts.say(`${many(films, 'film')} brought back from the trash`, { topic: 'trash' });
  }
}
