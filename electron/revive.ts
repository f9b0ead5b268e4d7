// A page that crashed is loaded again, and the user is told; one that crashes again and again waits for the user.
// Must not know what the page shows.
import { app } from 'electron';
import type { BrowserWindow, WebContents } from 'electron';
import { mayLoadAgain, tellWindowStopped } from './dialogs.ts';

/** Loaded again by itself as often as this within `WITHIN_MS`: a page that crashes on loading would never stop. */
const MOST_RELOADS = 3;
const WITHIN_MS = 60_000;

/** `gone` is told before the page is loaded again: nothing reaches it until then. */
export function reviveWindow(window: BrowserWindow, gone: (page: WebContents) => void): void {
  let crashes: number[] = [];
  let telling = false;
  const page = window.webContents;

  // Not within the event: Electron is still taking the old page down.
  const load = () => void setImmediate(() => window.isDestroyed() || page.reload());

  const tell = async () => {
    if (telling) return;
    telling = true;
    await tellWindowStopped(window).finally(() => (telling = false));
  };

  const ask = async (times: number) => {
    if (!(await mayLoadAgain(window, times))) app.quit();
    else {
      crashes = [];
      load();
    }
  };

  page.on('render-process-gone', (_event, { reason, exitCode }) => {
    // A page that ended as it should: its window is closing.
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    console.error(`the page ended: ${reason}, exit code ${exitCode}`);
    gone(page);
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < WITHIN_MS), now];
    if (crashes.length > MOST_RELOADS) return void ask(crashes.length);
    load();
    void tell();
  });
}
