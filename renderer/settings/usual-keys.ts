// The keys used most, as the settings show and change them. The commands themselves live with their pages;
// these are their names and what their keys are before anyone changes them.
import type { Label } from '#api/labels.ts';

export interface UsualKey {
  id: string;
  title: string;
  keys: string[];
  label?: Label;
  /** Keys of the frame that other programs share; not changed here. */
  fixed?: boolean;
}

export const usualKeys: UsualKey[] = [
  { id: 'film.fracture', title: 'Fracture', keys: ['1'], label: 'fracture' },
  { id: 'film.whole', title: 'Whole', keys: ['2'], label: 'whole' },
  { id: 'film.uncertain', title: 'Uncertain', keys: ['3'], label: 'uncertain' },
  { id: 'film.skip', title: 'Skip', keys: ['Space'] },
  { id: 'undo', title: 'Undo', keys: ['$mod+z'], fixed: true },
  { id: 'redo', title: 'Redo', keys: ['$mod+Shift+z'], fixed: true },
  { id: 'palette', title: 'Command palette', keys: ['$mod+k'], fixed: true },
  { id: 'view.invert', title: 'Invert', keys: ['i'] },
  { id: 'view.rotate-right', title: 'Rotate right', keys: ['r'] },
  { id: 'view.rotate-left', title: 'Rotate left', keys: ['l'] },
  { id: 'view.flip-horizontal', title: 'Flip left to right', keys: ['h'] },
  { id: 'view.fit', title: 'Fit to window', keys: ['='] },
];

/** The command that has a binding already; undefined where it is free. */
export function takenBy(binding: string, id: string, chosen: Record<string, string[]>): UsualKey | undefined {
  return usualKeys.find((usual) => usual.id !== id && (chosen[usual.id] ?? usual.keys).includes(binding));
}
