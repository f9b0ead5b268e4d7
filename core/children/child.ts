// A child process as the core sees it, and how the core asks it for work.
// Must not know what the work is or how a process is started.
import { isProblemCode } from '#api/problems.ts';
import type { ProblemCode, ProblemValues } from '#api/problems.ts';
import { Problem } from '#core/problem.ts';

export type ChildKind = 'decode' | 'tensorflow';

/** One running child. Messages are structured clones: typed arrays arrive as typed arrays. */
export interface Child {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `reason` is in words: "exit code 1", "signal SIGSEGV". */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export type StartChild = (kind: ChildKind, environment?: Record<string, string>) => Child;

export type Request = { id: number; method: string; input: unknown } | { id: number; cancel: true };
export type Reply =
  | { id: number; event: unknown }
  | { id: number; result: unknown }
  | { id: number; error: { code?: ProblemCode; values?: ProblemValues; message: string } };

/** Thrown to everyone waiting when a child ends before it answered. */
export class ChildDied extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`child process ended: ${reason}`);
    this.reason = reason;
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onEvent: ((event: never) => void) | undefined;
}

/** The asking end: one per child. Every request ends: with a result, an error, or the child's death. */
export class Asker {
  readonly child: Child;
  #next = 1;
  #waiting = new Map<number, Waiting>();
  #died: string | null = null;

  constructor(child: Child) {
    this.child = child;
    child.onMessage((message) => this.#receive(message));
    child.onExit((reason) => {
      this.#died = reason;
      for (const waiting of this.#waiting.values()) waiting.reject(new ChildDied(reason));
      this.#waiting.clear();
    });
  }

  get died(): string | null {
    return this.#died;
  }

  /** Asks for one piece of work. Aborting the signal asks the child to stop; it still answers. */
  ask<Result, Event = never>(
    method: string,
    input: unknown,
    options: { onEvent?: (event: Event) => void; signal?: AbortSignal | undefined } = {},
  ): Promise<Result> {
    if (this.#died !== null) return Promise.reject(new ChildDied(this.#died));
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.set(id, {
      resolve: resolve as (result: unknown) => void,
      reject,
      onEvent: options.onEvent as ((event: never) => void) | undefined,
    });
    this.child.send({ id, method, input } satisfies Request);
    const cancel = () => this.#died === null && this.child.send({ id, cancel: true } satisfies Request);
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => options.signal?.removeEventListener('abort', cancel));
  }

  #receive(message: unknown): void {
    if (!isReply(message)) return this.#giveUp(new ChildDied('it sent what is no answer'));
    const reply = message;
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ('event' in reply) {
      try {
        waiting.onEvent?.(reply.event as never);
      } catch (error) {
        this.#giveUp(error as Error);
      }
      return;
    }
    this.#waiting.delete(reply.id);
    if ('result' in reply) waiting.resolve(reply.result);
    else waiting.reject(toError(reply.error));
  }

  /** Nothing more is expected of this child. */
  #giveUp(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.child.kill();
  }
}

/** A child may be broken in any way: what it says is looked at before it is believed. */
function isReply(message: unknown): message is Reply {
  if (typeof message !== 'object' || message === null || !('id' in message)) return false;
  if (typeof message.id !== 'number') return false;
  if ('error' in message) return typeof message.error === 'object' && message.error !== null;
  return 'event' in message || 'result' in message;
}

function toError(error: { code?: ProblemCode; values?: ProblemValues; message: string }): Error {
  return isProblemCode(error.code) ? new Problem(error.code, error.values) : new Error(error.message);
}
