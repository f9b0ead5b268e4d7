// Ways for films to come in, from every page.
import Download from '@lucide/svelte/icons/download';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import type { App } from '#renderer/app/app.svelte.ts';
import type { Command } from '#renderer/commands/command.ts';

export function importCommands(app: App): Command[] {
  const when = () => app.library.current !== null;
  return [
    {
      id: 'import',
      title: 'Import X-rays',
      group: 'Everywhere',
      keys: ['$mod+o'],
      icon: Download,
      when,
      run: () => app.importing.choose(),
    },
    {
      id: 'import.files',
      title: 'Import single files',
      group: 'Everywhere',
      icon: Download,
      when: () => when() && app.host !== null,
      run: async () => {
        const paths = await app.host?.pickFiles('Import X-rays');
        if (paths && paths.length > 0) await app.importing.look({ paths, layout: 'auto' });
      },
    },
    {
      id: 'import.demo',
      title: 'Make the demo set',
      group: 'Everywhere',
      icon: FlaskConical,
      when,
      run: () => app.importing.askDemo(),
    },
  ];
}
