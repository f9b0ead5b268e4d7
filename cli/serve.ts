// The window without Electron: the loopback server, and the app window of an installed browser.
// Must not serve anyone but the window it opened.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDurably } from '#core/libraries/durable.ts';
import { findBrowser, openWindow } from './server/browser.ts';
import { Problem } from '#core/problem.ts';
import { homeFolder } from '#core/settings/home.ts';
import { startServer } from './server/server.ts';
import { note, out, startCore } from './shell.ts';
import type { CommonOptions } from './shell.ts';

/** Built by the set-up: `npm start`, `npm test` and `npm run build` make it. */
const RENDERER = join(dirname(fileURLToPath(import.meta.url)), '..', 'out', 'renderer');

/** Runs until it is told to stop. The secret lies in a file of the user alone, for programs that need a new link. */
export async function serveWindow(
  options: CommonOptions & { port: number; open: boolean },
  renderer = RENDERER,
): Promise<void> {
  if (!existsSync(join(renderer, 'index.html'))) throw new Problem('WINDOW_NOT_BUILT');
  const core = startCore(options, true, 'loopback server');
  const server = await startServer(core, { renderer, port: options.port }).catch(async (error: unknown) => {
    await core.close();
    throw error;
  });
  const secretFile = join(homeFolder(), `serve-${process.pid}.json`);
  writeDurably(secretFile, JSON.stringify({ address: server.address, secret: server.secret }));
  const link = server.newLink();
  out(JSON.stringify({ address: server.address, link, library: core.desk.openLibrary()?.paths.folder ?? null }));
  if (options.open) {
    const browser = findBrowser();
    if (!openWindow(browser, server.newLink())) note(`Open this address in a browser, once: ${link}`);
  }
  const stop = async () => {
    rmSync(secretFile, { force: true });
    await server.close();
    await core.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
  await new Promise(() => undefined);
}
