// `npm start`: provides what is missing, then opens Osteon: in Electron, else in an installed browser, else by its address.
// Further arguments are films and folders to open.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readFound } from './setup/found.mjs';
import { setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { root } from './setup/places.mjs';
import { become, passThrough } from './setup/program.mjs';
import { say } from './setup/say.mjs';

/** An Electron that ends sooner, and not by itself, could not start on this computer. */
const START_MS = 8000;

await underRightNode();
await setUp(['browser', 'tensorflow', 'electron', 'window']);

const { electron } = readFound();
const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
// npm starts us in the repository; names are meant from where the user stood.
const from = process.env.INIT_CWD ?? process.cwd();
const args = process.argv.slice(2).map((arg) => (existsSync(resolve(from, arg)) ? resolve(from, arg) : arg));

if (electron?.path && screen) await openInElectron(electron.path);
if (args.length > 0) say('Open films from the window: only the desktop application takes them from the command line.');
await become(process.execPath, ['cli/main.ts', 'serve'], { cwd: root, hear: sayWhere });

/**
 * The server tells programs its address as JSON; a person is told in words.
 * @param {string} text
 */
function sayWhere(text) {
  const address = /"address":"([^"]+)"/.exec(text)?.[1];
  process.stdout.write(address ? `Osteon runs at ${address}, for this computer only. Ctrl+C ends it.\n` : text);
}

/**
 * Opens the desktop application and ends with it; returns where it does not start.
 * @param {string} program
 */
async function openInElectron(program) {
  const startMs = Date.now();
  const { code, signal } = await passThrough(program, [...sandbox(), root, ...args], {
    env: { ELECTRON_RUN_AS_NODE: undefined },
  });
  const bySelf = code === 0 || signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';
  if (bySelf || Date.now() - startMs > START_MS) process.exit(code);
  say(`Electron does not start here (${signal ?? `exit code ${code}`}); opening Osteon in a browser instead.`);
}

/** Chromium refuses to run its sandbox for root. */
function sandbox() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  say('Running as root: the window has no sandbox. Start Osteon as an ordinary user.');
  return ['--no-sandbox'];
}
