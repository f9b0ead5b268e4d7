// What every command needs: a core on the named library, answers on stdout, everything else on stderr, exit codes.
// Must not know any command.
import { writeSync } from 'node:fs';
import { createRouterClient } from '@orpc/server';
import type { RouterClient } from '@orpc/server';
import pino from 'pino';
import { createCore } from '#core/core.ts';
import type { Core } from '#core/core.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { Router } from '#core/router.ts';
import { homeFolder } from '#core/settings/home.ts';
import { version } from '#core/version.ts';
import { Problem, problemRow } from '#core/problem.ts';
import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';

export interface CommonOptions {
  library?: string;
  json?: boolean;
}

export type Client = RouterClient<Router>;

export interface Session {
  client: Client;
  core: Core;
}

/** Off unless asked for: what goes wrong is told in words, and a stack helps nobody who only wants films in. */
export const log = pino(
  { level: process.env['OSTEON_LOG'] ?? 'silent', base: null, serializers: { err: pino.stdSerializers.err } },
  pino.destination({ dest: 2, sync: true }),
);

export function startCore(options: CommonOptions, create: boolean, host = 'command line'): Core {
  return createCore({
    library: options.library ?? null,
    create,
    home: options.library ? null : homeFolder(),
    measured: homeFolder(),
    startChild: nodeChildren(new URL('../core/children/', import.meta.url), '.ts'),
    log,
    version,
    host,
  });
}

/** Runs a command on a core and ends the process with its code: 0 done, 1 it says no or failed. */
export async function withCore(
  options: CommonOptions,
  { create = false }: { create?: boolean },
  command: (session: Session) => Promise<number | undefined>,
): Promise<void> {
  let core: Core | null = null;
  try {
    core = startCore(options, create);
    const session = { core, client: createRouterClient(core.router) };
    process.exitCode = (await command(session)) ?? 0;
  } catch (error) {
    process.exitCode = fail(error, options);
  } finally {
    await core?.close();
  }
}

/** Says what went wrong, on stderr in words and, with --json, on stdout as an object. Returns the exit code: 2 for wrong words. */
export function fail(error: unknown, options: CommonOptions): number {
  if (error instanceof CommanderError) {
    note(error.message);
    return 2;
  }
  const { code, message, next } = rowOf(error);
  if (WRONG_WORDS.has(code)) {
    note(message);
    return 2;
  }
  if (code === 'INTERNAL') log.error({ err: error }, 'command failed');
  if (options.json) out(JSON.stringify({ error: { code, message, next } }));
  note(`${message}\n${next}`);
  return 1;
}

/** Codes of what is wrong with the words given, not with the films or the computer. */
const WRONG_WORDS = new Set(['BAD_INPUT', 'BAD_SETTINGS']);

function rowOf(error: unknown): { code: string; message: string; next: string } {
  if (error instanceof ORPCError && error.defined) {
    return { code: error.code, message: error.message, next: (error.data as { next: string }).next };
  }
  return problemRow(error);
}

/** One line on stdout, at once: whoever reads it may rely on what it says. */
export function out(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code === 'EPIPE') process.exit(0);
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
    }
  }
}

/** A line for the person at the terminal. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Data as JSON, or in words. */
export function show(options: CommonOptions, data: unknown, words: () => string): void {
  out(options.json ? JSON.stringify(data) : words());
}

/**
 * Follows a job to its end with a line of progress on a terminal; Ctrl+C asks it to stop. Throws what it failed with;
 * says whether it came to its end.
 */
export async function followJob(client: Client, job: string): Promise<'done' | 'cancelled'> {
  const cancel = () => void client.jobs.cancel({ job });
  process.once('SIGINT', cancel);
  try {
    for await (const now of await client.jobs.follow({ job })) {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${now.title}: ${progressOf(now)}`);
      if (now.state === 'failed' && now.error) throw new JobFailed(now.error);
      if (now.state === 'cancelled') return 'cancelled';
    }
    return 'done';
  } finally {
    process.off('SIGINT', cancel);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}

/** Follows a job that leaves nothing where it is stopped. Throws CANCELLED too. */
export async function finishJob(client: Client, job: string): Promise<void> {
  if ((await followJob(client, job)) === 'cancelled') throw new Problem('CANCELLED');
}

/** A job that ended with an error, as the command line reports it. */
class JobFailed extends ORPCError<string, { next: string }> {
  constructor(error: { code: string; message: string; next: string }) {
    super(error.code, { defined: true, message: error.message, data: { next: error.next } });
  }
}

function progressOf(job: { done: number; total: number | null; unit: string; secondsLeft: number | null }): string {
  const of = job.total === null ? '' : ` of ${job.total}`;
  const left = job.secondsLeft === null ? '' : `, ${Math.ceil(job.secondsLeft)} s left`;
  return `${job.done}${of} ${job.unit}${left}`;
}
