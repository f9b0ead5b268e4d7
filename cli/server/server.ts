// The loopback server: the window's files, the procedures and the pictures, on 127.0.0.1 only.
// Must not answer anyone the guard does not know.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { RPCHandler } from '@orpc/server/fetch';
import { Hono } from 'hono';
import type { Core } from '#core/core.ts';
import { Problem } from '#core/problem.ts';
import { sentenceOf } from '#api/problems.ts';
import { contentSecurityPolicy } from '#api/policy.ts';
import { COOKIE, Guard } from './guard.ts';
import type { Knock, Verdict } from './guard.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
};

const HIGHEST_PORT = 65_535;
const portReasons: Record<string, string> = {
  EADDRINUSE: 'another program uses it',
  EACCES: 'this user may not open it',
};

export interface Server {
  /** `http://127.0.0.1:port`. */
  address: string;
  /** A link that opens the window; works once. */
  newLink(): string;
  secret: string;
  close(): Promise<void>;
}

/**
 * `renderer`: folder of the built window. `port` 0 takes a free one.
 * @throws Problem PORT_UNUSABLE
 */
export async function startServer(
  core: Core,
  { renderer, port, guard = new Guard() }: { renderer: string; port: number; guard?: Guard },
): Promise<Server> {
  const answer = getRequestListener(createApp(core, guard, renderer).fetch);
  // The guard wants to see a missing Host too, so Node leaves it in.
  const server = createServer({ requireHostHeader: false });
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    const verdict = guard.judge(knockOf(incoming));
    if (!verdict.ok) refuse(incoming, outgoing, verdict);
    else {
      if (incoming.headers.expect !== undefined) outgoing.writeContinue();
      void answer(incoming, outgoing);
    }
  };
  server.on('request', onRequest);
  // Without this, Node would ask for the body of a request nobody has looked at.
  server.on('checkContinue', onRequest);
  const address = `127.0.0.1:${await listen(server, port)}`;
  guard.address = address;
  return {
    address: `http://${address}`,
    newLink: () => guard.newLink(),
    secret: guard.secret,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The port that was taken. */
function listen(server: HttpServer, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const reason = portReasons[error.code ?? ''] ?? error.message;
    reject(new Problem('PORT_UNUSABLE', { port, reason }, { cause: error }));
  });
  if (port > HIGHEST_PORT)
    return Promise.reject(new Problem('PORT_UNUSABLE', { port, reason: 'there is no such port' }));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    resolve(address !== null && typeof address === 'object' ? address.port : port);
  });
  return promise;
}

/** Answers without reading a body; one that is under way is cut off. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, { status, why }: Verdict & { ok: false }): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = incoming.headers;
  if (length !== '0' || coding !== undefined) outgoing.setHeader('connection', 'close');
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(why);
}

function createApp(core: Core, guard: Guard, renderer: string): Hono {
  const app = new Hono();
  const rpc = new RPCHandler(core.router);
  app.onError((error, c) => {
    core.desk.log.error({ err: error }, 'request failed');
    return c.text(sentenceOf('INTERNAL'), 500);
  });
  app.get('/open/:code', (c) => {
    if (!guard.redeem(c.req.param('code')))
      return c.text('This link was used before. Start Osteon again for a new one.', 401);
    c.header('set-cookie', `${COOKIE}=${guard.secret}; HttpOnly; SameSite=Strict; Path=/`);
    return c.redirect('/', 303);
  });
  app.post('/link', (c) => c.json({ link: guard.newLink() }));
  app.all('/rpc/*', async (c) => {
    const { response } = await rpc.handle(c.req.raw, { prefix: '/rpc', context: {} });
    return response ?? c.notFound();
  });
  app.all('/images/*', (c) => core.images(c.req.raw));
  app.get('*', (c) => staticFile(renderer, new URL(c.req.url).pathname));
  return app;
}

function knockOf(incoming: IncomingMessage): Knock {
  const hosts: string[] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    if (incoming.rawHeaders[i]?.toLowerCase() === 'host') hosts.push(incoming.rawHeaders[i + 1] ?? '');
  }
  const one = (name: string) => {
    const value = incoming.headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    hosts,
    origin: one('origin'),
    fetchSite: one('sec-fetch-site'),
    cookie: one('cookie'),
    authorization: one('authorization'),
  };
}

/** A file of the window; the way out of the folder leads nowhere. */
function staticFile(folder: string, pathname: string): Response {
  const path = normalize(join(folder, decoded(pathname === '/' ? '/index.html' : pathname) ?? ''));
  const type = types[extname(path)];
  if (!path.startsWith(folder + sep) || !existsSync(path) || type === undefined) {
    return new Response('There is no such file.', { status: 404 });
  }
  // Built files carry a hash in their name; index.html does not.
  const caching = path.endsWith('index.html') ? 'no-cache' : 'private, max-age=31536000, immutable';
  return new Response(readFileSync(path), { headers: { 'content-type': type, 'cache-control': caching } });
}

/** A path without its %-escapes; null where they make no text. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
