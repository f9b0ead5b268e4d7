// The one registry of commands. Pages add theirs when they come and take them away when they go.
// Must not know what a command does.
import { untrack } from 'svelte';
import { groups } from './command.ts';
import type { Command, CommandGroup } from './command.ts';
import { isPress, isTyping } from './keys.ts';

export class Commands {
  #lists = $state.raw<Command[][]>([]);
  #chosenKeys: () => Record<string, string[]>;
  #failed: (error: unknown) => void;

  /** `chosenKeys`: bindings the user chose instead, by command. `failed` is told when a command throws. */
  constructor(chosenKeys: () => Record<string, string[]>, failed: (error: unknown) => void) {
    this.#chosenKeys = chosenKeys;
    this.#failed = failed;
  }

  /** Adds commands and returns how to take them away: the shape an effect or onMount wants. */
  register(commands: Command[]): () => void {
    const change = (lists: (now: Command[][]) => Command[][]) => untrack(() => (this.#lists = lists(this.#lists)));
    change((lists) => [commands, ...lists]);
    return () => change((lists) => lists.filter((list) => list !== commands));
  }

  /** All commands, the latest registered first: a page's key goes before one of the frame. */
  get all(): Command[] {
    return this.#lists.flat();
  }

  /** Commands by their heading, headings in order. */
  get grouped(): { group: CommandGroup; commands: Command[] }[] {
    const all = this.all;
    return groups
      .map((group) => ({ group, commands: all.filter((command) => command.group === group) }))
      .filter(({ commands }) => commands.length > 0);
  }

  find(id: string): Command | undefined {
    return this.all.find((command) => command.id === id);
  }

  keysOf(command: Pick<Command, 'id' | 'keys'>): string[] {
    return this.#chosenKeys()[command.id] ?? command.keys ?? [];
  }

  /** The binding to show beside a command; undefined where it has none or is not there. */
  keyOf(id: string): string | undefined {
    const command = this.find(id);
    return command && this.keysOf(command)[0];
  }

  /** Runs a command by its name, from a menu or a button; does nothing where it cannot be done now. */
  run(id: string): void {
    const command = this.find(id);
    if (command && (command.when?.() ?? true)) this.start(command);
  }

  start(command: Command): void {
    try {
      const work = command.run();
      if (work instanceof Promise) work.catch(this.#failed);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Answers a key press anywhere in the window. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || pressesItself(event)) return;
    const typing = isTyping(event.target);
    const dialog = inDialog(event.target);
    for (const command of this.all) {
      if (typing && !command.inFields) continue;
      if (dialog && !command.inDialogs) continue;
      if (!this.keysOf(command).some((binding) => isPress(event, binding))) continue;
      if (command.when && !command.when()) continue;
      event.preventDefault();
      if (!event.repeat || command.repeats) this.start(command);
      return;
    }
  }
}

const slides = /^(Arrow|Page)|^(Home|End)$/;

/** Enter and Space on a button or link belong to it, and the keys that move a slider to the slider. */
function pressesItself({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  if (target instanceof HTMLInputElement && target.type === 'range' && slides.test(key)) return true;
  if (key !== 'Enter' && key !== ' ') return false;
  return target instanceof Element && target.closest('button, a[href], summary, input') !== null;
}

/** Sheets, dialogs and open menus keep their keys to themselves. */
function inDialog(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"][data-popup]') !== null
  );
}
