// An installed browser: shows the window where Electron cannot be had, and runs the end-to-end tests.
import { readFound, writeFound } from './found.mjs';
import { run } from './program.mjs';

/** Looks for one and writes it down; its version is asked for only where it is another than last time. */
export async function lookForBrowser() {
  // Read late: this file also runs under an older Node, which knows no TypeScript.
  const { findBrowser } = await import(new URL('../../cli/server/browser.ts', import.meta.url).href);
  /** @type {{ name: string, path: string } | null} */
  const browser = findBrowser();
  const before = readFound().browser;
  if (before !== undefined && browser?.path === before?.path) return;
  writeFound({ browser: browser && { ...browser, ...(await versionOf(browser.path)) } });
}

/** @param {string} path */
async function versionOf(path) {
  // On Windows a browser opens a window instead of answering.
  if (process.platform === 'win32') return {};
  const { output } = await run(path, ['--version'], { limitMs: 15_000 });
  const version = /\d+(\.\d+)+/.exec(output)?.[0];
  return version ? { version } : {};
}
