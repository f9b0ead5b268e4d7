// Starts the core as a process of its own: Electron's utility process, or plain Node in development and test builds.
// Must not know what is said to it.
import { spawn } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';

/** A running core, however it runs. Messages are structured clones. */
export interface CoreProcess {
  readonly pid: number | undefined;
  send(message: unknown, ports?: MessagePortMain[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `reason` in words. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export function launchUtility(entry: string): CoreProcess {
  const core = utilityProcess.fork(entry, [], { serviceName: 'Osteon core', stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    get pid() {
      return core.pid;
    },
    send: (message, ports = []) => core.postMessage(message, ports),
    onMessage: (listener) => void core.on('message', listener),
    onExit: (listener) => void core.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void core.kill(),
  };
}

/** Children are the core's own then: no ports are handed to it. */
export function launchNode(node: string, entry: string): CoreProcess {
  const core = spawn(node, [entry], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
  return {
    get pid() {
      return core.pid;
    },
    send: (message) => void (core.connected && core.send(message as object)),
    onMessage: (listener) => void core.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const once = (reason: string) => {
        if (!told) listener(reason);
        told = true;
      };
      core.once('error', ({ message }) => once(message));
      core.once('exit', (code, signal) => once(signal ? `signal ${signal}` : `exit code ${code}`));
    },
    kill: () => void core.kill('SIGKILL'),
  };
}
