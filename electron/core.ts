// Entry of the core's own process: under Electron a utility process, in development and test builds also plain Node.
// Wires the core to its owner and quits with it.
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { nodeChildren } from '#core/children/node.ts';
import { utilityChildren } from '#core/children/utility.ts';
import type { FromForker } from '#core/children/utility.ts';
import type { Log } from '#core/log.ts';
import { serveCore } from '#core/process.ts';
import type { ToCore } from '#core/process.ts';
import { homeFolder } from '#core/settings/home.ts';

const LONGEST_LOG_BYTES = 4 * 1024 * 1024;

const log = openLog(homeFolder());
const owner = process.parentPort as Electron.ParentPort | undefined;
if (owner) serveUtility(owner);
else if (__DEVELOPMENT__ && process.send) serveNode();
else throw new Error('the core is started by the application');

function serveUtility(port: Electron.ParentPort): void {
  let core: (message: ToCore) => void = () => undefined;
  let forker: (message: FromForker, ports: Electron.MessagePortMain[]) => void = () => undefined;
  port.on('message', ({ data, ports }: Electron.MessageEvent) => {
    const message = data as ToCore | FromForker;
    if (message.kind === 'forked' || message.kind === 'exited') forker(message, ports);
    else core(message);
  });
  const startChild = utilityChildren({
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      forker = listener;
    },
  });
  const send = (message: unknown) => port.postMessage(message);
  serveCore({ send, onMessage: (listener) => (core = listener) }, { startChild, log });
}

function serveNode(): void {
  process.on('disconnect', () => process.exit(0));
  const startChild = nodeChildren(new URL('./', import.meta.url), '.js');
  const send = (message: unknown) => void (process.connected && process.send?.(message));
  serveCore({ send, onMessage: (listener) => void process.on('message', listener) }, { startChild, log });
}

/** One file of this user's, started anew when it is long; the one before stays beside it. */
function openLog(folder: string): Log {
  const path = join(folder, 'osteon.log');
  mkdirSync(folder, { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG_BYTES) {
    renameSync(path, join(folder, 'osteon.old.log'));
  }
  const serializers = { err: pino.stdSerializers.err };
  return pino({ level: 'info', base: null, serializers }, pino.destination({ dest: path, sync: true }));
}
