// What can be done while reading, as commands: labels and moving through the queue.
import Bone from '@lucide/svelte/icons/bone';
import ChevronLeft from '@lucide/svelte/icons/chevron-left';
import ChevronRight from '@lucide/svelte/icons/chevron-right';
import Eye from '@lucide/svelte/icons/eye';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import type { Label } from '#api/labels.ts';
import type { Command } from '#renderer/commands/command.ts';
import { labelWord } from '#renderer/words/films.ts';
import type { MarkShown } from './marks.ts';
import type { Queue } from './queue.svelte.ts';

/** Films that page up and page down go. */
const PAGE = 10;

export interface ReadActions {
  queue: Queue;
  marks: MarkShown;
  /** Whether the film on screen can be labelled: it is on screen. */
  ready: () => boolean;
  label: (label: Label | null) => void;
  skip: () => void;
  nextUnread: () => Promise<void>;
  hasMarks: () => boolean;
  /** Whether other films are being read than those without a label. */
  readsOther: () => boolean;
  readUnread: () => void;
}

const labelKeys: Record<Label, string[]> = {
  fracture: ['1', 'Digit1', 'Numpad1'],
  whole: ['2', 'Digit2', 'Numpad2'],
  uncertain: ['3', 'Digit3', 'Numpad3', '0'],
};

export function readCommands(actions: ReadActions): Command[] {
  const { queue, marks, ready } = actions;
  const labelling = (['fracture', 'whole', 'uncertain'] as const).map((label): Command => ({
    id: `film.${label}`,
    title: `Label: ${labelWord(label).toLowerCase()}`,
    group: 'This film',
    keys: labelKeys[label],
    icon: Bone,
    // Pressed before the film is on screen, it is told that it labelled nothing.
    when: () => queue.id !== null,
    run: () => actions.label(label),
  }));
  const move = (id: string, title: string, keys: string[], run: () => void): Command => ({
    id: `read.${id}`,
    title,
    group: 'This page',
    keys,
    unlisted: true,
    repeats: true,
    run,
  });
  return [
    ...labelling,
    {
      id: 'film.unread',
      title: 'Take the label away',
      group: 'This film',
      keys: ['Backspace'],
      when: () => ready() && (queue.film?.label ?? null) !== null,
      run: () => actions.label(null),
    },
    {
      id: 'film.skip',
      title: 'Skip this film',
      group: 'This film',
      keys: ['Space'],
      icon: SkipForward,
      when: () => queue.count > 0,
      run: actions.skip,
    },
    {
      id: 'read.marks',
      title: 'Marks on the film',
      group: 'This film',
      keys: ['o'],
      icon: Eye,
      when: actions.hasMarks,
      hint: () => (marks.shown ? 'shown' : 'hidden'),
      run: () => marks.toggle(),
    },
    { ...move('next', 'Next film', ['ArrowRight', 'ArrowDown', 'f'], () => queue.step(1)), icon: ChevronRight },
    { ...move('before', 'Film before', ['ArrowLeft', 'ArrowUp', 'd'], () => queue.step(-1)), icon: ChevronLeft },
    {
      id: 'read.next-unread',
      title: 'Next film not yet read',
      group: 'This page',
      keys: ['j'],
      icon: ChevronRight,
      when: () => queue.count > 0,
      run: actions.nextUnread,
    },
    {
      id: 'read.all-unread',
      title: 'Read the films not yet read',
      group: 'This page',
      icon: Bone,
      when: () => actions.readsOther(),
      run: actions.readUnread,
    },
    move('page-on', `${PAGE} films on`, ['PageDown'], () => queue.step(PAGE)),
    move('page-back', `${PAGE} films back`, ['PageUp'], () => queue.step(-PAGE)),
    move('first', 'First film', ['Home'], () => queue.go(0)),
    move('last', 'Last film', ['End'], () => queue.go(queue.count - 1)),
  ];
}
