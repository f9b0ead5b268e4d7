// Every procedure through every carrier that runs in Node: in process, over loopback HTTP, over a message port to the
// core as a process. The desktop's own port is walked in the Electron suite.
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { createRouterClient } from '@orpc/server';
import { onTestFinished, expect, test } from 'vitest';
import { contract } from '#api/contract.ts';
import { startServer } from '#cli/server/server.ts';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import type { Core } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { serveCore } from '#core/process.ts';
import type { FromCore, ToCore } from '#core/process.ts';
import { writeFilms } from '#test/films.ts';
import { temporaryFolder } from '#test/library.ts';
import { walk } from './walk.ts';
import type { Client, FetchImage, Seen } from './walk.ts';

const startChild = nodeChildren(new URL('../../core/children/', import.meta.url), '.ts');

interface Carrier {
  client: Client;
  fetchImage: FetchImage;
}

function coreFor(home: string): Core {
  const core = createCore({ library: null, create: false, home, startChild, log: silent, version: '0', host: 'test' });
  onTestFinished(() => core.close());
  return core;
}

const carriers: Record<string, (home: string) => Promise<Carrier>> = {
  'in process': (home) => {
    const core = coreFor(home);
    const client: Client = createRouterClient(core.router);
    return Promise.resolve({ client, fetchImage: (path, init) => core.images(new Request(`http://x${path}`, init)) });
  },
  'loopback server': async (home) => {
    const core = coreFor(home);
    const server = await startServer(core, { renderer: home, port: 0 });
    onTestFinished(() => server.close());
    const headers = { authorization: `Bearer ${server.secret}` };
    const client: Client = createORPCClient(new RPCLink({ url: `${server.address}/rpc`, headers }));
    return { client, fetchImage: (path, init) => fetch(server.address + path, { ...init, headers }) };
  },
  'core process over a port': (home) => {
    const { toCore, fromCore } = pair();
    serveCore({ send: (message) => fromCore.push(message), onMessage: toCore.listen }, { startChild, log: silent });
    toCore.push({ kind: 'start', options: { library: null, create: false, home, version: '0', host: 'test' } });
    toCore.push({ kind: 'connect', channel: 1 });
    const window = new MessageChannel();
    window.port1.onmessage = ({ data }) => toCore.push({ kind: 'say', channel: 1, data });
    const answers = new Map<number, { respond(response: Response): void; head: ResponseInit; bytes: Uint8Array[] }>();
    fromCore.listen((message) => {
      if (message.kind === 'say') window.port1.postMessage(message.data);
      if (message.kind === 'image') Object.assign(answers.get(message.id)!.head, message);
      if (message.kind === 'image-bytes') answers.get(message.id)?.bytes.push(message.bytes);
      if (message.kind === 'image-end') {
        const { respond, head, bytes } = answers.get(message.id)!;
        respond(new Response(bytes.length > 0 ? Buffer.concat(bytes) : null, head));
      }
    });
    window.port2.start();
    onTestFinished(() => {
      toCore.push({ kind: 'close' });
      window.port1.close();
    });
    let next = 0;
    const fetchImage: FetchImage = (path, init) =>
      new Promise((resolve) => {
        const id = next++;
        answers.set(id, { respond: resolve, head: {}, bytes: [] });
        const request = {
          method: init?.method ?? 'GET',
          url: `http://x${path}`,
          headers: [] as [string, string][],
          body: init?.body ?? null,
        };
        toCore.push({ kind: 'image', id, request });
      });
    return Promise.resolve({ client: createORPCClient(new PortLink({ port: window.port2 })), fetchImage });
  },
};

/** Two queues that deliver later, as a port between processes does. */
function pair() {
  const queue = <T>() => {
    let listener: (message: T) => void = () => undefined;
    return {
      push: (message: T) => void setImmediate(() => listener(structuredClone(message))),
      listen: (given: (message: T) => void) => {
        listener = given;
      },
    };
  };
  return { toCore: queue<ToCore>(), fromCore: queue<FromCore>() };
}

/** Paths of all procedures that were called on the way. */
function recording(client: Client, called: Set<string>): Client {
  const watch = (part: object, path: string[]): object =>
    new Proxy(part, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as object;
        if (typeof name !== 'string' || (typeof value !== 'object' && typeof value !== 'function')) return value;
        return watch(value, [...path, name]);
      },
      apply: (target, self, input) => {
        called.add(path.join('.'));
        return Reflect.apply(target as () => unknown, self, input);
      },
    });
  return watch(client, []) as Client;
}

const allProcedures = Object.entries(contract).flatMap(([noun, procedures]) =>
  Object.keys(procedures).map((name) => `${noun}.${name}`),
);

async function walkOver(name: string): Promise<{ seen: Seen; called: Set<string> }> {
  const folder = temporaryFolder();
  await writeFilms(join(folder, 'films'), 64);
  const { client, fetchImage } = await carriers[name]!(join(folder, 'home'));
  const called = new Set<string>();
  const folders = {
    films: join(folder, 'films'),
    library: join(folder, 'library'),
    restored: join(folder, 'restored'),
  };
  return { seen: await walk(recording(client, called), fetchImage, folders), called };
}

let first: Seen | null = null;

test.each(Object.keys(carriers))(
  'every procedure answers the same %s',
  async (name) => {
    const { seen, called } = await walkOver(name);
    expect([...called].sort()).toEqual([...allProcedures].sort());
    if (name === 'in process') {
      expect(seen).toMatchObject({
        import: { imported: 64, state: 'done' },
        training: { kinds: ['epoch 1', 'epoch 2', 'end'], state: 'done' },
        verified: [],
        meant: 1,
        'not meant': Array(8).fill(expect.stringMatching(/^ANOTHER_LIBRARY: .*the library Walk/)) as string[],
        heat: 'image/png',
        'map picture': 'image/png',
        unit: { sees: { x: 4, y: 3, width: 3, height: 3 } },
        slice: [3, 3, 3],
        seen: 'image/png',
        thumbnail: 'image/webp',
      });
      expect(seen['unknown job']).toEqual([
        'JOB_NOT_FOUND',
        'This job is no longer there.',
        'Look at the list of jobs.',
      ]);
    }
    first ??= seen;
    expect(seen).toEqual(first);
  },
  120_000,
);
