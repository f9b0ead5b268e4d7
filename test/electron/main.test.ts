// Manners of the desktop: one instance, files handed over, dialogs, the way out, the place of the window, the taskbar.
import type { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { filesHandedOver, filesIn } from '#electron/arguments.ts';
import { menuTemplate } from '#electron/menu.ts';
import { readPlace } from '#electron/place.ts';
import { call, coreOf, fakeElectron, sentTo, startMain, startPreload, windowOf, windowsOf } from './fake-electron.ts';

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

describe('the desktop application', () => {
  test('is there once: a second start hands over its files and ends', async () => {
    const fake = fakeElectron({ answers: { 'app.requestSingleInstanceLock': () => false } });
    const recording = await startMain(fake);
    expect(recording.given('app.requestSingleInstanceLock')).toEqual({ files: expect.any(Array) as unknown });
    expect(recording.given('new BrowserWindow')).toBeUndefined();
    expect(recording.given('utilityProcess.fork')).toBeUndefined();
  });

  test('opens the files of a second start in its window, once its page is there', async () => {
    const recording = await startMain(fakeElectron());
    recording.app.emit('open-file', { preventDefault: () => undefined }, '/films/early.dcm');
    expect(sentTo(recording, 'open-files')).toEqual([]);
    windowOf(recording).webContents.emit('did-finish-load');
    recording.app.emit('second-instance', {}, [], '/', { files: ['/films/a.dcm'] });
    recording.app.emit('second-instance', {}, [], '/', { files: 'nonsense' });
    recording.app.emit('open-file', { preventDefault: () => undefined }, '/films/b.dcm');
    expect(sentTo(recording, 'open-files')).toEqual([['/films/early.dcm'], ['/films/a.dcm'], ['/films/b.dcm']]);
    expect(recording.calls.filter(({ name }) => name === 'window.focus')).toHaveLength(2);
  });

  test('opens a window for a file where there is none, as on a Mac whose last window was closed', async () => {
    const recording = await startMain(fakeElectron());
    const open = (path: string) => recording.app.emit('open-file', { preventDefault: () => undefined }, path);
    windowOf(recording).emit('closed');
    open('/films/a.dcm');
    open('/films/b.dcm');
    expect(windowsOf(recording)).toHaveLength(2);
    expect(sentTo(recording, 'open-files')).toEqual([]);
    windowsOf(recording)[1]?.webContents.emit('did-finish-load');
    expect(sentTo(recording, 'open-files')).toEqual([['/films/a.dcm', '/films/b.dcm']]);
  });

  test('keeps a file that comes before it is ready for the window it then opens', async () => {
    const early = () => {
      (fake.module['app'] as EventEmitter).emit('open-file', { preventDefault: () => undefined }, '/films/early.dcm');
      expect(windowsOf(fake.recording)).toHaveLength(0);
      return Promise.resolve();
    };
    const fake = fakeElectron({ answers: { 'app.whenReady': early } });
    const recording = await startMain(fake);
    expect(windowsOf(recording)).toHaveLength(1);
    windowOf(recording).webContents.emit('did-finish-load');
    expect(sentTo(recording, 'open-files')).toEqual([['/films/early.dcm']]);
  });

  test('keeps no name from resolving but our own scheme, and no proxy', async () => {
    const recording = await startMain(fakeElectron());
    const switches = recording.calls
      .filter(({ name }) => name === 'app.commandLine.appendSwitch')
      .map(({ args }) => args);
    expect(switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND']);
    expect(switches).toContainEqual(['disable-background-networking', undefined]);
    expect(recording.given('session.setProxy')).toEqual({ mode: 'direct' });
  });

  test('shows in the taskbar how far the work is', async () => {
    const recording = await startMain(fakeElectron());
    const say = (running: number, progress: number | null) =>
      coreOf(recording).emit('message', { kind: 'jobs', running, progress, training: false });
    say(1, 0.25);
    say(1, null);
    say(0, null);
    const shown = recording.calls.filter(({ name }) => name === 'window.setProgressBar').map(({ args }) => args[0]);
    expect(shown).toEqual([0.25, 2, -1]);
  });

  test('asks before a window with a training is closed, and goes on when told to', async () => {
    let response = 0;
    const answers = { 'dialog.showMessageBox': () => Promise.resolve({ response }) };
    const recording = await startMain(fakeElectron({ answers }));
    const close = () => {
      let stopped = false;
      windowOf(recording).emit('close', { preventDefault: () => (stopped = true) });
      return stopped;
    };
    const asked = () => recording.calls.filter(({ name }) => name === 'dialog.showMessageBox').length;
    expect(close()).toBe(false);
    coreOf(recording).emit('message', { kind: 'jobs', running: 1, progress: 0.5, training: true });
    expect(close()).toBe(true);
    expect(asked()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve));
    expect(recording.given('window.close')).toBeUndefined();
    expect(recording.calls.some(({ name }) => name === 'window.close')).toBe(false);
    response = 1;
    expect(close()).toBe(true);
    await vi.waitFor(() => expect(recording.calls.some(({ name }) => name === 'window.close')).toBe(true));
    expect(close()).toBe(false);
    expect(asked()).toBe(2);
  });

  test('lets the core close before it ends', async () => {
    const recording = await startMain(fakeElectron());
    let held = false;
    recording.app.emit('will-quit', { preventDefault: () => (held = true) });
    expect(held).toBe(true);
    const said = recording.calls.filter(({ name }) => name === 'utility.postMessage').map(({ args }) => args[0]);
    expect(said).toContainEqual({ kind: 'close' });
    coreOf(recording).emit('message', { kind: 'closed' });
    await vi.waitFor(() => expect(recording.calls.some(({ name }) => name === 'app.quit')).toBe(true));
    held = false;
    recording.app.emit('will-quit', { preventDefault: () => (held = true) });
    expect(held).toBe(false);
  });

  test('ends also while there is no core, and not before the event that held it up is over', async () => {
    const recording = await startMain(fakeElectron());
    const count = (name: string) => recording.calls.filter((made) => made.name === name).length;
    coreOf(recording).emit('exit', 9);
    recording.app.emit('will-quit', { preventDefault: () => undefined });
    // What is promised settles within the event.
    for (let turn = 0; turn < 20; turn++) await null;
    expect(count('app.quit')).toBe(0);
    await vi.waitFor(() => expect(count('app.quit')).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(count('utilityProcess.fork')).toBe(1);
  });

  test('shows the folder of the open library, and remembers it; before one is open it shows nothing', async () => {
    const recording = await startMain(fakeElectron());
    expect(await call(recording, 'show-library')).toBe(false);
    coreOf(recording).emit('message', { kind: 'library', folder: '/films/wrist' });
    expect(await call(recording, 'show-library')).toBe(true);
    expect(recording.given('shell.openPath')).toBe('/films/wrist');
    expect(recording.given('app.addRecentDocument')).toBe('/films/wrist');
  });

  test('saves under the name it is given, never under a path', async () => {
    const target = join(home, 'saved.png');
    const answers = { 'dialog.showSaveDialog': () => Promise.resolve({ canceled: false, filePath: target }) };
    const recording = await startMain(fakeElectron({ answers }));
    const bytes = new Uint8Array([137, 80, 78, 71]);
    expect(await call(recording, 'save-file', '../../etc/pass:wd\u0007.png', bytes)).toBe(target);
    expect([...readFileSync(target)]).toEqual([...bytes]);
    expect(recording.given('dialog.showSaveDialog')).toMatchObject({ defaultPath: join('/nowhere', 'pass_wd_.png') });
    expect(await call(await startMain(fakeElectron()), 'save-file', 'a.png', bytes)).toBeNull();
  });

  test('answers with what was chosen in a dialog, or with nothing', async () => {
    const answers = { 'dialog.showOpenDialog': () => Promise.resolve({ canceled: false, filePaths: ['/a', '/b'] }) };
    const recording = await startMain(fakeElectron({ answers }));
    expect(await call(recording, 'pick-folder', 'Where?')).toBe('/a');
    expect(await call(recording, 'pick-files')).toEqual(['/a', '/b']);
    const cancelled = await startMain(fakeElectron());
    expect(await call(cancelled, 'pick-folder')).toBeNull();
    expect(await call(cancelled, 'pick-files')).toEqual([]);
  });

  test('gives a page a port once the core is up, and another one when a new core comes up', async () => {
    const recording = await startMain(fakeElectron());
    await call(recording, 'connect');
    const ports = () =>
      recording.calls.filter(({ name, args }) => name === 'contents.postMessage' && args[0] === 'osteon:port');
    expect(ports()).toHaveLength(0);
    coreOf(recording).emit('message', { kind: 'ready' });
    expect(ports()).toHaveLength(1);
    coreOf(recording).emit('exit', 9);
    expect(sentTo(recording, 'core')).toEqual([{ state: 'up' }, { state: 'gone' }]);
    const cores = () => recording.calls.filter(({ name }) => name === 'utilityProcess.fork');
    await vi.waitFor(() => expect(cores()).toHaveLength(2));
    (cores()[1]?.args.at(-1) as EventEmitter).emit('message', { kind: 'ready' });
    expect(ports()).toHaveLength(2);
    expect(sentTo(recording, 'core')).toEqual([{ state: 'up' }, { state: 'gone' }, { state: 'up' }]);
  });
});

describe('the preload script', () => {
  test('gives the page paths of files, by webUtils, and words of the menu without the event behind them', async () => {
    const fake = fakeElectron();
    const recording = await startPreload(fake);
    const bridge = recording.calls.find(({ name }) => name === 'contextBridge.exposeInMainWorld')?.args[1] as {
      pathOf(file: object): string | null;
      onCommand(listener: (...words: unknown[]) => void): () => void;
      onOpenFiles(listener: (paths: string[]) => void): () => void;
    };
    expect(bridge.pathOf({})).toBe('/films/one.dcm');
    const renderer = fake.module['ipcRenderer'] as EventEmitter;
    const heard: unknown[][] = [];
    const stop = bridge.onCommand((...words) => heard.push(words));
    renderer.emit('osteon:command', { sender: 'secret' }, 'palette');
    stop();
    renderer.emit('osteon:command', {}, 'keys');
    expect(heard).toEqual([['palette']]);
    // Files that come before anyone listens wait for the first who does.
    renderer.emit('osteon:open-files', {}, ['/a']);
    const opened: string[][] = [];
    bridge.onOpenFiles((paths) => opened.push(paths));
    renderer.emit('osteon:open-files', {}, ['/b']);
    expect(opened).toEqual([['/a'], ['/b']]);
  });
});

describe('arguments', () => {
  test('are files where they exist, without options and without the application itself', () => {
    const file = join(home, 'film.dcm');
    writeFileSync(file, '');
    expect(filesIn(['electron', '--inspect=0', '.', '--no-sandbox', 'film.dcm', 'missing.dcm'], false, home)).toEqual([
      file,
    ]);
    expect(filesIn(['/opt/Osteon/osteon', file, '-x'], true, '/')).toEqual([file]);
  });

  test('are files too where the desktop passes them as addresses', () => {
    const file = join(home, 'Knöchel links, 3. Tag 100%#1 膝.dcm');
    writeFileSync(file, '');
    const address = pathToFileURL(file).href;
    expect(address).toMatch(/^file:\/\/\/.*%20links.*%25%23.*%E8%86%9D/);
    const opened = (...named: string[]) => filesIn(['/opt/Osteon/osteon', ...named], true, '/');
    expect(opened(address, address.replace('file:///', 'file://localhost/'))).toEqual([file, file]);
    // Nothing that is here: another computer's, gone, no path, cut short, another kind of address.
    expect(opened('file://elsewhere/film.dcm', `${address}x`, 'file:///a%2Fb', 'file:///%E8', 'smb://a/b')).toEqual([]);
  });

  test('of a second start are taken only as a list of names', () => {
    expect(filesHandedOver({ files: ['/a'] })).toEqual(['/a']);
    for (const data of [null, undefined, 5, {}, { files: [5] }, { files: 'a' }, ['/a']])
      expect(filesHandedOver(data)).toEqual([]);
  });
});

describe('the place of the window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const write = (place: unknown) => {
    const path = join(home, 'window.json');
    writeFileSync(path, typeof place === 'string' ? place : JSON.stringify(place));
    return path;
  };
  const good = { x: 100, y: 80, width: 1200, height: 800, maximized: false };

  test('is used again where it can be seen', () => {
    expect(readPlace(write(good), screens)).toEqual(good);
  });

  test.each([
    ['off the right edge', { ...good, x: 1900 }],
    ['on a screen that is gone', { ...good, x: 2500 }],
    ['above the screen', { ...good, y: -500 }],
    ['no number', { ...good, x: 'left' }],
    ['tiny', { ...good, width: 10 }],
    ['not JSON', '{'],
  ])('is forgotten when it is %s', (_what, place) => {
    expect(readPlace(write(place), screens)).toBeNull();
  });
});

describe('the menu', () => {
  type Item = { label?: string; role?: string; click?: () => void; submenu?: Item[] };
  const flat = (items: Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.submenu ?? [])]);

  test('runs commands of the page by name, and opens the tools of developers only to them', () => {
    const run: string[] = [];
    const menu = (development: boolean) =>
      flat(menuTemplate({ apple: false, development, command: (name) => run.push(name) }) as Item[]);
    for (const item of menu(false)) item.click?.();
    expect(new Set(run).size).toBe(run.length);
    const registry = readdirSync('renderer', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join('renderer', name), 'utf8'))
      .join('\n');
    const pages = /pageNames = \[([^\]]*)\]/.exec(registry)?.[1] ?? '';
    const names = [...registry.matchAll(/\bid: '([\w.-]+)'/g)].map(([, name]) => name);
    names.push(...[...pages.matchAll(/'(\w+)'/g)].map(([, name]) => `go.${name}`));
    expect(names).toEqual(expect.arrayContaining(run));
    expect(menu(false).some(({ role }) => role === 'toggleDevTools')).toBe(false);
    expect(menu(true).some(({ role }) => role === 'toggleDevTools')).toBe(true);
  });
});
