// `npm test`: everything there is to test, on any computer. What cannot be tested here is skipped and says why; under CI that
// counts as failed. `npm test -- unit desktop` runs the named parts only: check, unit, window, desktop, packed.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildForElectron22 } from './build-electron-22.mjs';
import { check, tellResult } from './check.mjs';
import { provideElectron22 } from './electron-22.mjs';
import { findKeras, provideKeras } from './keras-python.mjs';
import { pack } from './pack.mjs';
import { setUp } from './setup.mjs';
import { readFound } from './setup/found.mjs';
import { underRightNode } from './setup/node.mjs';
import { modules, root, runtime } from './setup/places.mjs';
import { findProgram, passThrough } from './setup/program.mjs';
import { Tally } from './tally.mjs';

await underRightNode();
const named = process.argv.slice(2);
const inContinuousIntegration = Boolean(process.env.CI);
const reports = join(runtime, 'reports');
const tally = new Tally();
/** Unit tests that need a Python with Keras. */
const withKeras = ['test/core/cnn/keras.test.ts', 'test/core/runs/notebook-run.test.ts'];
/** @type {string | null} */
let electronVersion = null;

await setUp(['browser', 'tensorflow', 'electron', 'window']);
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

await part('check', async () => {
  for (const { name, ok } of await check(tellResult)) tally.one(name, ok);
});
await part('unit', async () => {
  const file = join(reports, 'unit.json');
  const keras = await kerasToUse();
  const args = [
    join(modules, 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/count-unit.mjs',
  ];
  const env = { OSTEON_COUNT: file, ...('why' in keras ? { OSTEON_NO_KERAS: keras.why } : {}) };
  const { code } = await passThrough(process.execPath, args, { cwd: root, env });
  tally.addUnit(file, code, 'why' in keras ? [] : withKeras);
});
await part('window', async () => {
  if (readFound().browser) await endToEnd('browser', 'window in a browser', [process.execPath]);
  else missing('window in a browser', 'no Chrome, Chromium or Edge is installed');
});
await desktop();

if (electronVersion) process.stdout.write(`\nThe desktop application ran on Electron ${electronVersion}.\n`);
process.stdout.write(`\n${tally.words()}\n`);
process.exitCode = tally.failed.length > 0 ? 1 : 0;

/** The desktop application as it is built, then as it is packed. */
async function desktop() {
  const wanted = ['desktop', 'packed'].filter((name) => named.length === 0 || named.includes(name));
  if (wanted.length === 0) return;
  const electron = await electronToUse();
  const screen = 'why' in electron ? electron : screenToUse();
  const why = 'why' in electron ? `no Electron: ${electron.why}` : 'why' in screen ? screen.why : null;
  if (why !== null || 'why' in electron || 'why' in screen) {
    for (const name of wanted)
      missing(name === 'packed' ? 'packed desktop application' : 'desktop application', String(why));
    return;
  }
  electronVersion = electron.version;
  if (electron.own) {
    // The sources may be what is wrong with it, so that it fails where a missing Electron is passed over.
    const built = await buildForElectron22();
    if ('why' in built) {
      process.stdout.write(`${built.why}\n`);
      tally.one('building for Electron 22', false);
      return;
    }
  }
  await part('desktop', () => endToEnd('electron', 'desktop application', screen.command));
  await part('packed', async () => {
    const packed = await pack(electron);
    if ('why' in packed) {
      process.stdout.write(`${packed.why}\n`);
      tally.one('packing the desktop application', false);
    } else {
      tally.one('packing the desktop application', true);
      await endToEnd('packed', 'packed desktop application', screen.command);
    }
  });
}

/**
 * Electron as users get it where it is there, else the tests' own.
 * @returns {Promise<{ folder: string, version: string, own: boolean } | { why: string }>}
 */
async function electronToUse() {
  const { electron } = readFound();
  if (electron?.path && electron.version) {
    return { folder: join(modules, 'electron', 'dist'), version: electron.version, own: false };
  }
  const own = await provideElectron22();
  return 'why' in own
    ? { why: `${electron?.why ?? 'not found'}, nor one for tests: ${own.why}` }
    : { ...own, own: true };
}

/**
 * A Python with Keras where it is there; under CI it is made, if it can be.
 * @returns {Promise<{ program: string } | { why: string }>}
 */
async function kerasToUse() {
  if (inContinuousIntegration) return provideKeras();
  const program = findKeras();
  return program ? { program } : { why: 'it was not made here; npm run bench and, with CI set, npm test make it' };
}

/** How to run a program that opens windows. */
function screenToUse() {
  if (process.platform !== 'linux' || process.env.DISPLAY) return { command: [process.execPath] };
  const xvfb = findProgram(['xvfb-run']);
  return xvfb
    ? { command: [xvfb, '-a', process.execPath] }
    : { why: 'there is no screen, and no xvfb-run to make one' };
}

/**
 * @param {string} project of playwright.config.ts
 * @param {string} what
 * @param {string[]} command what Node is run by
 */
async function endToEnd(project, what, command) {
  const file = join(reports, `${project}.json`);
  const [program = '', ...args] = command;
  args.push(join(modules, '@playwright', 'test', 'cli.js'), 'test', '--project', project, '--reporter', 'list,json');
  // xvfb-run and what it runs find the right Node first.
  const path = `${dirname(process.execPath)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const { code } = await passThrough(program, args, {
    cwd: root,
    env: { PATH: path, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  });
  tally.addWindow(file, code, what, project !== 'browser');
}

/** @param {string} name @param {() => Promise<void>} work */
async function part(name, work) {
  if (named.length > 0 && !named.includes(name)) return;
  process.stdout.write(`\n== ${name}\n`);
  await work();
}

/** @param {string} what @param {string} why */
function missing(what, why) {
  if (inContinuousIntegration) tally.one(`${what}: ${why}`, false);
  else tally.skip(what, why);
}
