// The command export: labels as a table, a run as a folder with a notebook.
import type { Command } from 'commander';
import { NOTICE, contract } from '#api/contract.ts';
import { exportLabels } from '#core/labels/export.ts';
import { many } from '#core/many.ts';
import { sentence } from '../describe.ts';
import { show, withCore } from '../shell.ts';
import type { CommonOptions } from '../shell.ts';
import { count } from './films.ts';

interface ExportOptions extends CommonOptions {
  out: string;
  run?: number;
}

export function addExportCommand(program: Command): void {
  program
    .command('export <what>')
    .description(
      `export labels --out FILE.csv: writes the labels of all films as a table. export notebook --run RUN --out FOLDER: ${lower(sentence(contract.runs.exportNotebook))} ${NOTICE}`,
    )
    .requiredOption('--out <path>', 'file, or new or empty folder, to write')
    .option('--run <run>', 'whose notebook', count)
    .action((what: string, options: ExportOptions, command: Command) => {
      if (what === 'labels') return labels(options);
      if (what !== 'notebook') command.error(`nothing called "${what}" can be exported; try: labels, notebook`);
      if (options.run === undefined) command.error('give --run RUN; "osteon runs" lists them');
      return notebook(options, options.run);
    });
}

function labels(options: ExportOptions): Promise<void> {
  return withCore(options, {}, ({ core }) => {
    const films = exportLabels(core.desk.library(), options.out);
    show(options, { out: options.out, films }, () => `${films} films written to ${options.out}`);
    return Promise.resolve(0);
  });
}

function notebook(options: ExportOptions, run: number): Promise<void> {
  return withCore(options, {}, async ({ client }) => {
    const written = await client.runs.exportNotebook({ run, folder: options.out });
    show(options, { ...written, notice: NOTICE }, () => {
      const sealed = written.sealed ? '; its judging films stay sealed' : '';
      const files = many(written.files.length, 'file');
      return `run ${run}: ${files} written to ${written.folder}${sealed}. README.txt says how to run the notebook.\n${NOTICE}`;
    });
    return 0;
  });
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
