// Owns the core: starts it, starts it again when it dies, asks it to close. The window outlives every core.
// Must not know what the core does, nor how it is run.
import type { CoreNews } from '#api/host.ts';
import type { FromForker, ToForker } from '#core/children/utility.ts';
import type { FromCore, ToCore } from '#core/process.ts';
import type { CoreProcess } from './core-process.ts';

/** Waits before the first, second ... start after a death; the last one stands for all further ones. */
const PAUSES_MS = [0, 500, 2000, 5000, 15_000];
/** A core that ran this long died of something new. */
const STEADY_MS = 60_000;
const CLOSE_MS = 6000;

type FromCoreProcess = FromCore | ToForker;

export interface Hooks {
  launch: () => CoreProcess;
  start: Extract<ToCore, { kind: 'start' }>['options'];
  /** Everything the core says that is not about its own life. */
  hear: (message: FromCore) => void;
  fork: (message: ToForker, core: CoreProcess) => void;
  news: (news: CoreNews) => void;
  /** The core died: `reason` in words, for the log. */
  died: (reason: string) => void;
}

export class Supervisor {
  readonly #hooks: Hooks;
  #core: CoreProcess | null = null;
  #deaths = 0;
  #timer: NodeJS.Timeout | null = null;
  #closing: (() => void) | null = null;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  get pid(): number | undefined {
    return this.#core?.pid;
  }

  start(): void {
    const core = this.#hooks.launch();
    const startedMs = Date.now();
    this.#core = core;
    core.onMessage((message) => this.#receive(message as FromCoreProcess, core));
    core.onExit((reason) => this.#exited(core, reason, Date.now() - startedMs));
    core.send({ kind: 'start', options: this.#hooks.start } satisfies ToCore);
  }

  /** Said to nobody while no core runs: whoever waits for an answer hears that the core went. */
  send(message: ToCore | FromForker): void {
    this.#core?.send(message);
  }

  /** Lets the core finish what it must, then ends it. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    const core = this.#core;
    if (!core) return;
    const closed = new Promise<void>((resolve) => {
      this.#closing = resolve;
    });
    core.send({ kind: 'close' } satisfies ToCore);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
    this.#core = null;
    core.kill();
  }

  #receive(message: FromCoreProcess, core: CoreProcess): void {
    if (core !== this.#core) return;
    switch (message.kind) {
      case 'ready':
        this.#hooks.news({ state: 'up' });
        break;
      case 'failed': {
        const { code, message: sentence, next } = message;
        this.#hooks.news({ state: 'failed', code, message: sentence, next });
        break;
      }
      case 'closed':
        this.#closing?.();
        break;
      case 'fork':
      case 'kill':
        this.#hooks.fork(message, core);
        break;
      default:
        this.#hooks.hear(message);
    }
  }

  #exited(core: CoreProcess, reason: string, ranMs: number): void {
    this.#closing?.();
    if (core !== this.#core) return;
    this.#core = null;
    this.#hooks.died(reason);
    this.#hooks.news({ state: 'gone' });
    if (this.#closing) return;
    if (ranMs >= STEADY_MS) this.#deaths = 0;
    const pauseMs = PAUSES_MS[Math.min(this.#deaths, PAUSES_MS.length - 1)] ?? 0;
    this.#deaths++;
    this.#timer = setTimeout(() => this.start(), pauseMs);
  }
}
