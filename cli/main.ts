// The command line: one command a line of work, for scripts and servers. Answers on stdout, the log on stderr.
// Must not do any work itself: commands ask the core.
import { Command, CommanderError } from 'commander';
import { NOTICE } from '#api/contract.ts';
import { version } from '#core/version.ts';
import { addBodyCommands } from './commands/bodies.ts';
import { addExportCommand } from './commands/export.ts';
import { addFilmCommands } from './commands/films.ts';
import { addImportCommands } from './commands/imports.ts';
import { addLibraryCommands } from './commands/library.ts';
import { addModelCommands } from './commands/models.ts';
import { addNetworkCommands } from './commands/networks.ts';
import { addTrainCommand } from './commands/train.ts';
import { addHostCommands } from './commands/host.ts';
import { fail, out } from './shell.ts';

const program = new Command('osteon')
  .description('Label bone X-rays, train a network on them and measure it honestly, offline.')
  .version(version)
  .addHelpText('after', `\n${NOTICE}`)
  .exitOverride()
  .configureOutput({ writeOut: (text) => out(text.replace(/\n$/, '')) })
  .configureHelp({ showGlobalOptions: true });

addImportCommands(program);
addFilmCommands(program);
addTrainCommand(program);
addNetworkCommands(program);
addBodyCommands(program);
addModelCommands(program);
addExportCommand(program);
addLibraryCommands(program);
addHostCommands(program);
for (const command of program.commands) {
  command
    .exitOverride()
    .option('--library <folder>', 'library folder; default: the one opened last')
    .option('--json', 'answer as JSON');
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = fail(error, {});
}
