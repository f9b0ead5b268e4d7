// Commands on films and their labels: list, label, history.
import { createInterface } from 'node:readline';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { ORPCError } from '@orpc/client';
import { contract } from '#api/contract.ts';
import { label as labelShape } from '#api/labels.ts';
import type { Label } from '#api/labels.ts';
import type { Xray } from '#api/xrays.ts';
import { sentence } from '../describe.ts';
import { out, show, withCore } from '../shell.ts';
import type { Client, CommonOptions } from '../shell.ts';

const PAGE = 1000;

export function addFilmCommands(program: Command): void {
  program
    .command('list')
    .description(sentence(contract.xrays.list))
    .addOption(new Option('--label <label>', 'films of one label').choices(['fracture', 'whole', 'uncertain', 'none']))
    .option('--limit <films>', 'at most so many', count)
    .action((options: CommonOptions & { label?: string; limit?: number }) =>
      withCore(options, {}, ({ client }) => list(client, options)),
    );
  program
    .command('label [id] [label]')
    .description(
      `${sentence(contract.labels.set)} With --stdin: one "ID LABEL" a line, each answered by "saved SEQ" or "refused WHY".`,
    )
    .option('--reader <name>', 'who says so')
    .option('--stdin', 'read decisions from standard input')
    .action((id: string | undefined, label: string | undefined, options: LabelOptions, command: Command) => {
      if (!options.stdin && (id === undefined || label === undefined)) command.error('give ID and LABEL, or --stdin');
      return withCore(options, {}, ({ client }) =>
        options.stdin ? labelLines(client, options) : labelOne(client, id ?? '', label ?? '', options),
      );
    });
  program
    .command('history <id>')
    .description(sentence(contract.labels.history))
    .action((id: string, options: CommonOptions) =>
      withCore(options, {}, async ({ client }) => {
        const events = await client.labels.history({ xray: filmNumber(id) });
        show(options, events, () =>
          events
            .map((e) => `${e.seq}\t${e.at}\t${e.reader}\t${e.before ?? 'none'} -> ${e.after ?? 'none'}\t${e.why}`)
            .join('\n'),
        );
        return 0;
      }),
    );
}

interface LabelOptions extends CommonOptions {
  reader?: string;
  stdin?: boolean;
}

async function list(client: Client, options: CommonOptions & { label?: string; limit?: number }): Promise<number> {
  const limit = options.limit ?? Infinity;
  const films: Xray[] = [];
  while (films.length < limit) {
    const page = await client.xrays.list({
      filter: options.label ? { label: [options.label] } : {},
      sort: 'imported',
      offset: films.length,
      limit: Math.min(PAGE, limit - films.length),
    });
    films.push(...page.films);
    if (page.films.length === 0 || films.length >= page.total) break;
  }
  const rows = films.map(({ id, sha256, file, label, patient, width, height, bits, ...film }) => ({
    id,
    sha256,
    file,
    label,
    patient,
    width,
    height,
    bits,
    frame: film.frame,
    bodyPart: film.bodyPart,
    projection: film.projection,
    source: film.source,
    synthetic: film.synthetic,
    problems: film.problems,
  }));
  show(options, rows, () =>
    rows
      .map(
        (row) =>
          `${row.id}\t${row.label ?? 'none'}\t${row.width}x${row.height}x${row.bits}\t${row.patient ?? '-'}\t${row.file}`,
      )
      .join('\n'),
  );
  return 0;
}

async function labelOne(client: Client, id: string, word: string, options: LabelOptions): Promise<number> {
  const { events } = await client.labels.set({ xrays: [filmNumber(id)], label: labelOf(word), ...readerOf(options) });
  const event = events[0];
  show(options, event, () => `saved ${event?.seq ?? ''}`);
  return 0;
}

/**
 * Answers each line as soon as its label is durable; a bad line is answered by "refused" and the rest goes on.
 * A protocol of lines, with --json too: whoever writes a line reads one.
 */
async function labelLines(client: Client, options: LabelOptions): Promise<number> {
  let refused = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const [id = '', word = '', ...rest] = line.trim().split(/\s+/);
    if (id === '') continue;
    try {
      if (rest.length > 0) throw new InvalidArgumentError(`"${line.trim()}" is not ID LABEL`);
      const { events } = await client.labels.set({
        xrays: [filmNumber(id)],
        label: labelOf(word),
        ...readerOf(options),
      });
      out(`saved ${events[0]?.seq ?? ''}`);
    } catch (error) {
      refused++;
      const why = lineOf(error);
      if (why === null) throw error;
      out(`refused ${why}`);
    }
  }
  return refused > 0 ? 1 : 0;
}

/** Why a line was not saved, in one line; null where the fault is not in the line, so that no other would be saved. */
function lineOf(error: unknown): string | null {
  if (error instanceof InvalidArgumentError) return error.message;
  return error instanceof ORPCError && error.code === 'XRAY_NOT_FOUND' ? error.message : null;
}

function readerOf({ reader }: LabelOptions): { reader?: string } {
  return reader === undefined ? {} : { reader };
}

function labelOf(word: string): Label | null {
  if (word === 'none') return null;
  const parsed = labelShape.safeParse(word);
  if (!parsed.success) throw new InvalidArgumentError(`"${word}" is no label: fracture, whole, uncertain or none`);
  return parsed.data;
}

function filmNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError(`"${text}" is no film number`);
  return Number(text);
}

export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
}
