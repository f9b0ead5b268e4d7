// Short messages for what has no place of its own on the page: done with an undo, or failed with a next step.
import type { Component } from 'svelte';
import type { Trouble } from '#renderer/connect.ts';

export interface Toast {
  id: number;
  text: string;
  next: string | null;
  kind: 'done' | 'trouble';
  icon: Component | null;
  /** A newer message of the same topic takes its place. */
  topic: string | null;
  action: { title: string; keys?: string; run: () => void } | null;
}

/** Long enough to read and to undo; what only tells goes sooner. */
const STAYS_MS = 10_000;
const TELLS_MS = 5000;
const MOST = 3;

export class Toasts {
  #shown = $state.raw<Toast[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen follows it
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #next = 1;

  get shown(): Toast[] {
    return this.#shown;
  }

  say(text: string, more: Partial<Pick<Toast, 'icon' | 'action' | 'topic'>> = {}): void {
    this.#show({ text, next: null, kind: 'done', icon: null, action: null, topic: null, ...more });
  }

  /** An error without a place; the same error twice shows once. */
  fail({ message, next }: Pick<Trouble, 'message' | 'next'>): void {
    this.#show({ text: message, next, kind: 'trouble', icon: null, action: null, topic: message });
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#shown = this.#shown.filter((toast) => toast.id !== id);
  }

  /** Keeps a message while it is pointed at or has the focus. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number): void {
    clearTimeout(this.#timers.get(id));
    const tells = this.#shown.some((toast) => toast.id === id && toast.kind === 'done' && toast.action === null);
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), tells ? TELLS_MS : STAYS_MS),
    );
  }

  #show(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++;
    for (const old of this.#shown) if (toast.topic !== null && old.topic === toast.topic) this.close(old.id);
    this.#shown = [...this.#shown, { ...toast, id }].slice(-MOST);
    this.release(id);
  }
}
