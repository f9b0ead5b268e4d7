// Children under plain Node: forked processes with structured-clone messages.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StartChild } from './child.ts';

/**
 * Starts children from entries in one folder: `decode` and `tensorflow`, as `.ts` sources or as built `.js`.
 * A child ends with its parent: the closed channel tells it to.
 */
export function nodeChildren(entries: URL, extension: '.ts' | '.js'): StartChild {
  return (kind, environment = {}) => {
    const child = fork(fileURLToPath(new URL(`${kind}${extension}`, entries)), {
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let ended = false;
    return {
      pid: child.pid,
      send: (message) => void (child.connected && child.send(message as never)),
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        const once = (reason: string) => {
          if (ended) return;
          ended = true;
          listener(reason);
        };
        child.on('error', (error) => once(error.message));
        child.on('exit', (code, signal) => once(signal ? `signal ${signal}` : `exit code ${code}`));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
