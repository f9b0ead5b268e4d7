// Runs the real command line as a process of its own, as a script would.
// Must not look inside: what it said and how it ended is all there is.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** `signal` is sent as soon as the process has said `after` on stdout; no file it writes may grow over `largestFileKb`. */
export interface Options {
  stdin?: string;
  largestFileKb?: number;
  signal?: NodeJS.Signals;
  after?: string;
}

export function osteon(args: string[], { stdin = '', largestFileKb, signal, after }: Options = {}): Promise<Ended> {
  const words = [process.execPath, main, ...args];
  // A shell counts in blocks of 512 bytes.
  if (largestFileKb) words.unshift('/bin/sh', '-c', `ulimit -f ${2 * largestFileKb}; exec "$@"`, 'sh');
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  let sent = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
    if (!signal || sent || !said.stdout.includes(after ?? '')) return;
    sent = child.kill(signal);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve) => {
    child.on('close', (code, ended) => resolve({ code, signal: ended, ...said }));
  });
}

/** The objects of an answer, one a line. */
export function objects(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
