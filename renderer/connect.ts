// The core as the window calls it: over HTTP on its own origin, or over a message port that the desktop hands in.
// The only file that knows carriers. Must not know what any procedure is for.
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { RPCLink as FetchCarrier } from '@orpc/client/fetch';
import { RPCLink as PortCarrier } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#api/contract.ts';
import { PORT_MESSAGE } from '#api/host.ts';
import type { CoreNews, HostBridge } from '#api/host.ts';
import { nextOf, sentenceOf } from '#api/problems.ts';

export type Core = ContractRouterClient<Contract>;

/** An error as a person reads it: what happened and what was kept, then what to do. */
export interface Trouble {
  code: string;
  message: string;
  next: string;
}

export interface Connection {
  core: Core;
  /** The desktop around the window; null in a browser. */
  host: HostBridge | null;
}

/** The core behind this window: the desktop's where there is one, else the server the window came from. */
export function connect(window: Window): Connection {
  const host = window.osteon ?? null;
  return { core: host ? overPorts(window, host) : overHttp(window.location.origin), host };
}

function overHttp(origin: string): Core {
  return createORPCClient(new FetchCarrier({ url: `${origin}/rpc` }));
}

function overPorts(window: Window, host: HostBridge): Core {
  const lifeline = new Lifeline();
  window.addEventListener('message', ({ source, data, ports }) => {
    if (source === window && data === PORT_MESSAGE && ports[0]) lifeline.succeed(ports[0]);
  });
  host.onCore((news: CoreNews) => {
    if (news.state === 'gone') lifeline.die();
  });
  host.connect();
  return createORPCClient(lifeline);
}

/** A carrier that outlives the core behind it: calls under way fail when it dies, later ones wait for its successor. */
class Lifeline implements ClientLink<ClientContext> {
  #carrier: Promise<PortCarrier<ClientContext>>;
  #ready: (carrier: PortCarrier<ClientContext>) => void = () => undefined;
  #waiting = new Set<(error: Error) => void>();

  constructor() {
    this.#carrier = this.#successor();
  }

  /** A core came up; one that never said it went is gone too. */
  succeed(port: MessagePort): void {
    const carrier = new PortCarrier<ClientContext>({ port });
    this.#failWaiting();
    this.#ready(carrier);
    this.#carrier = Promise.resolve(carrier);
    port.start();
  }

  die(): void {
    this.#carrier = this.#successor();
    this.#failWaiting();
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const carrier = await this.#carrier;
    const answer = await this.#whileAlive(carrier.call(path, input, options));
    return isStream(answer) ? this.#stream(answer) : answer;
  }

  async *#stream(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const iterator = stream[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await this.#whileAlive(iterator.next());
        if (step.done) return step.value;
        yield step.value;
      }
    } finally {
      void iterator.return?.();
    }
  }

  #successor(): Promise<PortCarrier<ClientContext>> {
    return new Promise((resolve) => {
      this.#ready = resolve;
    });
  }

  /** Not Promise.race with one long-lived promise: that keeps every answer ever given. */
  #whileAlive<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      const done = () => this.#waiting.delete(reject);
      work.then(resolve, reject).finally(done);
    });
  }

  #failWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(coreDied());
  }
}

function coreDied(): Error {
  return new ORPCError('CORE_DIED', {
    defined: true,
    status: 503,
    message: sentenceOf('CORE_DIED'),
    data: { next: nextOf('CORE_DIED'), values: {} },
  });
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** Waits between attempts to open a broken stream again, ms: the first and the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;

export interface Watch<T> {
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>;
  take: (value: T) => void;
  /** Told false when the stream broke, true when it runs again. */
  alive?: (alive: boolean) => void;
  /** The stream said all it had. Without it a stream that ends is opened again. */
  ended?: () => void;
  /** An error that opening again will not mend (a declared one, but for a dead core); ends the watch. */
  failed?: (error: Error) => void;
}

/** Follows a stream and opens it again whenever it breaks, until the function it returns is called. */
export function watch<T>(stream: Watch<T>): () => void {
  const stop = new AbortController();
  void follow(stream, stop.signal);
  return () => stop.abort();
}

async function follow<T>({ open, take, alive, ended, failed }: Watch<T>, signal: AbortSignal): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      for await (const value of await open(signal)) {
        if (signal.aborted) return;
        if (pauseMs !== 0) alive?.(true);
        pauseMs = 0;
        take(value);
      }
      if (ended && !signal.aborted) return ended();
    } catch (error) {
      if (signal.aborted) return;
      if (failed && isDeclared(error) && error.code !== 'CORE_DIED') return failed(error);
    }
    if (signal.aborted) return;
    alive?.(false);
    pauseMs = Math.max(pauseMs, FIRST_PAUSE_MS);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Any error in words. Errors that nobody declared are Osteon's own fault and say so. */
export function troubleOf(error: unknown): Trouble {
  if (isDeclared(error)) return { code: error.code, message: error.message, next: error.data.next };
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return {
      code: 'NOT_ANSWERING',
      message: 'Osteon does not answer. What was saved before is safe.',
      next: 'Start Osteon again and open the link it prints.',
    };
  }
  return {
    code: 'INTERNAL',
    message: sentenceOf('INTERNAL'),
    next: nextOf('INTERNAL'),
  };
}

type Declared = ORPCError<string, { next: string }>;

function isDeclared(error: unknown): error is Declared {
  return error instanceof ORPCError && typeof (error.data as { next?: unknown } | undefined)?.next === 'string';
}
