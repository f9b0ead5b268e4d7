// Children under Electron: only its main process may start them, so the core asks it for one and gets a port to it.
// Must not know what the work is. Says the same messages over the port as core/children/node.ts over its channel.
import type { Child, ChildKind, StartChild } from './child.ts';

/** What the core asks of the process that owns it. `child` is a number of the core's choosing. */
export type ToForker =
  | { kind: 'fork'; child: number; entry: ChildKind; environment: Record<string, string> }
  | { kind: 'kill'; child: number };

/** What it hears. `forked` brings the port of the child; `exited` comes once, also for a child that never started. */
export type FromForker =
  { kind: 'forked'; child: number; pid: number | undefined } | { kind: 'exited'; child: number; reason: string };

/** The part of a message port that is used here; Electron's and Node's have it. */
export interface ChildPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  start(): void;
}

export interface Forker {
  send(message: ToForker): void;
  onMessage(listener: (message: FromForker, ports: readonly ChildPort[]) => void): void;
}

export function utilityChildren(forker: Forker): StartChild {
  const children = new Map<number, UtilityChild>();
  let next = 1;
  forker.onMessage((message, ports) => {
    const child = children.get(message.child);
    if (!child) return;
    if (message.kind === 'forked') {
      child.forked(message.pid, ports[0]);
      return;
    }
    children.delete(message.child);
    child.exited(message.reason);
  });
  return (entry, environment = {}) => {
    const id = next++;
    const child = new UtilityChild(() => forker.send({ kind: 'kill', child: id }));
    children.set(id, child);
    forker.send({ kind: 'fork', child: id, entry, environment });
    return child;
  };
}

/** One child. What is sent before its port has come waits for it. */
class UtilityChild implements Child {
  readonly #kill: () => void;
  #pid: number | undefined;
  #port: ChildPort | null = null;
  #waiting: unknown[] = [];
  #messages: ((message: unknown) => void)[] = [];
  #exits: ((reason: string) => void)[] = [];
  #ended: string | null = null;

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  send(message: unknown): void {
    if (this.#ended !== null) return;
    if (this.#port) this.#port.postMessage(message);
    else this.#waiting.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener);
  }

  onExit(listener: (reason: string) => void): void {
    this.#exits.push(listener);
  }

  kill(): void {
    if (this.#ended === null) this.#kill();
  }

  forked(pid: number | undefined, port: ChildPort | undefined): void {
    this.#pid = pid;
    if (!port) return;
    this.#port = port;
    port.on('message', ({ data }) => {
      for (const listener of this.#messages) listener(data);
    });
    port.start();
    for (const message of this.#waiting) port.postMessage(message);
    this.#waiting = [];
  }

  exited(reason: string): void {
    this.#ended = reason;
    for (const listener of this.#exits) listener(reason);
  }
}
