// The working end of a child process: takes requests from its parent, answers each.
// Must not know what the work is: a child entry gives its methods.
import { flushCompileCache } from 'node:module';
import { toProblem } from '#core/problem.ts';
import type { Problem } from '#core/problem.ts';
import type { Reply, Request } from './child.ts';

/** `emit` sends an event before the answer; `signal` is aborted when the parent no longer wants it. */
export type Method = (input: never, context: { emit(event: unknown): void; signal: AbortSignal }) => unknown;

interface Parent {
  send(reply: Reply): void;
  onMessage(listener: (message: Request) => void): void;
}

/** Serves the parent until it goes away; a child without a parent ends itself. */
export function work(methods: Record<string, Method>): void {
  const parent = findParent();
  const running = new Map<number, AbortController>();
  // A child is ended by a signal, which leaves no time to keep what was compiled: it is kept at the first piece of work.
  let flushed = false;
  parent.onMessage((request) => {
    if ('cancel' in request) {
      running.get(request.id)?.abort();
      return;
    }
    const { id, method, input } = request;
    const abort = new AbortController();
    running.set(id, abort);
    const emit = (event: unknown) => parent.send({ id, event });
    Promise.resolve()
      .then(() => {
        const run = methods[method];
        if (!run) throw new Error(`no such work: ${method}`);
        return run(input as never, { emit, signal: abort.signal });
      })
      .then(
        (result) => parent.send({ id, result }),
        (error: unknown) => parent.send({ id, error: describe(error) }),
      )
      .finally(() => {
        running.delete(id);
        if (!flushed) flushCompileCache();
        flushed = true;
      });
  });
}

function describe(error: unknown): { code?: Problem['code']; values?: Problem['values']; message: string } {
  const problem = toProblem(error);
  if (problem) return { code: problem.code, values: problem.values, message: problem.message };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Under Electron the parent is a port of the utility process, under Node the IPC channel. */
function findParent(): Parent {
  const port = (process as unknown as { parentPort?: UtilityPort }).parentPort;
  if (port) return utilityParent(port);
  process.on('disconnect', () => process.exit(0));
  return {
    send: (reply) => void (process.connected && process.send?.(reply)),
    onMessage: (listener) => process.on('message', (message) => listener(message as Request)),
  };
}

interface UtilityPort {
  on(event: 'message', listener: (event: { data: unknown; ports: UtilityPort[] }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start?(): void;
}

/** The first message brings the port of the core; what follows comes over it. */
function utilityParent(port: UtilityPort): Parent {
  let core: UtilityPort | null = null;
  let listener: ((message: Request) => void) | null = null;
  port.on('message', ({ ports }) => {
    core = ports[0] ?? null;
    core?.on('message', ({ data }) => listener?.(data as Request));
    core?.on('close', () => process.exit(0));
    core?.start?.();
  });
  return {
    send: (reply) => core?.postMessage(reply),
    onMessage: (given) => {
      listener = given;
    },
  };
}
