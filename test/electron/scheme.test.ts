// Our own scheme, on Electron's current `protocol.handle`: the window's files and the core's pictures, nothing else.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Pictures } from '#electron/pictures.ts';
import { announceScheme, serveScheme } from '#electron/scheme.ts';
import type { ToCore } from '#core/process.ts';

type Handler = (request: Request) => Promise<Response>;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'renderer', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'renderer', 'assets', 'a b.js'), 'export {};');
  writeFileSync(join(folder, 'renderer', 'notes.txt'), 'not a kind of file that a window has');
  writeFileSync(join(folder, 'secret.json'), '{}');
  symlinkSync(folder, join(folder, 'renderer-twin'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function served(pictures: Handler = () => Promise.resolve(new Response('picture'))): Handler {
  let handler: Handler = () => Promise.reject(new Error('nothing is served'));
  const protocol = { handle: (_scheme: string, given: Handler) => (handler = given) };
  serveScheme(protocol as never, { renderer: join(folder, 'renderer'), pictures });
  return handler;
}

describe('the scheme', () => {
  test('is announced as a secure one of our own', () => {
    const announced: unknown[] = [];
    announceScheme({ registerSchemesAsPrivileged: (schemes: unknown) => announced.push(schemes) } as never);
    const privileges = { standard: true, secure: true, supportFetchAPI: true };
    expect(announced).toEqual([[{ scheme: 'app', privileges }]]);
  });

  test('gives the files of the window with their kind and all headers', async () => {
    const fetch = served();
    const page = await fetch(new Request('app://osteon/'));
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'permissions-policy']) {
      expect(page.headers.get(name), name).toBeTruthy();
    }
    const script = await fetch(new Request('app://osteon/assets/a%20b.js'));
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  const elsewhere = [
    '../secret.json',
    '%2e%2e/secret.json',
    '..%2fsecret.json',
    '%2e%2e%2fsecret.json',
    '..%5csecret.json',
    'assets/../../secret.json',
    'assets/..%2f..%2fsecret.json',
    '..%2frenderer-twin/secret.json',
    '%2fetc%2fpasswd',
    'index.html%00.js',
    '%zz',
    'notes.txt',
    'assets/',
    'missing.js',
  ];
  test.each(elsewhere)('gives nothing for %s', async (path) => {
    expect((await served()(new Request(`app://osteon/${path}`))).status).toBe(404);
  });

  test('gives nothing to other hosts, and takes nothing but questions', async () => {
    const fetch = served();
    expect((await fetch(new Request('app://other/index.html'))).status).toBe(404);
    expect((await fetch(new Request('app://osteon/', { method: 'POST', body: 'x' }))).status).toBe(405);
  });

  test('hands addresses of pictures to the core', async () => {
    const asked: string[] = [];
    const fetch = served((request) => {
      asked.push(`${request.method} ${request.url}`);
      return Promise.resolve(new Response('picture'));
    });
    expect(await (await fetch(new Request('app://osteon/images/xrays/1/thumbnail/160'))).text()).toBe('picture');
    await fetch(new Request('app://osteon/images/uploads/abcdefgh/a.png', { method: 'POST', body: 'x' }));
    expect(asked).toEqual([
      'GET app://osteon/images/xrays/1/thumbnail/160',
      'POST app://osteon/images/uploads/abcdefgh/a.png',
    ]);
  });
});

describe('pictures from the core', () => {
  function desk() {
    const sent: ToCore[] = [];
    return { sent, pictures: new Pictures((message) => sent.push(message)) };
  }
  const address = 'app://osteon/images/xrays/1/pixels';

  test('come as their head, then in pieces, then end', async () => {
    const { sent, pictures } = desk();
    const answer = pictures.fetch(new Request(address, { headers: { 'if-none-match': '"a"' } }));
    await Promise.resolve();
    const [asked] = sent;
    if (asked?.kind !== 'image') throw new Error('nothing was asked');
    expect(asked.request).toMatchObject({ method: 'GET', url: address, body: null });
    expect(asked.request.headers).toContainEqual(['if-none-match', '"a"']);
    pictures.receive({ kind: 'image', id: asked.id, status: 200, headers: [['etag', '"b"']] });
    const response = await answer;
    expect(response.headers.get('etag')).toBe('"b"');
    pictures.receive({ kind: 'image-bytes', id: asked.id, bytes: new Uint8Array([1, 2]) });
    pictures.receive({ kind: 'image-bytes', id: asked.id, bytes: new Uint8Array([3]) });
    pictures.receive({ kind: 'image-end', id: asked.id });
    expect([...(await response.bytes())]).toEqual([1, 2, 3]);
  });

  test('carry what the page sends', async () => {
    const { sent, pictures } = desk();
    void pictures.fetch(new Request(address, { method: 'POST', body: new Uint8Array([7, 8]) }));
    await new Promise((resolve) => setTimeout(resolve));
    const [asked] = sent;
    expect(asked?.kind === 'image' && [...(asked.request.body ?? [])]).toEqual([7, 8]);
  });

  test('answers without a body have none', async () => {
    for (const status of [204, 304]) {
      const { pictures } = desk();
      const answer = pictures.fetch(new Request(address));
      await Promise.resolve();
      pictures.receive({ kind: 'image', id: 1, status, headers: [] });
      const response = await answer;
      expect([response.status, response.body]).toEqual([status, null]);
      pictures.receive({ kind: 'image-end', id: 1 });
    }
  });

  test('that nobody waits for any more are not sent on', async () => {
    const { sent, pictures } = desk();
    const answer = pictures.fetch(new Request(address));
    await Promise.resolve();
    pictures.receive({ kind: 'image', id: 1, status: 200, headers: [] });
    await (await answer).body?.cancel();
    expect(sent.at(-1)).toEqual({ kind: 'image-cancel', id: 1 });
    pictures.receive({ kind: 'image-bytes', id: 1, bytes: new Uint8Array(1) });
    pictures.receive({ kind: 'image-end', id: 1 });
  });

  test('end where the core dies: asked for, 503; under way, broken off', async () => {
    const { pictures } = desk();
    const [first, second] = [pictures.fetch(new Request(address)), pictures.fetch(new Request(address))];
    await new Promise((resolve) => setTimeout(resolve));
    pictures.receive({ kind: 'image', id: 1, status: 200, headers: [] });
    pictures.fail();
    await expect((await first).bytes()).rejects.toThrow('went away');
    expect((await second).status).toBe(503);
  });
});
