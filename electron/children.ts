// Starts the children that the core asks for, and hands each end a port to the other. They end with their core.
// Must not know what they work on.
import { join } from 'node:path';
import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { FromForker, ToForker } from '#core/children/utility.ts';
import type { CoreProcess } from './core-process.ts';

const entries = ['decode', 'tensorflow'];

export class Children {
  readonly #folder: string;
  #running = new Map<number, UtilityProcess>();

  /** `folder`: where the entries were built to. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  receive(message: ToForker, core: CoreProcess): void {
    if (message.kind === 'fork') return this.#fork(message, core);
    const child = this.#running.get(message.child);
    if (child) end(child);
  }

  /** Ends all of them: their core is gone, or should be. */
  endAll(): void {
    for (const child of this.#running.values()) end(child);
    this.#running.clear();
  }

  #fork({ child: number, entry, environment }: Extract<ToForker, { kind: 'fork' }>, core: CoreProcess): void {
    const tell = (message: FromForker, ports: Electron.MessagePortMain[] = []) => core.send(message, ports);
    if (!entries.includes(entry)) {
      tell({ kind: 'exited', child: number, reason: 'there is no such child' });
      return;
    }
    const child = utilityProcess.fork(join(this.#folder, `${entry}.js`), [], {
      serviceName: `Osteon ${entry}`,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#running.set(number, child);
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'port' }, [port1]);
    child.once('spawn', () => tell({ kind: 'forked', child: number, pid: child.pid }, [port2]));
    child.once('exit', (code) => {
      // A new core counts its children from the start again: by now the number may be another child's.
      if (this.#running.get(number) === child) this.#running.delete(number);
      tell({ kind: 'exited', child: number, reason: `exit code ${code}` });
    });
  }
}

/** At once: a child deep in native code hears no polite request. */
function end(child: UtilityProcess): void {
  if (child.pid === undefined) child.kill();
  else process.kill(child.pid, 'SIGKILL');
}
