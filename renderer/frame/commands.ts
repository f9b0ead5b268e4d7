// Commands of the frame: pages, palette, keys, undo, theme. They are there on every page.
import Archive from '@lucide/svelte/icons/archive';
import Eye from '@lucide/svelte/icons/eye';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import Redo2 from '@lucide/svelte/icons/redo-2';
import Search from '@lucide/svelte/icons/search';
import Undo2 from '@lucide/svelte/icons/undo-2';
import type { App } from '#renderer/app/app.svelte.ts';
import type { Command } from '#renderer/commands/command.ts';
import { pageNames } from '#renderer/app/pages.svelte.ts';
import { many } from '#renderer/words/figures.ts';
import { pages, rail } from './pages.ts';

export function frameCommands(app: App): Command[] {
  return [...pageCommands(app), ...everywhere(app), ...libraryCommands(app)];
}

function pageCommands(app: App): Command[] {
  return pageNames.map((name) => {
    const { title, icon } = pages[name];
    const place = rail.indexOf(name);
    const command: Command = {
      id: `go.${name}`,
      title,
      group: 'Go to',
      icon,
      when: () => app.library.current !== null,
      run: () => app.pages.go(name),
    };
    return place < 0 ? command : { ...command, keys: [`Alt+Digit${place + 1}`] };
  });
}

const themeWords = { system: 'by the system', dark: 'dark', light: 'light' };

function everywhere(app: App): Command[] {
  const { labelling, trash, preferences } = app;
  return [
    {
      id: 'palette',
      title: 'Search films or run a command',
      group: 'Everywhere',
      keys: ['$mod+k'],
      icon: Search,
      inFields: true,
      unlisted: true,
      run: () => app.openPalette('all'),
    },
    {
      id: 'palette.films',
      title: 'Search films',
      group: 'Everywhere',
      keys: ['/', '$mod+f'],
      icon: Search,
      run: () => app.openPalette('films'),
    },
    {
      id: 'keys',
      title: 'Keys in this window',
      group: 'Everywhere',
      keys: ['[Shift]+?', 'F1'],
      icon: Keyboard,
      run: () => app.openKeySheet(true),
    },
    {
      id: 'undo',
      title: 'Undo',
      group: 'Everywhere',
      keys: ['$mod+z'],
      icon: Undo2,
      repeats: true,
      when: () => app.library.current !== null,
      hint: () => (trash.undoable ? 'films moved to the trash' : (labelling.undoable ?? 'nothing to undo')),
      run: () => app.undo(),
    },
    {
      id: 'redo',
      title: 'Redo',
      group: 'Everywhere',
      keys: ['$mod+Shift+z', '$mod+y'],
      icon: Redo2,
      repeats: true,
      when: () => app.library.current !== null,
      hint: () => labelling.redoable ?? 'nothing to redo',
      run: () => app.redo(),
    },
    {
      id: 'theme',
      title: 'Light or dark window',
      group: 'Everywhere',
      icon: Eye,
      when: () => preferences.loaded,
      hint: () => `${preferences.theme}${preferences.settings.theme === 'system' ? ' by the system' : ''}`,
      run: () => preferences.change({ theme: preferences.theme === 'dark' ? 'light' : 'dark' }),
    },
    {
      id: 'theme.system',
      title: 'Light or dark by the system',
      group: 'Everywhere',
      icon: Eye,
      when: () => preferences.loaded && preferences.settings.theme !== 'system',
      hint: () => `now ${themeWords[preferences.settings.theme]}`,
      run: () => preferences.change({ theme: 'system' }),
    },
  ];
}

function libraryCommands(app: App): Command[] {
  const { libraryDialog } = app;
  const open = () => app.library.current !== null;
  return [
    {
      id: 'library.open',
      title: 'Open a library',
      group: 'Everywhere',
      icon: FolderOpen,
      run: () => libraryDialog.show('open'),
    },
    { id: 'library.new', title: 'New library', group: 'Everywhere', icon: Plus, run: () => libraryDialog.show('new') },
    {
      id: 'library.rename',
      title: 'Rename this library',
      group: 'Everywhere',
      icon: Pencil,
      when: open,
      run: () => libraryDialog.show('rename'),
    },
    {
      id: 'library.show',
      title: 'Show the folder of this library',
      group: 'Everywhere',
      icon: FolderOpen,
      when: () => open() && app.host !== null,
      run: () => app.host?.showLibrary(),
    },
    {
      id: 'library.back-up',
      title: 'Back up this library now',
      group: 'Everywhere',
      icon: Archive,
      when: open,
      run: async () => {
        const { films } = await app.core.libraries.backUp({});
        app.toasts.say(`Backed up and checked: ${many(films, 'film')}.`);
      },
    },
  ];
}
