// The desktop application: one window, the core behind it, and what only a desktop has. Wires; does no work of its own.
// Must never block: everything long happens in the core and its children.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, ipcMain, Menu, nativeTheme, protocol, session, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import type { FromCore } from '#core/process.ts';
import { homeFolder } from '#core/settings/home.ts';
import { filesHandedOver, filesIn } from './arguments.ts';
import { takeCalls } from './calls.ts';
import { channel } from './channels.ts';
import type { News } from './channels.ts';
import { Children } from './children.ts';
import { guardContents } from './contents.ts';
import { launchNode, launchUtility } from './core-process.ts';
import { pickFiles, pickFolder, saveFile } from './dialogs.ts';
import { menuTemplate } from './menu.ts';
import { guardNetwork, guardPermissions } from './permissions.ts';
import { Pictures } from './pictures.ts';
import { guardQuit } from './quit.ts';
import { Relay } from './relay.ts';
import { reviveWindow } from './revive.ts';
import { announceScheme, serveScheme } from './scheme.ts';
import { switches } from './security.ts';
import { Supervisor } from './supervisor.ts';
import { openWindow } from './window.ts';

const built = fileURLToPath(new URL('..', import.meta.url));
// Programs that run outside the archive lie beside it (electron-builder.yml, asarUnpack).
const programs = join(built, 'main').replace(/app\.asar(?=[/\\])/, 'app.asar.unpacked');
const home = homeFolder();

app.setPath('userData', join(home, 'window'));
for (const [name, value] of switches) app.commandLine.appendSwitch(name, value);
announceScheme(protocol);
guardContents(app);

const files = filesIn(process.argv, app.isPackaged, process.cwd());
if (app.requestSingleInstanceLock({ files })) run();
else app.exit(0);

function run(): void {
  let window: BrowserWindow | null = null;
  let library: string | null = null;
  let training = false;
  /** Films to open that came before there was a page to open them in. */
  let waiting = files;
  let loaded = false;
  /** Pages can be served. Electron's own word for it comes a little earlier. */
  let ready = false;

  const tell = <Name extends keyof News>(name: Name, news: News[Name]) => window?.webContents.send(channel(name), news);

  const children = new Children(programs);
  const coreNode = __DEVELOPMENT__ ? process.env['OSTEON_CORE_NODE'] : undefined;
  const entry = join(programs, 'core.js');
  const supervisor = new Supervisor({
    launch: () => (coreNode ? launchNode(coreNode, entry) : launchUtility(entry)),
    start: {
      library: null,
      create: true,
      home,
      version: app.getVersion(),
      host: `Electron ${process.versions.electron}`,
    },
    hear,
    fork: (message, core) => children.receive(message, core),
    news: (news) => {
      if (news.state === 'gone') {
        relay.close();
        pictures.fail();
        children.endAll();
        training = false;
        window?.setProgressBar(-1);
      }
      tell('core', news);
      if (news.state !== 'gone') relay.open();
    },
    died: (reason) => console.error(`the core ended: ${reason}`),
  });
  const relay = new Relay((message) => supervisor.send(message));
  const pictures = new Pictures((message) => supervisor.send(message));
  const quit = guardQuit({ training: () => training, window: () => window, stop: () => supervisor.stop() });

  function hear(message: FromCore): void {
    if (message.kind === 'say') relay.say(message.channel, message.data);
    else if (message.kind === 'library') {
      library = message.folder;
      app.addRecentDocument(library);
    } else if (message.kind === 'jobs') {
      training = message.training;
      window?.setProgressBar(message.running === 0 ? -1 : (message.progress ?? 2));
    } else if ('id' in message) pictures.receive(message);
  }

  function open(): void {
    if (window || !ready) return;
    window = openWindow({
      preload: join(built, 'preload', 'preload.cjs'),
      placeFile: join(home, 'window.json'),
      icon: join(app.getAppPath(), 'resources', 'icon.png'),
    });
    quit.watch(window);
    window.on('closed', () => {
      window = null;
      loaded = false;
    });
    window.webContents.on('did-finish-load', () => {
      loaded = true;
      openFiles([]);
    });
    reviveWindow(window, (page) => {
      loaded = false;
      relay.forget(page);
    });
  }

  function openFiles(paths: string[]): void {
    waiting = [...waiting, ...paths];
    if (!loaded || waiting.length === 0) return;
    tell('open-files', waiting);
    waiting = [];
  }

  app.on('second-instance', (_event, _argv, _folder, data) => {
    open();
    if (window?.isMinimized()) window.restore();
    window?.focus();
    openFiles(filesHandedOver(data));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open();
    openFiles([path]);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  takeCalls(ipcMain, {
    connect: (page) => relay.connect(page),
    'pick-folder': pickFolder,
    'pick-files': pickFiles,
    'save-file': saveFile,
    'show-library': async () => library !== null && (await shell.openPath(library)) === '',
  });
  nativeTheme.on('updated', () => tell('theme', nativeTheme.shouldUseDarkColors));

  void app.whenReady().then(() => {
    supervisor.start();
    guardPermissions(session.defaultSession);
    guardNetwork(session.defaultSession);
    serveScheme(protocol, { renderer: join(built, 'renderer'), pictures: (request) => pictures.fetch(request) });
    const menu = { apple: process.platform === 'darwin', development: __DEVELOPMENT__ };
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate({ ...menu, command: (name) => tell('command', name) })),
    );
    ready = true;
    open();
    app.on('activate', open);
  });
}
