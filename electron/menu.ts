// The application menu: the system's usual entries, and Osteon's commands by the names they have in the page.
// Keys are the page's own (one registry for all hosts); the menu only shows them. Must not do what a command does.
import type { MenuItemConstructorOptions } from 'electron';

type Item = MenuItemConstructorOptions;

export interface MenuHost {
  apple: boolean;
  development: boolean;
  /** Tells the page to run a command. */
  command: (name: string) => void;
}

export function menuTemplate(host: MenuHost): Item[] {
  const { apple, development } = host;
  const item = (label: string, command: string, accelerator?: string): Item => ({
    label,
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
    click: () => host.command(command),
  });
  const line: Item = { type: 'separator' };
  return [
    ...(apple ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: '&File',
      submenu: [
        item('Import X-rays…', 'import', 'CmdOrCtrl+O'),
        item('Import single files…', 'import.files'),
        item('Make the demo set…', 'import.demo'),
        line,
        item('Open library…', 'library.open'),
        item('New library…', 'library.new'),
        item('Show library folder', 'library.show'),
        item('Back up library', 'library.back-up'),
        line,
        { role: apple ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        ...(apple
          ? ([{ role: 'undo' }, { role: 'redo' }] satisfies Item[])
          : [item('Undo', 'undo', 'Ctrl+Z'), item('Redo', 'redo', 'Ctrl+Shift+Z')]),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Library', 'go.library', 'Alt+1'),
        item('Read', 'go.read', 'Alt+2'),
        item('Train', 'go.train', 'Alt+3'),
        item('Results', 'go.results', 'Alt+4'),
        item('Classify', 'go.classify', 'Alt+5'),
        item('Settings', 'go.settings', 'Alt+6'),
        item('Network', 'go.network'),
        line,
        item('Search films or run a command…', 'palette', 'CmdOrCtrl+K'),
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(development ? ([line, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies Item[]) : []),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keys', 'keys')] },
  ];
}
