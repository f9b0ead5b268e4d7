// S3 of the trust plan: what a request to the loopback server may look like, good and bad, and whether it should pass.
import { contract } from '#api/contract.ts';

/** One way a part of a request can look. `good` ones are those of the window or of a program that knows the secret. */
export interface Way {
  name: string;
  lines: string[];
  good: boolean;
}

export interface Asked {
  method: string;
  path: string;
  host: Way;
  origin: Way;
  site: Way;
  token: Way;
}

const way = (good: boolean, name: string, ...lines: string[]): Way => ({ name, lines, good });

export function hostWays(port: number): Way[] {
  const address = `127.0.0.1:${port}`;
  const bad = [
    `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, `localhost:${port}`, `[::1]:${port}`, `0.0.0.0:${port}`,
    `2130706433:${port}`, `127.1:${port}`, `0x7f000001:${port}`, `0177.0.0.1:${port}`, '127.0.0.1', '127.0.0.1:80',
    `127.0.0.1:${port}0`, `0:${port}`, `${address}.evil.example`, `${address}@evil.example`, `user@${address}`,
    `${address},evil.example`, `127.0.0.2:${port}`, '', 'null', `127.0.0.1:0${port}`, `127.000.000.001:${port}`,
    `\u00b927.0.0.1:${port}`, `rebind.example:${port}`, `http://${address}`, `${address}/`,
  ]; // prettier-ignore
  return [
    way(true, 'own', `Host: ${address}`),
    way(false, 'missing'),
    way(false, 'doubled', `Host: ${address}`, `Host: ${address}`),
    way(false, 'two', `Host: ${address}`, 'Host: evil.example'),
    ...bad.map((host) => way(false, host, `Host: ${host}`)),
  ];
}

export function originWays(port: number): Way[] {
  const own = `http://127.0.0.1:${port}`;
  const bad = ['null', '', 'http://evil.example', own.replace('http', 'https'), 'http://127.0.0.1', `http://localhost:${port}`, `${own}.evil.example`, 'app://osteon']; // prettier-ignore
  return [way(true, 'none'), way(true, 'own', `Origin: ${own}`), ...bad.map((o) => way(false, o, `Origin: ${o}`))];
}

export const siteWays: Way[] = [
  way(true, 'unsaid'),
  way(true, 'same-origin', 'Sec-Fetch-Site: same-origin'),
  way(true, 'none', 'Sec-Fetch-Site: none'),
  way(false, 'same-site', 'Sec-Fetch-Site: same-site'),
  way(false, 'cross-site', 'Sec-Fetch-Site: cross-site'),
];

export function tokenWays(secret: string, old: string): Way[] {
  return [
    way(true, 'cookie', `Cookie: a=b; osteon=${secret}`),
    way(true, 'bearer', `Authorization: Bearer ${secret}`),
    way(false, 'none'),
    way(false, 'wrong', 'Cookie: osteon=AAAA'),
    way(false, 'prefix', `Cookie: osteon=${secret.slice(0, 20)}`),
    way(false, 'longer', `Cookie: osteon=${secret}x`),
    way(false, 'old', `Cookie: osteon=${old}`),
    way(false, 'other name', `Cookie: osteo=${secret}`),
    way(false, 'basic', `Authorization: Basic ${secret}`),
    way(false, 'own header', `X-Osteon: ${secret}`),
  ];
}

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];

/** Every route: the window, its files, every procedure, every kind of picture, links; and roads that only look like links. */
export function routes(secret: string): string[] {
  const procedures = Object.entries(contract).flatMap(([noun, of]) =>
    Object.keys(of).map((name) => `/rpc/${noun}/${name}`),
  );
  return [
    '/', '/index.html', '/assets/index.js', '/nothing.here', `/?token=${secret}`, '/%zz', '/..%2f..%2fetc/passwd', ...procedures,
    `/rpc/labels/set?token=${secret}`, '/images/xrays/1/pixels', '/images/xrays/1/thumbnail/160', '/images/previews/x/0',
    '/images/predictions/x/heat', '/images/uploads/abcdefgh', '/images/uploads/abcdefgh/x.png', '/link', '/open/',
    '/open/../images/xrays/1/pixels', '/open/%2e%2e/images/xrays/1/pixels', '/open/x/../../rpc/labels/set', '/open/x?y=/images',
    '//open/x', '/OPEN/x', '/open/x/y',
  ]; // prettier-ignore
}

export function bytesOf({ method, path, host, origin, site, token }: Asked, more: string[] = []): string {
  const lines = [...host.lines, ...origin.lines, ...site.lines, ...token.lines, ...more];
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** Whether the window or a program that knows the secret would ask like this: written apart from the guard. */
export function shouldPass({ method, host, origin, site, token }: Asked): boolean {
  if (![host, origin, site, token].every(({ good }) => good)) return false;
  if (method === 'GET') return true;
  return site.name !== 'none' && (origin.name === 'own' || token.name === 'bearer');
}
