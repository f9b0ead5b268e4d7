// Children under plain Node: forked processes with structured-clone messages.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StartChild } from './child.ts';

/** Characters kept of what a child prints. */
const LAST_WORDS = 2000;
/** A child that ends by itself has its channel closed a moment before. */
const DYING_MS = 1000;

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
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // What a library prints is no news; what it printed last may say why the child died.
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-LAST_WORDS);
      if (process.env['OSTEON_LOG'] === 'debug') process.stderr.write(data);
    });
    // Alive without a channel it can neither answer nor be asked.
    child.once('disconnect', () => {
      const late = setTimeout(() => void child.kill('SIGKILL'), DYING_MS);
      child.once('exit', () => clearTimeout(late));
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
        child.on('exit', (code, signal) => once(endOf(code, signal, said)));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

/** Out of memory is told by what V8 prints, everything else by code or signal. */
function endOf(code: number | null, signal: string | null, said: string): string {
  if (/heap out of memory|std::bad_alloc|OOM/.test(said)) return 'out of memory';
  return signal ? `signal ${signal}` : `exit code ${code ?? '?'}`;
}
