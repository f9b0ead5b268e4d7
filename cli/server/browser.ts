// Finds a browser that can show the window as an application, and opens it. Reads names only, downloads nothing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Browser {
  name: string;
  path: string;
}

const onPath: [name: string, program: string][] = [
  ['Google Chrome', 'google-chrome'],
  ['Google Chrome', 'google-chrome-stable'],
  ['Chromium', 'chromium'],
  ['Chromium', 'chromium-browser'],
  ['Microsoft Edge', 'microsoft-edge'],
];

const inPlaces: Partial<Record<NodeJS.Platform, [name: string, path: string][]>> = {
  darwin: [
    ['Google Chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['Microsoft Edge', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    ['Chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  ],
  win32: [
    ['Google Chrome', join(process.env['ProgramFiles'] ?? '', 'Google/Chrome/Application/chrome.exe')],
    ['Microsoft Edge', join(process.env['ProgramFiles(x86)'] ?? '', 'Microsoft/Edge/Application/msedge.exe')],
  ],
};

/** The first browser with an application window; null where none is installed. */
export function findBrowser(): Browser | null {
  for (const [name, path] of inPlaces[process.platform] ?? []) if (existsSync(path)) return { name, path };
  for (const [name, program] of onPath) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, program);
      if (folder && existsSync(path)) return { name, path };
    }
  }
  return null;
}

/** Opens the link in an application window, else in the default browser; false where there is no screen to open on. */
export function openWindow(browser: Browser | null, link: string): boolean {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return false;
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer.exe' : 'xdg-open';
  const [program, args] = browser ? [browser.path, [`--app=${link}`, '--no-first-run']] : [opener, [link]];
  try {
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
    return child.pid !== undefined;
  } catch {
    return false;
  }
}
