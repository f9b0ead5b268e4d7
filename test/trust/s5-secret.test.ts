// S5 of the trust plan, on the real program: the secret of the loopback server is where it belongs and nowhere else.
// What a browser keeps of it is looked at by test/e2e/secret.spec.ts.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '#test/library.ts';

interface Secret {
  address: string;
  secret: string;
}

interface Serving extends Secret {
  file: string;
  link: string;
  child: ChildProcess;
  /** All it has said, on both ends. */
  said(): string;
}

/** Starts the program with the loudest log it has. */
async function serve(home: string): Promise<Serving> {
  const args = [resolve('cli/main.ts'), 'serve', '--port', '0', '--no-open'];
  const environment = { ...process.env, OSTEON_HOME: home, OSTEON_LOG: 'trace' };
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const line = await new Promise<string>((ok, failed) => {
    createInterface({ input: child.stdout }).once('line', ok);
    child.once('exit', () => failed(new Error(`the program ended: ${said}`)));
  });
  const { link } = JSON.parse(line) as { link: string };
  const file = join(home, `serve-${child.pid ?? 0}.json`);
  const secret = JSON.parse(readFileSync(file, 'utf8')) as Secret;
  return { ...secret, file, link, child, said: () => said };
}

async function stop({ child }: Serving): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

function holding(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(secret));
}

test('the secret: 256 bits, in one file of the user alone, new at each start, in nothing that is said or kept', async () => {
  const home = temporaryFolder();
  const first = await serve(home);
  expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32);
  if (process.platform !== 'win32') {
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'libraries', 'My films')).mode & 0o077).toBe(0);
  }
  const bearer = { authorization: `Bearer ${first.secret}` };
  const withSecret = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(first.address + path, { ...init, headers: { ...bearer, ...init.headers } });
    return { status: answer.status, text: JSON.stringify([...answer.headers]) + (await answer.text()) };
  };
  const answers = [
    await withSecret('/'),
    await withSecret('/rpc/settings/doctor', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    }),
    await withSecret('/rpc/labels/set', { method: 'POST', body: '{"json":{"xrays":[1],"label":"x"}}' }),
    await withSecret('/rpc/no/such', { method: 'POST', body: first.secret }),
    await withSecret('/images/xrays/1/pixels'),
    await withSecret(`/%zz?${first.secret}`),
    await withSecret('/link', { method: 'POST' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 404, 404, 404, 200]);
  expect(answers.filter(({ text }) => text.includes(first.secret))).toEqual([]);
  const files = holding(home, first.secret);
  expect(files).toEqual([first.file]);
  await stop(first);
  expect(existsSync(first.file)).toBe(false);
  expect(first.said().length).toBeGreaterThan(0);
  expect(first.said()).not.toContain(first.secret);
  expect(holding(home, first.secret)).toEqual([]);

  const second = await serve(home);
  expect(second.secret).not.toBe(first.secret);
  const old = await fetch(`${second.address}/`, { headers: bearer });
  expect(old.status).toBe(401);
  await stop(second);
}, 60_000);

test('the arguments and surroundings of the program do not hold it', async () => {
  if (!existsSync('/proc/self/cmdline')) return;
  const serving = await serve(temporaryFolder());
  const seen = ['cmdline', 'environ']
    .map((name) => readFileSync(`/proc/${serving.child.pid ?? 0}/${name}`, 'utf8'))
    .join();
  expect(seen).toContain('serve');
  expect(seen).not.toContain(serving.secret);
  await stop(serving);
});

test('a link gives a cookie no script can read and no other site can send, and works once', async () => {
  const serving = await serve(temporaryFolder());
  const opened = await fetch(serving.link, { redirect: 'manual' });
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
  expect(opened.headers.get('referrer-policy')).toBe('no-referrer');
  expect(opened.headers.get('set-cookie')).toBe(`osteon=${serving.secret}; HttpOnly; SameSite=Strict; Path=/`);
  expect(serving.link).not.toContain(serving.secret);
  const again = await fetch(serving.link, { redirect: 'manual' });
  expect([again.status, again.headers.get('set-cookie')]).toEqual([401, null]);
  const window = await fetch(`${serving.address}/`, { headers: { cookie: `osteon=${serving.secret}` } });
  expect(window.status).toBe(200);
  await stop(serving);
}, 60_000);
