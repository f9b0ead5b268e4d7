// Who ends with whom: main, core and children as real processes of the real Electron, with the product's own supervisor.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { build } from 'esbuild';
import { findElectron, test, expect } from '#test/electron/desktop.ts';
import type { Harness } from '#test/electron/processes/main.ts';

const installed = findElectron();
let folder = '';
let app: ElectronApplication;

const ask = <Answer>(question: string, input: unknown = null) =>
  app.evaluate(
    (_electron, given) => (globalThis as unknown as { harness: Harness }).harness.ask(given.question, given.input),
    { question, input },
  ) as Promise<Answer>;
const corePid = () =>
  app.evaluate(() => (globalThis as unknown as { harness: Harness }).harness.corePid()) as Promise<number>;
const news = () => app.evaluate(() => (globalThis as unknown as { harness: Harness }).harness.news);
const gone = () => app.evaluate(() => (globalThis as unknown as { harness: Harness }).harness.gone);

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.skip(!installed, 'there is no Electron on this computer');

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osteon-processes-'));
  await build({
    entryPoints: ['main', 'core', 'decode'].map((name) => `test/electron/processes/${name}.ts`),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron'],
    // Node 16 has them not yet, which is in the tests' own Electron.
    banner: {
      js: [
        'Promise.withResolvers ??= () => { const d = {}; d.promise = new Promise((a, b) => { d.resolve = a; d.reject = b; }); return d; };',
        "require('node:module').flushCompileCache ??= () => undefined;",
      ].join('\n'),
    },
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'processes', version: '0.0.0', main: 'main.js' }));
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.beforeEach(async () => {
  if (!installed) return;
  app = await _electron.launch({ executablePath: installed.program, args: [...installed.args, folder] });
  await expect.poll(news).toEqual(['up']);
});

test.afterEach(async () => {
  await app.close().catch(() => undefined);
});

test('a child gets its port, its environment and typed arrays', async () => {
  const { pid, environment } = await ask<{ pid: number; environment: string }>('start');
  expect(environment).toBe('handed over');
  expect(await ask('pid')).toBe(pid);
  expect(await ask('echo')).toBe('Uint16Array 1,65535,3');
});

test('a child that ends is seen to end, and what was asked of it is refused', async () => {
  await ask('start');
  expect(await ask('ask-and-die', 'exit')).toEqual(['child process ended: exit code 3', 'exit code 3']);
  await ask('start');
  expect(await gone()).not.toContain('Utility crashed');
  const [refused, exit] = await ask<string[]>('ask-and-die', 'crash');
  expect(refused).toBe(`child process ended: ${exit}`);
  await expect.poll(gone).toContain('Utility crashed');
  // Until 31 Electron gave 0 for a crash where it saw the channel close first (electron/electron#42283).
  expect(exit).toMatch(
    Number.parseInt(installed?.version ?? '', 10) < 31 ? /^exit code \d+$/ : /^exit code (?!0$)\d+$/,
  );
  // The next one is as good as new.
  await ask('start');
  expect(await ask('echo')).toBe('Uint16Array 1,65535,3');
});

test('a child that never lets go of its thread is ended at once', async () => {
  const { pid } = await ask<{ pid: number }>('start');
  const died = ask<string[]>('ask-and-die', 'loop');
  const killed = await ask<string>('kill');
  expect(killed).toMatch(/^exit code/);
  expect((await died)[0]).toBe(`child process ended: ${killed}`);
  await expect.poll(() => runs(pid)).toBe(false);
});

test('only the known entries can be started', async () => {
  expect(await ask('start-unknown')).toBe('there is no such child');
});

/** A child in the middle of a training hears nothing: it ends all the same. */
async function startBusyChild(): Promise<number> {
  const { pid } = await ask<{ pid: number }>('start');
  void ask('ask-and-die', 'loop').catch(() => undefined);
  return pid;
}

test('when the core dies its children end, and a new core comes up', async () => {
  const pid = await startBusyChild();
  const core = await corePid();
  process.kill(core, 'SIGKILL');
  await expect.poll(news).toEqual(['up', 'gone', 'up']);
  await expect.poll(() => runs(pid)).toBe(false);
  expect(await corePid()).not.toBe(core);
  const again = await ask<{ pid: number }>('start');
  expect(again.pid).not.toBe(pid);
});

test('when main dies nothing of it is left', async () => {
  const pid = await startBusyChild();
  const core = await corePid();
  process.kill(app.process().pid as number, 'SIGKILL');
  await expect.poll(() => runs(core)).toBe(false);
  await expect.poll(() => runs(pid)).toBe(false);
});
