// Processes that end before the application does: the window's page crashes, a child of a core that is gone ends late.
import type { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sentenceOf } from '#api/problems.ts';
import type { CoreProcess } from '#electron/core-process.ts';
import { call, coreOf, fakeElectron, sentTo, startMain, windowOf } from './fake-electron.ts';
import type { Recording } from './fake-electron.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  vi.stubEnv('OSTEON_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(home, { recursive: true, force: true });
});

describe('a page that crashes', () => {
  const crash = (recording: Recording, reason = 'crashed') =>
    windowOf(recording).webContents.emit('render-process-gone', {}, { reason, exitCode: 5 });
  const count = ({ calls }: Recording, name: string) => calls.filter((made) => made.name === name).length;
  const settled = () => new Promise((resolve) => setImmediate(() => setTimeout(resolve)));
  const question = ({ calls }: Recording) => calls.findLast(({ name }) => name === 'dialog.showMessageBox')?.args[1];

  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
  afterEach(() => void vi.restoreAllMocks());

  test('is loaded again, the user is told, and files wait until it is there', async () => {
    const recording = await startMain(fakeElectron());
    windowOf(recording).webContents.emit('did-finish-load');
    crash(recording);
    recording.app.emit('open-file', { preventDefault: () => undefined }, '/films/a.dcm');
    await settled();
    expect(count(recording, 'contents.reload')).toBe(1);
    expect(count(recording, 'dialog.showMessageBox')).toBe(1);
    expect(question(recording)).toMatchObject({ message: sentenceOf('WINDOW_STOPPED') });
    expect(sentTo(recording, 'open-files')).toEqual([]);
    windowOf(recording).webContents.emit('did-finish-load');
    expect(sentTo(recording, 'open-files')).toEqual([['/films/a.dcm']]);
  });

  test('gets a port only once it asks for one again', async () => {
    const recording = await startMain(fakeElectron());
    await call(recording, 'connect');
    crash(recording);
    coreOf(recording).emit('message', { kind: 'ready' });
    expect(count(recording, 'contents.postMessage')).toBe(0);
    await call(recording, 'connect');
    expect(count(recording, 'contents.postMessage')).toBe(1);
  });

  test('again and again is not loaded for ever: the user decides', async () => {
    let response = 0;
    const answers = { 'dialog.showMessageBox': () => Promise.resolve({ response }) };
    const recording = await startMain(fakeElectron({ answers }));
    const crashes = async (times: number) => {
      for (let crashed = 0; crashed < times; crashed++) {
        crash(recording, 'oom');
        await settled();
      }
    };
    await crashes(3);
    expect(count(recording, 'contents.reload')).toBe(3);
    await crashes(1);
    expect(question(recording)).toMatchObject({ message: sentenceOf('WINDOW_KEEPS_STOPPING', { times: 4 }) });
    expect(count(recording, 'contents.reload')).toBe(4);
    await crashes(3);
    expect(count(recording, 'contents.reload')).toBe(7);
    response = 1;
    await crashes(1);
    expect(count(recording, 'contents.reload')).toBe(7);
    expect(count(recording, 'app.quit')).toBe(1);
  });

  test('now and then is always loaded again', async () => {
    const recording = await startMain(fakeElectron());
    const clock = vi.spyOn(Date, 'now');
    for (let minute = 0; minute < 6; minute++) {
      clock.mockReturnValue(minute * 60_000);
      crash(recording);
      await settled();
    }
    expect(count(recording, 'contents.reload')).toBe(6);
    expect(question(recording)).toMatchObject({ message: sentenceOf('WINDOW_STOPPED') });
  });

  test('did not crash where it ended as it should', async () => {
    const recording = await startMain(fakeElectron());
    crash(recording, 'clean-exit');
    await settled();
    expect(count(recording, 'contents.reload')).toBe(0);
    expect(count(recording, 'dialog.showMessageBox')).toBe(0);
  });
});

describe('children of the core', () => {
  test('keep their number when a child of the core before ends late', async () => {
    const fake = fakeElectron();
    vi.resetModules();
    vi.doMock('electron', () => fake.module);
    const { Children } = await import('#electron/children.ts');
    const children = new Children('/nowhere');
    const core: CoreProcess = {
      pid: 1,
      send: () => undefined,
      onMessage: () => undefined,
      onExit: () => undefined,
      kill: () => undefined,
    };
    const fork = () => children.receive({ kind: 'fork', child: 1, entry: 'decode', environment: {} }, core);
    const kills = () => fake.recording.calls.filter(({ name }) => name === 'utility.kill').length;
    fork();
    children.endAll();
    fork();
    expect(kills()).toBe(1);
    const [old] = fake.recording.calls.filter(({ name }) => name === 'utilityProcess.fork');
    (old?.args.at(-1) as EventEmitter).emit('exit', 0);
    children.receive({ kind: 'kill', child: 1 }, core);
    expect(kills()).toBe(2);
  });
});
