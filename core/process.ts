// The core as a process of its own, behind one port: procedures, pictures and children by message.
// Same router as everywhere; must not know which program started it.
import { RPCHandler } from '@orpc/server/message-port';
import { createCore } from './core.ts';
import type { CoreOptions } from './core.ts';
import { problemRow } from './problem.ts';

/** What the owner sends. `data` of a channel is what the window's port said. */
export type ToCore =
  | { kind: 'start'; options: Omit<CoreOptions, 'startChild' | 'log'> }
  | { kind: 'connect'; channel: number }
  | { kind: 'say'; channel: number; data: unknown }
  | { kind: 'disconnect'; channel: number }
  | { kind: 'image'; id: number; request: PlainRequest }
  | { kind: 'close' };

/** What the owner hears. */
export type FromCore =
  | { kind: 'ready'; library: string | null }
  | { kind: 'failed'; code: string; message: string; next: string }
  | { kind: 'say'; channel: number; data: unknown }
  | { kind: 'image'; id: number; response: PlainResponse }
  | { kind: 'jobs'; running: number; progress: number | null; training: boolean }
  | { kind: 'closed' };

/** A request without anything that cannot be sent between processes. */
export interface PlainRequest {
  method: string;
  url: string;
  headers: [string, string][];
  body: Uint8Array | null;
}

export interface PlainResponse {
  status: number;
  headers: [string, string][];
  body: Uint8Array | null;
}

export interface CorePort {
  send(message: FromCore): void;
  onMessage(listener: (message: ToCore) => void): void;
}

/** Serves one owner until it says close or goes away. */
export function serveCore(port: CorePort, own: Pick<CoreOptions, 'startChild' | 'log'>): void {
  let core: ReturnType<typeof createCore> | null = null;
  let handler: RPCHandler<object> | null = null;
  const channels = new Map<number, Channel>();
  port.onMessage((message) => {
    switch (message.kind) {
      case 'start':
        try {
          core = createCore({ ...message.options, ...own });
          handler = new RPCHandler(core.router);
          port.send({ kind: 'ready', library: core.desk.openLibrary()?.paths.folder ?? null });
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
        void answerImage(core, message.id, message.request, port);
        break;
      case 'close':
        void (core?.close() ?? Promise.resolve()).then(() => port.send({ kind: 'closed' }));
        break;
    }
  });
}

/** One window's port, as the procedures' handler wants it. */
class Channel {
  readonly #send: (data: unknown) => void;
  #listeners: { message: ((event: { data: unknown }) => void)[]; close: (() => void)[] } = { message: [], close: [] };
  constructor(send: (data: unknown) => void) {
    this.#send = send;
  }
  on(event: string, listener: (event?: { data: unknown }) => void): void {
    if (event === 'message') this.#listeners.message.push(listener);
    if (event === 'close') this.#listeners.close.push(listener);
  }
  postMessage(data: unknown): void {
    this.#send(data);
  }
  receive(data: unknown): void {
    for (const listener of this.#listeners.message) listener({ data });
  }
  close(): void {
    for (const listener of this.#listeners.close) listener();
  }
}

async function answerImage(
  core: ReturnType<typeof createCore> | null,
  id: number,
  request: PlainRequest,
  port: CorePort,
): Promise<void> {
  const { method, url, headers, body } = request;
  const response = core
    ? await core.images(
        new Request(url, { method, headers, ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}) }),
      )
    : new Response('not ready', { status: 503 });
  const bytes = new Uint8Array(await response.arrayBuffer());
  port.send({
    kind: 'image',
    id,
    response: { status: response.status, headers: [...response.headers], body: bytes.length > 0 ? bytes : null },
  });
}

/** The owner shows progress in the taskbar and asks before quitting while a training runs. */
async function tellJobs(core: ReturnType<typeof createCore>, port: CorePort): Promise<void> {
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
