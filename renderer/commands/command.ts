// What can be done, once: the same command stands behind its key, the palette, the key sheet, menus and buttons.
import type { Component } from 'svelte';

/** Headings of the palette and the key sheet, in the order they stand there. */
export const groups = ['This film', 'Selected films', 'This page', 'Go to', 'Everywhere'] as const;
export type CommandGroup = (typeof groups)[number];

export interface Command {
  /** Stable, dotted: "film.fracture". Menus of the desktop and remapped keys name commands by it. */
  id: string;
  title: string;
  group: CommandGroup;
  /** Key bindings as tinykeys writes them ("$mod+k", "[Shift]+?"); the first one is shown. */
  keys?: string[];
  icon?: Component;
  /** Whether it can be done now; one that cannot is neither run nor shown in the palette. */
  when?: () => boolean;
  /** What stands beside it in the palette: how things are now. */
  hint?: () => string;
  run: () => unknown;
  /** Also while a text field has the focus (for chords only). */
  inFields?: boolean;
  /** Also while a sheet or dialog is open. */
  inDialogs?: boolean;
  /** Held keys repeat it. */
  repeats?: boolean;
  /** Known to keys and to the key sheet, but not to the palette: moving about, for one. */
  unlisted?: boolean;
}
