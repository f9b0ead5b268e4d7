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
        item('Import X-rays…', 'import'),
        item('Open library…', 'library.open', 'CmdOrCtrl+O'),
        item('New library…', 'library.new'),
        item('Show library folder', 'library.show'),
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
        item('Find a command or a film…', 'palette', 'CmdOrCtrl+K'),
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
