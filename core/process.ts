// The core as a process of its own, behind one port: procedures, pictures and children by message.
// Same router as everywhere; must not know which program started it.
import { RPCHandler } from '@orpc/server/message-port';
import { Channel } from './channel.ts';
import { createCore } from './core.ts';
import type { Core, CoreOptions } from './core.ts';
import { problemRow } from './problem.ts';

/** What the owner sends. `data` of a channel is what the window's port said. */
export type ToCore =
  | { kind: 'start'; options: Omit<CoreOptions, 'startChild' | 'log' | 'opened'> }
  | { kind: 'connect'; channel: number }
  | { kind: 'say'; channel: number; data: unknown }
  | { kind: 'disconnect'; channel: number }
  | { kind: 'image'; id: number; request: PlainRequest }
  | { kind: 'image-cancel'; id: number }
  | { kind: 'close' };

/** What the owner hears. A picture comes as its head, then bytes, then its end: no message holds up those behind it. */
export type FromCore =
  | { kind: 'ready' }
  | { kind: 'failed'; code: string; message: string; next: string }
  | { kind: 'library'; folder: string }
  | { kind: 'say'; channel: number; data: unknown }
  | { kind: 'image'; id: number; status: number; headers: [string, string][] }
  | { kind: 'image-bytes'; id: number; bytes: Uint8Array }
  | { kind: 'image-end'; id: number }
  | { kind: 'jobs'; running: number; progress: number | null; training: boolean }
  | { kind: 'closed' };

/** A request without anything that cannot be sent between processes. */
export interface PlainRequest {
  method: string;
  url: string;
  headers: [string, string][];
  body: Uint8Array | null;
}

export interface CorePort {
  send(message: FromCore): void;
  onMessage(listener: (message: ToCore) => void): void;
}

const CHUNK_BYTES = 1024 * 1024;

/** Serves one owner until it says close or goes away. */
export function serveCore(port: CorePort, own: Pick<CoreOptions, 'startChild' | 'log'>): void {
  let core: Core | null = null;
  let handler: RPCHandler<object> | null = null;
  const channels = new Map<number, Channel>();
  const cancelled = new Set<number>();
  port.onMessage((message) => {
    switch (message.kind) {
      case 'start':
        try {
          const opened = (folder: string) => port.send({ kind: 'library', folder });
          core = createCore({ ...message.options, ...own, opened });
          handler = new RPCHandler(core.router);
          port.send({ kind: 'ready' });
          void tellJobs(core, port);
        } catch (error) {
          own.log.error({ err: error }, 'the core could not start');
          port.send({ kind: 'failed', ...problemRow(error) });
        }
        break;
      case 'connect': {
        const channel = new Channel((data) => port.send({ kind: 'say', channel: message.channel, data }));
        channels.set(message.channel, channel);
        handler?.upgrade(channel, { context: {} });
        break;
      }
      case 'say':
        channels.get(message.channel)?.receive(message.data);
        break;
      case 'disconnect':
        channels.get(message.channel)?.close();
        channels.delete(message.channel);
        break;
      case 'image':
        void answerImage(core, message.id, message.request, port, cancelled);
        break;
      case 'image-cancel':
        cancelled.add(message.id);
        break;
      case 'close':
        void (core?.close() ?? Promise.resolve()).then(() => port.send({ kind: 'closed' }));
        break;
    }
  });
}

async function answerImage(
  core: Core | null,
  id: number,
  { method, url, headers, body }: PlainRequest,
  port: CorePort,
  cancelled: Set<number>,
): Promise<void> {
  const response = core
    ? await core.images(
        new Request(url, { method, headers, ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}) }),
      )
    : new Response('not ready', { status: 503 });
  port.send({ kind: 'image', id, status: response.status, headers: [...response.headers] });
  const bytes = new Uint8Array(await response.arrayBuffer());
  for (let at = 0; at < bytes.length && !cancelled.has(id); at += CHUNK_BYTES) {
    port.send({ kind: 'image-bytes', id, bytes: bytes.slice(at, at + CHUNK_BYTES) });
    // Answers to calls go between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  cancelled.delete(id);
  port.send({ kind: 'image-end', id });
}

/** The owner shows progress in the taskbar and asks before quitting while a training runs. */
async function tellJobs(core: Core, port: CorePort): Promise<void> {
  for await (const jobs of core.desk.jobs.watch()) {
    const running = jobs.filter((job) => job.state === 'running');
    const first = running[0];
    const progress = first?.total ? first.done / first.total : null;
    port.send({
      kind: 'jobs',
      running: running.length,
      progress,
      training: running.some((job) => job.kind === 'train'),
    });
  }
}
