// Commands on a whole library: verify, backup, restore.
import type { Command } from 'commander';
import { contract } from '#api/contract.ts';
import { restore } from '#core/libraries/backup.ts';
import { many } from '#core/many.ts';
import { sentence } from '../describe.ts';
import { fail, show, withCore } from '../shell.ts';
import type { CommonOptions } from '../shell.ts';

export function addLibraryCommands(program: Command): void {
  program
    .command('verify')
    .description(`${sentence(contract.libraries.verify)} Ends with 1 where something is wrong.`)
    .action((options: CommonOptions) =>
      withCore(options, {}, async ({ client, core }) => {
        const { films, events, ...checked } = await client.libraries.verify();
        // Opening mends what it can; whoever checks wants to know what it was.
        const mended = core.desk.library().notices.map((sentence) => ({ what: 'mended', name: 'library', sentence }));
        const findings = [...mended, ...checked.findings];
        const ok = findings.length === 0;
        const head = `${many(films, 'kept file')} and ${many(events, 'decision')} checked: ${ok ? 'all sound' : many(findings.length, 'finding')}.`;
        show(options, { ok, films, events, findings }, () =>
          [head, ...findings.map((finding) => `  ${finding.sentence}`)].join('\n'),
        );
        return ok ? 0 : 1;
      }),
    );
  program
    .command('backup')
    .description(sentence(contract.libraries.backUp))
    .option('--out <folder>', 'where to; default: the library’s own backups')
    .action((options: CommonOptions & { out?: string }) =>
      withCore(options, {}, async ({ client }) => {
        const backup = await client.libraries.backUp(options.out ? { folder: options.out } : {});
        show(
          options,
          backup,
          () => `${backup.films} films and ${backup.events} decisions backed up to ${backup.folder}`,
        );
        return 0;
      }),
    );
  program
    .command('restore <backup>')
    .description(sentence(contract.libraries.restore))
    .option('--into <folder>', 'an empty folder; default: the one given as --library')
    .action(async (backup: string, options: CommonOptions & { into?: string }, command: Command) => {
      const into = options.into ?? options.library ?? command.error('give --into FOLDER');
      try {
        const restored = await restore(backup, into);
        show(
          options,
          restored,
          () => `${restored.films} films and ${restored.events} decisions restored to ${restored.folder}`,
        );
      } catch (error) {
        process.exitCode = fail(error, options);
      }
    });
}
