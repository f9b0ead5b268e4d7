// S3 and S5 of the trust plan, on the guard itself: every combination of what a request may show.
import { expect, test } from 'vitest';
import { Guard } from '#cli/server/guard.ts';
import type { Knock } from '#cli/server/guard.ts';

const ADDRESS = '127.0.0.1:4711';

function guarded(): Guard {
  const guard = new Guard();
  guard.address = ADDRESS;
  return guard;
}

const hosts = [
  [ADDRESS],
  [],
  [ADDRESS, ADDRESS],
  [ADDRESS, 'evil.example'],
  ['evil.example:4711'],
  ['127.0.0.1.evil.example:4711'],
  ['localhost:4711'],
  ['[::1]:4711'],
  ['0.0.0.0:4711'],
  ['2130706433:4711'],
  ['127.1:4711'],
  ['127.0.0.1'],
  ['127.0.0.1:80'],
  ['127.0.0.1:47110'],
  ['0:4711'],
  ['0x7f000001:4711'],
  ['127.0.0.1:4711.evil.example'],
  ['127.0.0.1:4711@evil.example'],
  ['user@127.0.0.1:4711'],
  [' 127.0.0.1:4711'],
  ['127.0.0.1:4711 '],
  ['127.0.0.1:4711,evil'],
  ['127.0.0.2:4711'],
  [''],
  ['null'],
  ['127.0.0.1:04711'],
  ['127.000.000.001:4711'],
  ['①27.0.0.1:4711'],
  ['rebind.example:4711'],
  ['localhost.localdomain:4711'],
];
const origins = [
  null,
  `http://${ADDRESS}`,
  'null',
  '',
  'http://evil.example',
  `https://${ADDRESS}`,
  'http://127.0.0.1',
  'http://localhost:4711',
  `http://${ADDRESS}.evil.example`,
  'app://osteon',
];
const sites = [null, 'same-origin', 'same-site', 'cross-site', 'none'];
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'];
const routes = [
  '/',
  '/rpc/labels/set',
  '/images/xrays/1/pixels',
  '/images/uploads/abcdefgh/x.png',
  '/link',
  '/assets/index.js',
  '/open/x',
];

test('exactly the valid combinations pass', () => {
  const guard = guarded();
  const tokens: [string, Pick<Knock, 'cookie' | 'authorization'>][] = [
    ['none', { cookie: null, authorization: null }],
    ['wrong', { cookie: 'osteon=AAAA', authorization: null }],
    ['prefix', { cookie: `osteon=${guard.secret.slice(0, 20)}`, authorization: null }],
    ['longer', { cookie: `osteon=${guard.secret}x`, authorization: null }],
    ['old', { cookie: `osteon=${guarded().secret}`, authorization: null }],
    ['other name', { cookie: `osteo=${guard.secret}`, authorization: null }],
    ['cookie', { cookie: `a=b; osteon=${guard.secret}`, authorization: null }],
    ['bearer', { cookie: null, authorization: `Bearer ${guard.secret}` }],
    ['basic', { cookie: null, authorization: `Basic ${guard.secret}` }],
  ];
  let tried = 0;
  let passed = 0;
  const wrong: string[] = [];
  const statuses = new Set<number>();
  for (const host of hosts)
    for (const origin of origins)
      for (const fetchSite of sites)
        for (const method of methods)
          for (const path of routes)
            for (const [token, shown] of tokens) {
              tried++;
              const verdict = guard.judge({ method, path, hosts: host, origin, fetchSite, ...shown });
              const addressed = host.length === 1 && host[0] === ADDRESS;
              const own = origin === null || origin === `http://${ADDRESS}`;
              const near =
                fetchSite === null || fetchSite === 'same-origin' || (fetchSite === 'none' && method === 'GET');
              const opening = method === 'GET' && path.startsWith('/open/');
              const known = token === 'cookie' || token === 'bearer';
              const named = method === 'GET' || origin !== null || shown.authorization !== null;
              const should = addressed && own && near && (opening || (known && named));
              if (verdict.ok !== should) wrong.push(JSON.stringify({ host, origin, fetchSite, method, path, token }));
              if (!verdict.ok) statuses.add(verdict.status);
              else passed++;
            }
  expect(wrong).toEqual([]);
  expect([...statuses].sort()).toEqual([401, 403, 421]);
  expect(tried).toBe(30 * 10 * 5 * 6 * 7 * 9);
  expect(passed).toBeGreaterThan(0);
});

test('a secret has 256 bits, is new each time, and a link works once', () => {
  const guard = guarded();
  expect(Buffer.from(guard.secret, 'base64url')).toHaveLength(32);
  expect(guard.secret).not.toBe(guarded().secret);
  const code = guard.newLink().split('/open/')[1] ?? '';
  expect(Buffer.from(code, 'base64url')).toHaveLength(32);
  expect(code).not.toBe(guard.secret);
  expect([guard.redeem('x'), guard.redeem(code), guard.redeem(code)]).toEqual([false, true, false]);
});
