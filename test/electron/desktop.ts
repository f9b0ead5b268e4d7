// The desktop application for end-to-end tests: on Electron 45 where its program is there, else on the tests' own Electron 22.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';

export interface DesktopOptions {
  /** The application as electron-builder packed it, instead of as it was built. */
  packed: boolean;
}

export interface Installed {
  program: string;
  /** In front of the application's own arguments. */
  args: string[];
  version: string;
  /** Plain Node for the core, where Electron's own is too old for its native modules. */
  coreNode: string | null;
}

const own = resolve('.runtime/electron-22');
const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The Electron there is; null where there is none. `application`: folder to run where it is not packed. */
export function findElectron(): (Installed & { application: string }) | null {
  const told = resolve('node_modules/electron/path.txt');
  const current = existsSync(told) && resolve('node_modules/electron/dist', readFileSync(told, 'utf8'));
  if (current && existsSync(current)) {
    const { version } = JSON.parse(readFileSync(resolve('node_modules/electron/package.json'), 'utf8')) as {
      version: string;
    };
    return { program: current, args: sandbox, version, coreNode: null, application: resolve('.') };
  }
  if (!existsSync(join(own, 'electron'))) return null;
  const version = readFileSync(join(own, 'version'), 'utf8');
  const coreNode = process.execPath;
  return { program: join(own, 'electron'), args: sandbox, version, coreNode, application: resolve('out/electron-22') };
}

/** The packed application; null where it was not packed. */
export function findPacked(): Installed | null {
  const installed = findElectron();
  const folder = resolve('.runtime/packed');
  if (!installed || !existsSync(folder)) return null;
  const unpacked = readdirSync(folder).find((name) => name.endsWith('unpacked')) ?? 'none';
  const program = join(folder, unpacked, process.platform === 'win32' ? 'Osteon.exe' : 'osteon');
  return existsSync(program) ? { ...installed, program } : null;
}

/** One user of the application: a home folder that outlives each start of it. */
export interface Desktop {
  home: string;
  version: string;
  /** Starts the application and gives its window; `files` as on the command line. */
  open(files?: string[]): Promise<{ app: ElectronApplication; page: Page }>;
}

/** On a busy computer a start now and then never answers Playwright's debugger: it is given up and made once more. */
async function launched(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: 60_000 });
  } catch {
    return _electron.launch(options);
  }
}

export const test = base.extend<DesktopOptions & { desktop: Desktop }>({
  packed: [false, { option: true }],
  desktop: async ({ packed }, use, testInfo) => {
    const electron = findElectron();
    const installed = packed ? findPacked() : electron;
    test.skip(
      !installed || !electron,
      packed ? 'the application is not packed' : 'there is no Electron on this computer',
    );
    if (!installed || !electron) return;
    testInfo.annotations.push({ type: 'electron', description: installed.version });
    const home = mkdtempSync(join(tmpdir(), 'osteon-desktop-'));
    const running = new Set<ElectronApplication>();
    await use({
      home,
      version: installed.version,
      open: async (files = []) => {
        const app = await launched({
          executablePath: installed.program,
          args: [...installed.args, ...(packed ? [] : [electron.application]), ...files],
          env: {
            ...(process.env as Record<string, string>),
            OSTEON_HOME: home,
            ...(installed.coreNode ? { OSTEON_CORE_NODE: installed.coreNode } : {}),
          },
        });
        running.add(app);
        app.once('close', () => running.delete(app));
        return { app, page: await app.firstWindow() };
      },
    });
    for (const app of running) await app.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  },
});
export { expect } from '@playwright/test';
