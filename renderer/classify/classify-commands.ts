// What can be done on the page Classify, as commands: ways to open films, moving through answers, labels.
import Camera from '@lucide/svelte/icons/camera';
import FileIcon from '@lucide/svelte/icons/file';
import Folder from '@lucide/svelte/icons/folder';
import FolderInput from '@lucide/svelte/icons/folder-input';
import Upload from '@lucide/svelte/icons/upload';
import type { Label } from '#api/labels.ts';
import { NetworkIcon, ReadIcon } from '#renderer/app/icons.ts';
import type { Command } from '#renderer/commands/command.ts';
import { labels, labelWord } from '#renderer/words/films.ts';
import type { Answers } from './answers.svelte.ts';

export interface ClassifyActions {
  answers: Answers;
  openFilm: () => Promise<void> | void;
  openFolder: () => Promise<void>;
  openCamera: () => void;
  saveCsv: () => Promise<void>;
  keep: () => Promise<void>;
  label: (label: Label) => Promise<void>;
  read: () => void;
  lookInside: () => void;
}

const labelKeys: Record<Label, string[]> = {
  fracture: ['1', 'Digit1', 'Numpad1'],
  whole: ['2', 'Digit2', 'Numpad2'],
  uncertain: ['3', 'Digit3', 'Numpad3', '0'],
};

export function classifyCommands(actions: ClassifyActions): Command[] {
  const { answers } = actions;
  const answered = () => answers.row?.prediction !== null && answers.row !== null && answers.keeping === null;
  const able = () => (answers.models?.length ?? 0) > 0;
  const kept = () => (answers.row?.prediction?.xray ?? null) !== null;
  const move = (id: string, title: string, keys: string[], to: () => number): Command => ({
    id: `classify.${id}`,
    title,
    group: 'This page',
    keys,
    unlisted: true,
    repeats: true,
    run: () => answers.select(to()),
  });
  return [
    {
      id: 'classify.film',
      title: 'Classify a film',
      group: 'This page',
      keys: ['$mod+o'],
      icon: FileIcon,
      when: able,
      run: actions.openFilm,
    },
    {
      id: 'classify.folder',
      title: 'Classify a folder',
      group: 'This page',
      icon: Folder,
      when: able,
      run: actions.openFolder,
    },
    { id: 'classify.camera', title: 'Use the camera', group: 'This page', icon: Camera, run: actions.openCamera },
    {
      id: 'classify.csv',
      title: 'Save the answers as CSV',
      group: 'This page',
      icon: Upload,
      when: () => answers.rows.length > 0,
      run: actions.saveCsv,
    },
    ...labels.map((label): Command => ({
      id: `film.${label}`,
      title: `Label: ${labelWord(label).toLowerCase()}`,
      group: 'This film',
      keys: labelKeys[label],
      when: answered,
      hint: () => (kept() ? '' : 'takes it into the library'),
      run: () => actions.label(label),
    })),
    {
      id: 'classify.keep',
      title: 'Add to library',
      group: 'This film',
      icon: FolderInput,
      when: () => answered() && !kept(),
      run: actions.keep,
    },
    { id: 'classify.read', title: 'Open in Read', group: 'This film', icon: ReadIcon, when: kept, run: actions.read },
    {
      id: 'classify.inside',
      title: 'Inside the network',
      group: 'This page',
      icon: NetworkIcon,
      when: able,
      run: actions.lookInside,
    },
    move('next', 'Next answer', ['ArrowDown', 'ArrowRight', 'f'], () => answers.at + 1),
    move('before', 'Answer before', ['ArrowUp', 'ArrowLeft', 'd'], () => answers.at - 1),
    move('first', 'Most suspicious film', ['Home'], () => 0),
    move('last', 'Last film', ['End'], () => answers.rows.length - 1),
  ];
}
