// The loopback server: the window's files, the procedures and the pictures, on 127.0.0.1 only.
// Must not answer anyone the guard does not know.
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { serve } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { RPCHandler } from '@orpc/server/fetch';
import { Hono } from 'hono';
import type { Core } from '#core/core.ts';
import { contentSecurityPolicy } from '#api/policy.ts';
import { COOKIE, Guard } from './guard.ts';

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

export interface Server {
  /** `http://127.0.0.1:port`. */
  address: string;
  /** A link that opens the window; works once. */
  newLink(): string;
  secret: string;
  close(): Promise<void>;
}

/** `renderer`: folder of the built window. `port` 0 takes a free one. */
export async function startServer(core: Core, options: { renderer: string; port: number }): Promise<Server> {
  const guard = new Guard();
  const app = createApp(core, guard, options.renderer);
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: options.port }, (info) => resolve(info.port));
  server.on('error', (error) => {
    throw error;
  });
  const port = await promise;
  guard.address = `127.0.0.1:${port}`;
  return {
    address: `http://127.0.0.1:${port}`,
    newLink: () => guard.newLink(),
    secret: guard.secret,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

type App = Hono<{ Bindings: HttpBindings }>;

function createApp(core: Core, guard: Guard, renderer: string): App {
  const app: App = new Hono();
  const rpc = new RPCHandler(core.router);
  app.use(async (c, next) => {
    const verdict = guard.judge(knockOf(c.env.incoming));
    if (!verdict.ok) return c.text(verdict.why, verdict.status, headers);
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    return;
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

function knockOf(incoming: IncomingMessage) {
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
  const path = normalize(join(folder, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
  if (!path.startsWith(folder + sep) || !existsSync(path) || !types[extname(path)])
    return new Response('not found', { status: 404 });
  // Built files carry a hash in their name; index.html does not.
  const caching = path.endsWith('index.html') ? 'no-cache' : 'private, max-age=31536000, immutable';
  return new Response(readFileSync(path), {
    headers: { 'content-type': types[extname(path)] ?? '', 'cache-control': caching },
  });
}
