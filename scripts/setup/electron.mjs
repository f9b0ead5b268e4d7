// The Electron program: its package brings none and downloads it on first use. Tried within bounds; a failure is remembered.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStale, readFound, writeFound } from './found.mjs';
import { modules } from './places.mjs';
import { run } from './program.mjs';
import { say, step } from './say.mjs';

const folder = join(modules, 'electron');
const downloader = join(dirname(fileURLToPath(import.meta.url)), 'download-electron.mjs');
const STALL_MS = 60_000;
const LIMIT_MS = 1_800_000;

/** Whether nothing is to be done: it is there, or its lack was seen lately. */
export function hasElectron() {
  const { electron } = readFound();
  if (!electron) return false;
  return electron.found
    ? electron.version === wantedVersion() && electron.path === program()
    : !isStale(electron.triedAt);
}

/** Provides it where it can be had, and writes down what came of it. */
export async function provideElectron() {
  const why = program() ? null : await step(`Fetching Electron ${wantedVersion()}`, fetch);
  const path = program();
  // As plain Node it needs its libraries, but no screen and no sandbox.
  const started = path && (await run(path, ['-p', '0'], { limitMs: 30_000, env: { ELECTRON_RUN_AS_NODE: '1' } }));
  if (path && started && started.code === 0) {
    writeFound({ electron: { found: true, version: wantedVersion(), path } });
    return;
  }
  const reason = why ?? `it does not start: ${started ? started.why : 'its program is missing'}`;
  say(`No Electron ${wantedVersion()}: ${reason}. Osteon opens in an installed browser instead.`);
  writeFound({ electron: { found: false, why: reason, triedAt: new Date().toISOString() } });
}

/** @returns {Promise<string | null>} why it could not be had */
async function fetch() {
  const fetched = await run(process.execPath, [downloader], { stallMs: STALL_MS, limitMs: LIMIT_MS });
  if (fetched.code !== 0) return `its download failed: ${(fetched.why ?? '').replace(/^error: /, '')}`;
  const unpacked = await run(process.execPath, [join(folder, 'install.js')], { limitMs: LIMIT_MS });
  return unpacked.code === 0 ? null : `it could not be unpacked: ${unpacked.why}`;
}

/** @returns {string} */
function wantedVersion() {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** The program where the package unpacked it; null where there is none. */
function program() {
  const told = join(folder, 'path.txt');
  if (!existsSync(told)) return null;
  const path = join(folder, 'dist', readFileSync(told, 'utf8'));
  return existsSync(path) ? path : null;
}
