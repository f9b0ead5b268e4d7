// Runs beside the page, sandboxed, and hands it the bridge of api/host.ts: nothing of Electron itself reaches the page.
// Stands alone when built; must not hold logic.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { PORT_MESSAGE } from '#api/host.ts';
import type { HostBridge } from '#api/host.ts';
import type { Call } from './calls.ts';
import { channel } from './channels.ts';
import type { News } from './channels.ts';

const ask = <Answer>(name: Call, ...args: unknown[]) => ipcRenderer.invoke(channel(name), ...args) as Promise<Answer>;

function listen<Name extends keyof News>(name: Name, listener: (news: News[Name]) => void): () => void {
  const hear = (_event: unknown, news: News[Name]) => listener(news);
  ipcRenderer.on(channel(name), hear);
  return () => void ipcRenderer.off(channel(name), hear);
}

ipcRenderer.on(channel('port'), ({ ports }) => {
  window.postMessage(PORT_MESSAGE, window.location.origin, [...ports]);
});

/** Files to open that came before the page listened. */
let kept: string[] = [];
const keep = listen('open-files', (paths) => (kept = [...kept, ...paths]));

const bridge: HostBridge = {
  hostName: `Electron ${process.versions['electron']}`,
  connect: () => void ask('connect'),
  pickFolder: (title) => ask('pick-folder', title),
  pickFiles: (title, what) => ask('pick-files', title, what),
  saveFile: (suggestedName, bytes) => ask('save-file', suggestedName, bytes),
  pathOf: (file) => webUtils.getPathForFile(file) || null,
  showLibrary: () => ask('show-library'),
  onOpenFiles: (listener) => {
    keep();
    if (kept.length > 0) listener(kept);
    kept = [];
    return listen('open-files', listener);
  },
  onCommand: (listener) => listen('command', listener),
  onTheme: (listener) => listen('theme', listener),
  onCore: (listener) => listen('core', listener),
};

contextBridge.exposeInMainWorld('osteon', bridge);
