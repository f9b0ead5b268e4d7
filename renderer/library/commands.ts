// Commands of the Library page: on the film with the focus or the selected films.
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Label } from '#api/labels.ts';
import type { App } from '#renderer/app/app.svelte.ts';
import { ReadIcon } from '#renderer/app/icons.ts';
import type { Command } from '#renderer/commands/command.ts';
import { labels, labelWord } from '#renderer/words/films.ts';

const labelKeys: Record<Label, string[]> = {
  fracture: ['1', 'Digit1'],
  whole: ['2', 'Digit2'],
  uncertain: ['3', 'Digit3', '0'],
};

export function libraryCommands(app: App): Command[] {
  return [...labelCommands(app), ...filmCommands(app), ...selectionCommands(app)];
}

function labelCommands({ browse, preferences }: App): Command[] {
  const when = () => browse.targets.length > 0 && !browse.inTrash;
  const give = (label: Label | null) => browse.label(label, preferences.settings.autoAdvance);
  return [
    ...labels.map((label): Command => ({
      id: `film.${label}`,
      title: labelWord(label),
      group: 'This film',
      keys: labelKeys[label],
      when,
      run: () => give(label),
    })),
    {
      id: 'film.unread',
      title: 'Take the label away',
      group: 'This film',
      keys: ['Backspace'],
      when,
      run: () => give(null),
    },
  ];
}

function filmCommands(app: App): Command[] {
  const { browse } = app;
  const some = () => browse.targets.length > 0;
  return [
    {
      id: 'film.read',
      title: 'Open in Read',
      group: 'This film',
      keys: ['Enter'],
      icon: ReadIcon,
      when: () => some() && !browse.inTrash,
      run: () => {
        const at = browse.shownId;
        const { selected } = browse.choice;
        const chosen = selected.size > 1 ? browse.targets : browse.films.ids;
        app.pages.read({
          filter: browse.filter,
          sort: browse.sort,
          ids: at !== null && !chosen.includes(at) ? [at] : chosen,
          ...(at === null ? {} : { at }),
        });
      },
    },
    {
      id: 'film.classify',
      title: 'Classify this film',
      group: 'This film',
      icon: ScanSearch,
      when: () => browse.targets.length === 1 && !browse.inTrash,
      run: () => {
        const [xray] = browse.targets;
        if (xray !== undefined) app.pages.classify({ xray });
      },
    },
    {
      id: 'film.trash',
      title: 'Move to trash',
      group: 'This film',
      keys: ['Delete'],
      icon: Trash2,
      when: () => some() && !browse.inTrash,
      run: () => app.trash.move(browse.targets),
    },
    {
      id: 'film.restore',
      title: 'Bring back from the trash',
      group: 'This film',
      icon: ArchiveRestore,
      when: () => some() && browse.inTrash,
      run: () => app.trash.restore(browse.targets),
    },
  ];
}

function selectionCommands({ browse }: App): Command[] {
  const moves: [string, string, string][] = [
    ['films.next', 'Next film', 'ArrowRight'],
    ['films.extend', 'Select up to there', 'Shift+ArrowRight'],
    ['films.toggle', 'Film in or out of the selection', 'Space'],
  ];
  return [
    {
      id: 'films.all',
      title: 'Select all films shown',
      group: 'Selected films',
      keys: ['$mod+a'],
      when: () => browse.films.total > 0,
      run: () => browse.choice.all(browse.films.ids),
    },
    {
      id: 'films.none',
      title: 'Select none',
      group: 'Selected films',
      keys: ['Escape'],
      when: () => browse.choice.selected.size > 0,
      run: () => browse.choice.none(),
    },
    // The grid itself answers these; they stand here for the key sheet.
    ...moves.map(([id, title, key]): Command => ({
      id,
      title,
      group: 'Selected films',
      keys: [key],
      unlisted: true,
      when: () => false,
      run: () => undefined,
    })),
  ];
}
