// A stand-in for the `electron` module that does nothing and records everything, for assertions about what the product asks of
// Electron. `ignored` calls are not recorded: the product then looks as if it had never made them.
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

type Listener = (...args: never[]) => unknown;

export interface Recording {
  /** Everything called, in order: "session.setPermissionRequestHandler" and its arguments. */
  calls: { name: string; args: unknown[] }[];
  /** The first argument of a call; undefined where it was never made. */
  given(name: string): unknown;
  app: EventEmitter;
}

export interface Fake {
  module: Record<string, unknown>;
  recording: Recording;
}

/** `answers`: what calls give back, by name. */
export function fakeElectron(
  options: { ignored?: string[]; answers?: Record<string, (...args: never[]) => unknown> } = {},
): Fake {
  const calls: Recording['calls'] = [];
  const record =
    (name: string, answer: unknown = undefined) =>
    (...args: unknown[]) => {
      if (!options.ignored?.includes(name)) calls.push({ name, args });
      const given = options.answers?.[name] as ((...args: unknown[]) => unknown) | undefined;
      return given ? given(...args) : answer;
    };

  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    setPath: record('app.setPath'),
    getPath: record('app.getPath', '/nowhere'),
    getVersion: () => '1.2.3',
    getAppPath: () => '/nowhere/app.asar',
    commandLine: { appendSwitch: record('app.commandLine.appendSwitch') },
    requestSingleInstanceLock: record('app.requestSingleInstanceLock', true),
    addRecentDocument: record('app.addRecentDocument'),
    quit: record('app.quit'),
    exit: record('app.exit'),
    whenReady: record('app.whenReady', Promise.resolve()),
  });

  class Contents extends EventEmitter {
    mainFrame = { url: 'app://osteon/' };
    setWindowOpenHandler = record('contents.setWindowOpenHandler');
    send = record('contents.send');
    postMessage = record('contents.postMessage');
    reload = record('contents.reload');
    isDestroyed = () => false;
  }

  class BrowserWindow extends EventEmitter {
    static fromWebContents = () => null;
    webContents = new Contents();
    loadURL = record('window.loadURL', Promise.resolve());
    loadFile = record('window.loadFile', Promise.resolve());
    show = record('window.show');
    focus = record('window.focus');
    close = record('window.close');
    restore = record('window.restore');
    maximize = record('window.maximize');
    isMinimized = () => false;
    isDestroyed = () => false;
    isMaximized = () => false;
    setProgressBar = record('window.setProgressBar');
    getNormalBounds = () => ({ x: 0, y: 0, width: 1000, height: 700 });
    constructor(given: unknown) {
      super();
      record('new BrowserWindow')(given, this);
      app.emit('web-contents-created', {}, this.webContents);
    }
  }

  class Port extends EventEmitter {
    postMessage = record('port.postMessage');
    start = record('port.start');
    close = () => this.emit('close');
  }

  const fork = (...args: unknown[]) => {
    const process = Object.assign(new EventEmitter(), {
      pid: undefined,
      postMessage: record('utility.postMessage'),
      kill: record('utility.kill', true),
    });
    record('utilityProcess.fork')(...args, process);
    return process;
  };

  const module = {
    app,
    BrowserWindow,
    MessageChannelMain: class {
      port1 = new Port();
      port2 = new Port();
    },
    Menu: {
      buildFromTemplate: record('Menu.buildFromTemplate'),
      setApplicationMenu: record('Menu.setApplicationMenu'),
    },
    dialog: {
      showOpenDialog: record('dialog.showOpenDialog', Promise.resolve({ canceled: true, filePaths: [] })),
      showSaveDialog: record('dialog.showSaveDialog', Promise.resolve({ canceled: true, filePath: '' })),
      showMessageBox: record('dialog.showMessageBox', Promise.resolve({ response: 0 })),
    },
    ipcMain: { handle: record('ipcMain.handle'), on: record('ipcMain.on') },
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: true }),
    protocol: {
      registerSchemesAsPrivileged: record('protocol.registerSchemesAsPrivileged'),
      handle: record('protocol.handle'),
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: record('session.setPermissionRequestHandler'),
        setPermissionCheckHandler: record('session.setPermissionCheckHandler'),
        setDevicePermissionHandler: record('session.setDevicePermissionHandler'),
        setProxy: record('session.setProxy', Promise.resolve()),
        webRequest: { onBeforeRequest: record('session.webRequest.onBeforeRequest') },
      },
    },
    shell: {
      openPath: record('shell.openPath', Promise.resolve('')),
      openExternal: record('shell.openExternal', Promise.resolve()),
    },
    utilityProcess: { fork },
    // For the preload script.
    contextBridge: { exposeInMainWorld: record('contextBridge.exposeInMainWorld') },
    ipcRenderer: Object.assign(new EventEmitter(), { invoke: record('ipcRenderer.invoke', Promise.resolve(null)) }),
    webUtils: { getPathForFile: record('webUtils.getPathForFile', '/films/one.dcm') },
  };
  const recording: Recording = {
    calls,
    app,
    given: (name) => calls.find((call) => call.name === name)?.args[0],
  };
  return { module, recording };
}

/** Runs the product's own main process on the fake, as far as an opened window. `mocks` replaces modules of ours. */
export async function startMain(fake: Fake, mocks: Record<string, () => object> = {}): Promise<Recording> {
  vi.resetModules();
  vi.doMock('electron', () => fake.module);
  for (const [path, make] of Object.entries(mocks)) vi.doMock(path, make);
  vi.stubGlobal('__DEVELOPMENT__', false);
  const { argv } = process;
  process.argv = ['/opt/Osteon/osteon'];
  await import('#electron/main.ts');
  const started = ({ name }: { name: string }) => name === 'new BrowserWindow' || name === 'app.exit';
  await vi.waitFor(() => {
    if (!fake.recording.calls.some(started)) throw new Error('no window yet');
  });
  process.argv = argv;
  for (const path of Object.keys(mocks)) vi.doUnmock(path);
  return fake.recording;
}

/** Runs the product's own preload script on the fake. */
export async function startPreload(fake: Fake): Promise<Recording> {
  vi.resetModules();
  vi.doMock('electron', () => fake.module);
  await import('#electron/preload.ts');
  return fake.recording;
}

/** The listener or handler that was the last argument of a call. */
export function handlerOf<Handler extends Listener>(recording: Recording, name: string, first?: string): Handler {
  const call = recording.calls.find((made) => made.name === name && (first === undefined || made.args[0] === first));
  return (call?.args.findLast((argument) => typeof argument === 'function') ?? (() => undefined)) as Handler;
}

export type Window = EventEmitter & { webContents: EventEmitter & { mainFrame: { url: string } } };
export const windowsOf = ({ calls }: Recording) =>
  calls.filter(({ name }) => name === 'new BrowserWindow').map(({ args }) => args[1] as Window);
export const windowOf = (recording: Recording) => windowsOf(recording)[0] as Window;
export const coreOf = ({ calls }: Recording) =>
  calls.find(({ name }) => name === 'utilityProcess.fork')?.args.at(-1) as EventEmitter;
export const sentTo = ({ calls }: Recording, channel: string) =>
  calls
    .filter(({ name, args }) => name === 'contents.send' && args[0] === `osteon:${channel}`)
    .map(({ args }) => args[1]);

/** Makes a call as our own page does. */
export function call(recording: Recording, name: string, ...args: unknown[]): Promise<unknown> {
  const { webContents } = windowOf(recording);
  const handler = handlerOf<(event: object, ...args: never[]) => unknown>(
    recording,
    'ipcMain.handle',
    `osteon:${name}`,
  );
  return Promise.resolve(handler({ sender: webContents, senderFrame: webContents.mainFrame }, ...(args as never[])));
}
