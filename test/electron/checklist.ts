// Electron's security checklist, its 20 points as assertions on what the product asked of Electron, and for each a mutant: the
// product without that one setting, on which the assertion must fail.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect } from 'vitest';
import { handlerOf } from './fake-electron.ts';
import type { Recording } from './fake-electron.ts';

/** What an assertion may look at. */
export interface Evidence {
  main: Recording;
  preload: Recording;
  /** Text of every file of electron/. */
  sources: string;
  /** package.json and electron-builder.yml. */
  packageFile: { devDependencies: Record<string, string> };
  builder: { electronFuses: Record<string, unknown> };
}

/** How the product is changed for a mutant. */
export interface Mutation {
  /** Calls that the product does not make any more. */
  ignored?: string[];
  mocks?: Record<string, () => object>;
  webPreferences?: Record<string, unknown>;
  evidence?: (evidence: Evidence) => Evidence;
}

export interface Point {
  number: number;
  title: string;
  holds: (evidence: Evidence) => void | Promise<void>;
  /** Each takes away one setting. */
  mutants: Mutation[];
}

interface WindowOptions {
  webPreferences: Record<string, unknown>;
}

const preferences = ({ main }: Evidence) => (main.given('new BrowserWindow') as WindowOptions).webPreferences;
const preference =
  (name: string, value: unknown) =>
  (evidence: Evidence): void =>
    expect(preferences(evidence)[name]).toBe(value);

/** A page of ours, as the product's own guards have seen it. */
function contentsOf({ main }: Evidence) {
  const window = main.calls.find(({ name }) => name === 'new BrowserWindow')?.args[1] as {
    webContents: { emit(name: string, ...args: unknown[]): boolean; mainFrame: { url: string } };
  };
  return window.webContents;
}

/** Whether the product stops an event of the page. */
function stops(evidence: Evidence, event: string, url: string): boolean {
  let stopped = false;
  const given = { url, preventDefault: () => (stopped = true) };
  contentsOf(evidence).emit(event, given, url);
  return stopped;
}

type PermissionHandler = (
  contents: object,
  permission: string,
  answer: (may: boolean) => void,
  details: object,
) => void;

/** What the permission handler answers to our page, with or without a click just before. */
function permits(evidence: Evidence, permission: string, details: object, clicked = true): boolean {
  const contents = contentsOf(evidence);
  if (clicked) contents.emit('input-event', {}, { type: 'mouseDown' });
  // Electron grants everything where nobody was asked.
  let may = true;
  const handler = handlerOf<PermissionHandler>(evidence.main, 'session.setPermissionRequestHandler');
  handler(clicked ? contents : {}, permission, (answer) => (may = answer), {
    isMainFrame: true,
    requestingUrl: 'app://osteon/',
    ...details,
  });
  return may;
}

type RequestHandler = (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void;

function loads({ main }: Evidence, url: string): boolean {
  let may = true;
  const handler = handlerOf<RequestHandler>(main, 'session.webRequest.onBeforeRequest');
  handler({ url }, ({ cancel }) => (may = !cancel));
  return may;
}

const camera = { mediaTypes: ['video'] };

export const points: Point[] = [
  {
    number: 1,
    title: 'nothing but our own pages is loaded',
    holds: (evidence) => {
      expect(loads(evidence, 'app://osteon/assets/index.js')).toBe(true);
      for (const url of [
        'http://example.org/',
        'https://example.org/',
        'ws://localhost/',
        'file:///etc/passwd',
        'app://other/',
      ]) {
        expect(loads(evidence, url), url).toBe(false);
      }
    },
    mutants: [{ ignored: ['session.webRequest.onBeforeRequest'] }],
  },
  {
    number: 2,
    title: 'no Node in pages',
    holds: (evidence) => {
      preference('nodeIntegration', false)(evidence);
      preference('nodeIntegrationInWorker', false)(evidence);
      preference('nodeIntegrationInSubFrames', false)(evidence);
    },
    mutants: [
      { webPreferences: { nodeIntegration: true } },
      { webPreferences: { nodeIntegrationInWorker: true } },
      { webPreferences: { nodeIntegrationInSubFrames: undefined } },
    ],
  },
  {
    number: 3,
    title: 'context isolation',
    holds: preference('contextIsolation', true),
    mutants: [{ webPreferences: { contextIsolation: false } }],
  },
  {
    number: 4,
    title: 'sandbox',
    holds: preference('sandbox', true),
    mutants: [{ webPreferences: { sandbox: false } }],
  },
  {
    number: 5,
    title: 'permissions: the camera, for our own page, after a click; nothing else',
    holds: (evidence) => {
      expect(permits(evidence, 'media', camera, false)).toBe(false);
      expect(permits(evidence, 'media', camera)).toBe(true);
      expect(permits(evidence, 'media', { mediaTypes: ['video', 'audio'] })).toBe(false);
      expect(permits(evidence, 'media', { mediaTypes: ['audio'] })).toBe(false);
      expect(permits(evidence, 'media', {})).toBe(false);
      expect(permits(evidence, 'media', { ...camera, isMainFrame: false })).toBe(false);
      expect(permits(evidence, 'media', { ...camera, requestingUrl: 'https://example.org/' })).toBe(false);
      for (const other of ['geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'openExternal', 'hid']) {
        expect(permits(evidence, other, camera), other).toBe(false);
      }
      type Check = (contents: null, permission: string, origin: string, details: object) => boolean;
      const check = handlerOf<Check>(evidence.main, 'session.setPermissionCheckHandler');
      expect(check(null, 'media', 'app://osteon/', { mediaType: 'video' })).toBe(true);
      expect(check(null, 'media', 'app://osteon/', { mediaType: 'audio' })).toBe(false);
      expect(check(null, 'media', 'https://example.org/', { mediaType: 'video' })).toBe(false);
      expect(check(null, 'usb', 'app://osteon/', {})).toBe(false);
      expect(handlerOf<() => boolean>(evidence.main, 'session.setDevicePermissionHandler')()).toBe(false);
    },
    mutants: [
      { ignored: ['session.setPermissionRequestHandler'] },
      { ignored: ['session.setPermissionCheckHandler'] },
      { ignored: ['session.setDevicePermissionHandler'] },
      { evidence: deaf('input-event') },
    ],
  },
  {
    number: 6,
    title: 'web security is on',
    holds: preference('webSecurity', true),
    mutants: [{ webPreferences: { webSecurity: false } }],
  },
  {
    number: 7,
    title: 'a content security policy with every page',
    holds: async ({ main }) => {
      type Handler = (request: Request) => Promise<Response>;
      const answer = await handlerOf<Handler>(main, 'protocol.handle', 'app')(new Request('app://osteon/index.html'));
      expect(answer?.status).toBe(200);
      const policy = answer?.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/(^|; )script-src 'self'( 'wasm-unsafe-eval')?(;|$)/);
      expect(policy).not.toMatch(/unsafe-inline'|'unsafe-eval'|https?:|\*/);
      for (const fence of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
        expect(policy).toContain(fence);
    },
    mutants: [{ mocks: { '#api/policy.ts': () => ({ contentSecurityPolicy: '' }) } }],
  },
  {
    number: 8,
    title: 'no insecure content',
    holds: preference('allowRunningInsecureContent', false),
    mutants: [{ webPreferences: { allowRunningInsecureContent: true } }],
  },
  {
    number: 9,
    title: 'no experimental features',
    holds: preference('experimentalFeatures', false),
    mutants: [{ webPreferences: { experimentalFeatures: true } }],
  },
  {
    number: 10,
    title: 'no Blink features switched on',
    holds: (evidence) => {
      preference('enableBlinkFeatures', undefined)(evidence);
      const switched = evidence.main.calls.filter(({ name }) => name === 'app.commandLine.appendSwitch');
      expect(switched.map(({ args }) => args[0])).not.toContain('enable-blink-features');
    },
    mutants: [{ webPreferences: { enableBlinkFeatures: 'WebUSB' } }],
  },
  {
    number: 11,
    title: 'no pages in pages, and so no windows of theirs',
    holds: preference('webviewTag', false),
    mutants: [{ webPreferences: { webviewTag: true } }],
  },
  {
    number: 12,
    title: 'a webview that is made all the same is refused',
    holds: (evidence) => expect(stops(evidence, 'will-attach-webview', '')).toBe(true),
    mutants: [{ evidence: deaf('will-attach-webview') }],
  },
  {
    number: 13,
    title: 'no page goes elsewhere',
    holds: (evidence) => {
      for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
        for (const url of [
          'https://example.org/',
          'file:///etc/passwd',
          'app://other/',
          'app://osteon@other/',
          'javascript:1',
        ]) {
          expect(stops(evidence, event, url), `${event} ${url}`).toBe(true);
        }
        expect(stops(evidence, event, 'app://osteon/')).toBe(false);
      }
    },
    mutants: ['will-navigate', 'will-redirect', 'will-frame-navigate'].map((event) => ({ evidence: deaf(event) })),
  },
  {
    number: 14,
    title: 'no page opens a window',
    holds: ({ main }) => {
      type Handler = (details: { url: string }) => { action: string } | undefined;
      const handler = handlerOf<Handler>(main, 'contents.setWindowOpenHandler');
      expect(handler({ url: 'app://osteon/' })).toEqual({ action: 'deny' });
      expect(handler({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    },
    mutants: [{ ignored: ['contents.setWindowOpenHandler'] }],
  },
  {
    number: 15,
    title: 'nothing is handed to the system to open, but the folder of the open library',
    holds: ({ main, sources }) => {
      expect(sources).not.toMatch(/openExternal|showItemInFolder/);
      expect(sources.match(/openPath\(([^)]*)\)/g)).toEqual(['openPath(library)']);
      expect(main.given('shell.openPath')).toBeUndefined();
    },
    mutants: [{ evidence: (evidence) => ({ ...evidence, sources: `${evidence.sources} shell.openExternal(url)` }) }],
  },
  {
    number: 16,
    title: 'an Electron that is still cared for, named exactly',
    holds: ({ packageFile }) => {
      // Versions 43 to 45 are supported while 45 is the newest.
      expect(packageFile.devDependencies['electron']).toMatch(/^(4[5-9]|[5-9]\d)\.\d+\.\d+$/);
    },
    mutants: [
      {
        evidence: (evidence) => ({ ...evidence, packageFile: { devDependencies: { electron: '22.3.25' } } }),
      },
    ],
  },
  {
    number: 17,
    title: 'calls are taken from our own page only',
    holds: async (evidence) => {
      const contents = contentsOf(evidence);
      const wrong = [
        { senderFrame: { url: 'https://example.org/' }, sender: contents },
        { senderFrame: null, sender: contents },
        { senderFrame: contents.mainFrame, sender: { mainFrame: {} } },
      ];
      const handlers = evidence.main.calls.filter(({ name }) => name === 'ipcMain.handle');
      expect(handlers.length).toBeGreaterThan(0);
      const elsewhere = { url: 'https://example.org/' };
      for (const { args } of handlers) {
        const handler = args[1] as (event: object, ...args: unknown[]) => unknown;
        for (const event of [...wrong, { senderFrame: elsewhere, sender: { mainFrame: elsewhere } }]) {
          expect(() => handler(event), String(args[0])).toThrow('refused');
        }
      }
      expect(evidence.main.given('ipcMain.on')).toBeUndefined();
    },
    mutants: [{ mocks: { '#electron/security.ts': trustingEveryone } }],
  },
  {
    number: 18,
    title: 'pages come from a scheme of our own, never from files',
    holds: ({ main, sources }) => {
      expect(main.given('window.loadURL')).toBe('app://osteon/');
      expect(main.given('window.loadFile')).toBeUndefined();
      expect(main.given('protocol.registerSchemesAsPrivileged')).toEqual([
        { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
      ]);
      expect(main.given('protocol.handle')).toBe('app');
      expect(sources).not.toContain("'file:");
    },
    mutants: [{ ignored: ['protocol.registerSchemesAsPrivileged'] }, { ignored: ['window.loadURL'] }],
  },
  {
    number: 19,
    title: 'fuses are set for every build',
    holds: ({ builder }) => expect(Object.keys(builder.electronFuses ?? {})).toHaveLength(7),
    mutants: [{ evidence: (evidence) => ({ ...evidence, builder: { electronFuses: {} } }) }],
  },
  {
    number: 20,
    title: 'nothing of Electron reaches the page',
    holds: ({ preload }) => {
      const exposed = preload.calls.filter(({ name }) => name === 'contextBridge.exposeInMainWorld');
      expect(exposed.map(({ args }) => args[0])).toEqual(['osteon']);
      const bridge = exposed[0]?.args[1] as Record<string, unknown>;
      expect(Object.keys(bridge).sort()).toEqual(bridgeNames);
      for (const [name, value] of Object.entries(bridge)) {
        expect(typeof value, name).toBe(name === 'hostName' ? 'string' : 'function');
      }
    },
    mutants: [
      {
        evidence: (evidence) => {
          const [call] = evidence.preload.calls.filter(({ name }) => name === 'contextBridge.exposeInMainWorld');
          const more = { ...call, args: ['osteon', { ...(call?.args[1] as object), ipcRenderer: {} }] };
          return { ...evidence, preload: { ...evidence.preload, calls: [more as Recording['calls'][number]] } };
        },
      },
    ],
  },
];

const bridgeNames = ['connect', 'hostName', 'onCommand', 'onCore', 'onOpenFiles', 'onTheme'];
bridgeNames.push('pathOf', 'pickFiles', 'pickFolder', 'saveFile', 'showLibrary');

/** The product without its listener for one event of a page. */
function deaf(event: string): (evidence: Evidence) => Evidence {
  return (evidence) => {
    (contentsOf(evidence) as unknown as { removeAllListeners(name: string): void }).removeAllListeners(event);
    return evidence;
  };
}

/** Our own security settings, but every address counts as ours. */
function trustingEveryone(): object {
  return {
    SCHEME: 'app',
    HOST: 'osteon',
    START: 'app://osteon/',
    privileges: { standard: true, secure: true, supportFetchAPI: true },
    webPreferences: {},
    switches: [],
    headers: {},
    isOwn: () => true,
  };
}

export function readSources(): string {
  return readdirSync('electron')
    .map((name) => readFileSync(join('electron', name), 'utf8'))
    .join('\n');
}

export function readBuilder(): Evidence['builder'] {
  return parse(readFileSync('electron-builder.yml', 'utf8')) as Evidence['builder'];
}

export function readPackage(): Evidence['packageFile'] {
  return JSON.parse(readFileSync('package.json', 'utf8')) as Evidence['packageFile'];
}
