// Commands that bring films in: import and demo.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { contract } from '#api/contract.ts';
import type { ImportPreview, ImportSummary, Layout } from '#api/imports.ts';
import { many } from '#core/many.ts';
import { sentence } from '../describe.ts';
import { finishJob, followJob, show, withCore } from '../shell.ts';
import type { Client, CommonOptions } from '../shell.ts';
import { count } from './films.ts';

interface ImportOptions extends CommonOptions {
  dryRun?: boolean;
  layout: Layout;
  table?: string;
  source?: string;
}

export function addImportCommands(program: Command): void {
  program
    .command('import <paths...>')
    .description('Imports films from files and folders; with --dry-run it only says what would happen.')
    .option('--dry-run', sentence(contract.imports.preview))
    .addOption(
      new Option('--layout <layout>', 'how the folders are laid out')
        .choices(['auto', 'files', 'folders', 'mura', 'fracatlas', 'table'])
        .default('auto'),
    )
    .option('--table <file>', 'CSV or JSON table with a row a film')
    .option('--source <name>', 'name of the source')
    .action((paths: string[], options: ImportOptions) =>
      options.dryRun
        ? preview(paths, options)
        : withCore(options, { create: true }, ({ client }) => importFilms(client, paths, options)),
    );
  program
    .command('demo')
    .description(sentence(contract.imports.demo))
    .option('--images <films>', 'how many', count, 600)
    .option('--seed <seed>', 'the same seed gives the same films', count, 1)
    .action((options: CommonOptions & { images: number; seed: number }) =>
      withCore(options, { create: true }, async ({ client }) => {
        const { job, import: id } = await client.imports.demo({ images: options.images, seed: options.seed });
        await followJob(client, job);
        const summary = await client.imports.get({ import: id });
        show(options, { ...outcome(summary), synthetic: true }, () => inWords(summary));
        return summary.state === 'done' ? 0 : 1;
      }),
    );
}

/** Where there is no library yet, none is made: the films are looked through for a library that goes again. */
async function preview(paths: string[], options: ImportOptions): Promise<void> {
  const { library } = options;
  if (library === undefined || (existsSync(library) && !isEmptyFolder(library)))
    return withCore(options, {}, ({ client }) => importFilms(client, paths, options));
  const passing = mkdtempSync(join(tmpdir(), 'osteon-preview-'));
  try {
    await withCore({ ...options, library: passing }, { create: true }, ({ client }) =>
      importFilms(client, paths, options),
    );
  } finally {
    rmSync(passing, { recursive: true, force: true });
  }
}

function isEmptyFolder(path: string): boolean {
  return statSync(path).isDirectory() && readdirSync(path).length === 0;
}

async function importFilms(client: Client, paths: string[], options: ImportOptions): Promise<number> {
  const { job, preview } = await client.imports.preview({
    paths,
    layout: options.layout,
    ...(options.table === undefined ? {} : { table: options.table }),
  });
  await finishJob(client, job);
  const report = await client.imports.previewed({ preview });
  if (options.dryRun) {
    show(options, { ...forecast(report), preview: report }, () => forecastInWords(report));
    return 0;
  }
  const started = await client.imports.start({
    preview,
    mapping: [],
    ...(options.source ? { source: options.source } : {}),
  });
  await followJob(client, started.job);
  const summary = await client.imports.get({ import: started.import });
  show(options, outcome(summary), () => inWords(summary));
  return summary.state === 'done' && !nothingRead(summary) ? 0 : 1;
}

/** Refusals beside films that came in are the rule in large folders; where there is nothing else a script must hear it. */
const nothingRead = ({ imported, duplicates, refused }: ImportSummary) =>
  imported + duplicates === 0 && refused.length > 0;

function outcome(summary: ImportSummary) {
  const { import: id, state, layout, found, imported, duplicates, refused, labels } = summary;
  return { import: id, state, layout, found, imported, duplicates, refused, labels };
}

/** The same shape as an outcome, of what would happen. */
function forecast(report: ImportPreview) {
  const labels = { fracture: 0, whole: 0, uncertain: 0, none: 0 };
  for (const { label, films } of report.mapping) labels[label ?? 'none'] += films;
  return {
    layout: report.layout,
    found: report.found,
    imported: 0,
    wouldImport: report.films,
    duplicates: report.duplicates.length,
    refused: report.refused,
    labels,
  };
}

function forecastInWords(report: ImportPreview): string {
  const lines = [
    report.layoutSentence,
    `${many(report.found, 'picture')} found, ${many(report.films, 'film')} to import, left out: ${many(report.duplicates.length, 'copy', 'copies')}, ${report.refused.length} refused.`,
    ...report.mapping.map(
      ({ value, films, label, sure }) =>
        `  ${value || '(empty)'}: ${many(films, 'film becomes', 'films become')} ${label ?? 'not yet read'}${sure ? '' : ' (a guess)'}`,
    ),
    ...report.refused.map(({ path, reason }) => `  refused: ${path}: ${reason}`),
    ...report.contradictions.map(
      ({ paths, labels }) =>
        `  the same picture with two labels: ${paths.map((path, i) => `${path} (${labels[i] ?? ''})`).join(', ')}`,
    ),
    ...report.notes,
    'Nothing was written.',
  ];
  return lines.join('\n');
}

function inWords(summary: ImportSummary): string {
  const { imported, found, duplicates, refused, labels } = summary;
  return [
    `Import ${summary.import}: ${imported} of ${found} came in, ${many(duplicates, 'copy', 'copies')} left out, ${refused.length} refused.`,
    `Labels: ${labels.fracture} fracture, ${labels.whole} whole, ${labels.uncertain} uncertain, ${labels.none} not yet read.`,
    ...refused.map(({ path, reason }) => `  refused: ${path}: ${reason}`),
  ].join('\n');
}
