// S3 of the trust plan, on the live server through raw sockets: only the window, and programs that know the secret, are
// answered. Each check of the guard is taken out once, and the same requests must find the hole.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Guard } from '#cli/server/guard.ts';
import type { Knock } from '#cli/server/guard.ts';
import { startServer } from '#cli/server/server.ts';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { decide } from '#core/labels/decide.ts';
import { silent } from '#core/log.ts';
import { addFilms, temporaryFolder, testLibrary } from '#test/library.ts';
import { askAll, askHead } from './raw-http.ts';
import type { RawAnswer } from './raw-http.ts';
import { bytesOf, hostWays, methods, originWays, routes, shouldPass, siteWays, tokenWays } from './s3-requests.ts';
import type { Asked } from './s3-requests.ts';

const startChild = nodeChildren(new URL('../../core/children/', import.meta.url), '.ts');
const REFUSED = [401, 403, 421];

async function served(guard = new Guard()) {
  const home = temporaryFolder();
  const library = testLibrary(join(home, 'library'));
  const [film = 0] = addFilms(library, 4);
  decide(library, [{ xray: film, label: 'fracture' }], { reader: 'a', why: 'read' });
  library.close();
  const options = {
    library: join(home, 'library'),
    create: false,
    home,
    startChild,
    log: silent,
    version: '0',
    host: 'test',
  };
  const core = createCore(options);
  const server = await startServer(core, { renderer: home, port: 0, guard });
  onTestFinished(async () => {
    await server.close();
    await core.close();
  });
  const port = Number(new URL(server.address).port);
  return { core, server, port, home, ways: waysTo(port, server.secret) };
}

type Ways = ReturnType<typeof waysTo>;

function waysTo(port: number, secret: string) {
  const ways = {
    host: hostWays(port),
    origin: originWays(port),
    site: siteWays,
    token: tokenWays(secret, new Guard().secret),
  };
  return { ...ways, routes: routes(secret) };
}

/** Every Host with every Origin, site and token, each combination on one of the methods and routes, in turn. */
function* combinations({ host, origin, site, token, routes: paths }: Ways): Generator<Asked> {
  const targets = paths.flatMap((path) => methods.map((method) => ({ method, path })));
  let next = 0;
  for (const h of host)
    for (const o of origin)
      for (const s of site)
        for (const t of token) {
          // A step that shares no factor with the number of targets walks through all of them.
          const target = targets[(next += 211) % targets.length];
          if (target) yield { ...target, host: h, origin: o, site: s, token: t };
        }
}

/** All good ways to ask, on a route of each kind. */
function* goodOnes({ host, origin, site, token }: Ways): Generator<Asked> {
  for (const path of ['/', '/nothing.here', '/link', '/rpc/jobs/list', '/images/xrays/1/pixels'])
    for (const method of ['GET', 'POST'])
      for (const o of origin)
        for (const s of site)
          for (const t of token) {
            const one = { method, path, host: host[0]!, origin: o, site: s, token: t };
            if (shouldPass(one)) yield one;
          }
}

/** All of a request as the window asks it but for one part, on every route by every method. */
function* oneFault({ host, origin, site, token, routes: paths }: Ways): Generator<Asked> {
  const right = { host: host[0]!, origin: origin[1]!, site: site[1]!, token: token[0]! };
  for (const path of paths)
    for (const method of methods)
      for (const [part, ways] of [
        ['host', host],
        ['origin', origin],
        ['site', site],
        ['token', token],
      ] as const)
        for (const fault of ways) if (!fault.good) yield { ...right, method, path, [part]: fault };
}

function* only(asked: Iterable<Asked>, wanted: (one: Asked) => boolean): Generator<Asked> {
  for (const one of asked) if (wanted(one)) yield one;
}

/** Requests that should be refused and are answered, or the other way round. Asked in lots, each on one connection. */
async function wrongAnswers(port: number, asked: Iterable<Asked>) {
  const wrong: string[] = [];
  const statuses = new Set<number>();
  const crossOrigin: string[] = [];
  let tried = 0;
  const look = (one: Asked, { status, headers }: RawAnswer) => {
    tried++;
    const refused = REFUSED.includes(status);
    if (refused) statuses.add(status);
    if (shouldPass(one) === refused) wrong.push(`${status} ${JSON.stringify(bytesOf(one))}`);
    crossOrigin.push(...headers.filter((line) => line.startsWith('access-control-')));
  };
  const flush = async (lot: Asked[]) => {
    const answers = await askAll(
      port,
      lot.map((one) => bytesOf(one)),
    );
    answers.forEach((answer, i) => lot[i] && look(lot[i], answer));
  };
  let lot: Asked[] = [];
  for (const one of asked) {
    // Answers to these have no body whatever they announce, and passing them would only test Node.
    if ((one.method === 'HEAD' || one.method === 'TRACE') && shouldPass(one)) continue;
    lot.push(one);
    if (one.method === 'HEAD' || lot.length === 500) {
      await flush(lot);
      lot = [];
    }
  }
  await flush(lot);
  return { wrong, statuses: [...statuses].sort(), crossOrigin, tried };
}

/** Everything that is kept, each file with its hash; the day's backup is made meanwhile. */
function state(home: string): string[] {
  const files: string[] = [];
  for (const path of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const file = join(path.parentPath, path.name);
    if (path.isFile() && !/-(wal|shm)$|[/\\\\]backups[/\\\\]/.test(file)) files.push(`${file} ${hashOf(file)}`);
  }
  return files.sort();
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

test('of all combinations exactly those of the window are answered, and nothing changes', async () => {
  const { core, port, home, ways } = await served();
  const events = () => core.desk.library().db.raw.prepare('SELECT count(*), max(hash) FROM events').raw().get();
  const before = [state(home), events(), core.desk.jobs.list()];
  const bad = (asked: Iterable<Asked>) => only(asked, (one) => !shouldPass(one));
  const all = await wrongAnswers(port, bad(combinations(ways)));
  const faults = await wrongAnswers(port, bad(oneFault(ways)));
  expect([all.wrong.slice(0, 5), faults.wrong.slice(0, 5)]).toEqual([[], []]);
  expect(all.statuses).toEqual(REFUSED);
  expect([all.crossOrigin, faults.crossOrigin]).toEqual([[], []]);
  expect([state(home), events(), core.desk.jobs.list()]).toEqual(before);
  const good = await wrongAnswers(port, goodOnes(ways));
  expect(good).toMatchObject({ wrong: [], crossOrigin: [] });
  console.log(
    `S3: ${all.tried} combinations and ${faults.tried} single faults refused, ${good.tried} good ones answered`,
  );
  expect(good.tried).toBe(5 * (12 + 6));
}, 120_000);

const mutants: Record<string, (knock: Knock, own: { host: string; token: string }) => Knock> = {
  Host: (knock, { host }) => ({ ...knock, hosts: [host] }),
  Origin: (knock, { host }) => ({ ...knock, origin: knock.origin && `http://${host}` }),
  'Sec-Fetch-Site': (knock) => ({ ...knock, fetchSite: knock.fetchSite && 'same-origin' }),
  secret: (knock, { token }) => ({ ...knock, authorization: `Bearer ${token}` }),
};

test.each(Object.keys(mutants))('control: a guard that does not look at the %s is found out', async (part) => {
  const own = { host: '', token: '' };
  class Blind extends Guard {
    override judge(knock: Knock) {
      return super.judge(mutants[part]!(knock, own));
    }
  }
  const guard = new Blind();
  const { port, server, ways } = await served(guard);
  Object.assign(own, { host: `127.0.0.1:${port}`, token: server.secret });
  const { wrong } = await wrongAnswers(
    port,
    only(oneFault(ways), (one) => one.path === '/link'),
  );
  expect(wrong.length).toBeGreaterThan(0);
});

test('control: a guard that takes any path below /open for a link is found out', async () => {
  class Loose extends Guard {
    override judge(knock: Knock) {
      return knock.method === 'GET' && knock.path.startsWith('/open/') ? { ok: true as const } : super.judge(knock);
    }
  }
  const { port, ways } = await served(new Loose());
  const { wrong } = await wrongAnswers(
    port,
    only(oneFault(ways), (one) => one.path.startsWith('/open/')),
  );
  expect(wrong.join()).toContain('/open/../images/xrays/1/pixels');
});

test('who is refused is told so before a byte of the body is there, and the line is cut', async () => {
  const { port, ways } = await served();
  const right = { host: ways.host[0]!, origin: ways.origin[1]!, site: ways.site[1]!, token: ways.token[0]! };
  const faults: Partial<Asked>[] = [{ host: ways.host[4]! }, { origin: ways.origin[4]! }, { site: ways.site[4]! }, { token: ways.token[2]! }]; // prettier-ignore
  const bodies = [['Content-Length: 4000000000'], ['Transfer-Encoding: chunked'], ['Content-Length: 9', 'Expect: 100-continue']]; // prettier-ignore
  for (const path of ways.routes)
    for (const fault of faults)
      for (const body of bodies) {
        const { answer, socket } = await askHead(port, bytesOf({ method: 'POST', path, ...right, ...fault }, body));
        expect(REFUSED, path).toContain(answer.status);
        expect(answer.headers.map((line) => line.toLowerCase())).toContain('connection: close');
        socket.destroy();
      }
});

test('a body that is waited for is asked for only from who may send it', async () => {
  const { port, ways } = await served();
  const [host, origin, site, token] = [ways.host[0]!, ways.origin[1]!, ways.site[1]!, ways.token[0]!];
  const head = bytesOf({ method: 'POST', path: '/rpc/jobs/list', host, origin, site, token }, ['Content-Length: 9', 'Expect: 100-continue']); // prettier-ignore
  const { answer, socket } = await askHead(port, head);
  expect(answer.status).toBe(100);
  socket.destroy();
});

test('no one gets a WebSocket, nor a line through', async () => {
  const { port, ways } = await served();
  const [host, origin, site] = [ways.host[0]!, ways.origin[1]!, ways.site[1]!];
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  for (const token of ways.token)
    for (const path of ['/', '/rpc', '/rpc/jobs/watch']) {
      const { answer, socket } = await askHead(
        port,
        bytesOf({ method: 'GET', path, host, origin, site, token }, upgrade),
      );
      expect(answer.status).not.toBe(101);
      if (!token.good) expect(answer.status).toBe(401);
      socket.destroy();
    }
  const proxied = await askAll(port, [
    `GET http://evil.example/ HTTP/1.1\r\n${host.lines[0]!}\r\n${ways.token[0]!.lines[0]!}\r\n\r\n`,
  ]);
  expect(proxied[0]?.status).toBe(421);
  const through = askHead(port, `CONNECT evil.example:443 HTTP/1.1\r\n${host.lines[0]!}\r\n\r\n`);
  await expect(through).rejects.toThrow(/closed|ECONNRESET/);
});

test('only 127.0.0.1 is listened on', async () => {
  const { port } = await served();
  const others = [
    '127.0.0.2',
    '::1',
    ...Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address) ?? []),
  ];
  for (const host of others.filter((address) => address !== '127.0.0.1')) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host }, () => resolve(true));
      socket.on('error', () => resolve(false));
      onTestFinished(() => void socket.destroy());
    });
    expect([host, reached]).toEqual([host, false]);
  }
});

test('a path that is no text, and a port in use, are told in words', async () => {
  const { core, port, home, server } = await served();
  const headers = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${server.secret}\r\nContent-Length: 0\r\n\r\n`;
  const paths = ['GET /%zz', 'GET /a%', 'GET /..%2f..%2fetc/passwd', 'POST /images/uploads/abcdefgh/%zz', 'GET /images/previews/..%2f..%2fx/0']; // prettier-ignore
  const answers = await askAll(
    port,
    paths.map((path) => `${path} HTTP/1.1\r\n${headers}`),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 409]);
  for (const { body } of answers) expect(body).not.toMatch(/URIError|Error:|\bat /);
  await expect(startServer(core, { renderer: home, port })).rejects.toMatchObject({
    code: 'PORT_UNUSABLE',
    message: `Port ${port} cannot be used: another program uses it.`,
  });
  await expect(startServer(core, { renderer: home, port: 70_000 })).rejects.toMatchObject({ code: 'PORT_UNUSABLE' });
});
