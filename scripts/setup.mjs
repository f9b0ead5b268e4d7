// Everything Osteon needs on this computer, provided once. `node scripts/setup.mjs [PART...] [--again]` does it all, or the
// named parts; `--again` also retries what failed before.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { lookForBrowser } from './setup/browser.mjs';
import { hasElectron, provideElectron } from './setup/electron.mjs';
import { readFound, writeFound } from './setup/found.mjs';
import { alone } from './setup/lock.mjs';
import { hasModules, installModules } from './setup/modules.mjs';
import { findNode, underRightNode } from './setup/node.mjs';
import { hasTensorflow, provideTensorflow } from './setup/tensorflow.mjs';
import { buildWindow, isBuilt } from './setup/window.mjs';

/**
 * @typedef {'tensorflow' | 'electron' | 'window' | 'browser'} Part
 */

/**
 * Provides Node (must run under it already), the modules and the named parts, where they are not there.
 * @param {readonly Part[]} parts
 */
export async function setUp(parts) {
  if (isDone(parts)) return;
  await alone(async () => {
    if (!hasModules()) await installModules(process.execPath);
    await noteNode();
    if (parts.includes('browser')) await lookForBrowser();
    if (parts.includes('tensorflow') && !hasTensorflow()) await provideTensorflow();
    if (parts.includes('electron') && !hasElectron()) await provideElectron();
    if (parts.includes('window') && !isBuilt()) await buildWindow();
  });
}

/** @param {readonly Part[]} parts */
function isDone(parts) {
  const found = readFound();
  return (
    hasModules() &&
    found.node?.version === process.version &&
    (!parts.includes('browser') || found.browser !== undefined) &&
    (!parts.includes('tensorflow') || hasTensorflow()) &&
    (!parts.includes('electron') || hasElectron()) &&
    (!parts.includes('window') || isBuilt())
  );
}

async function noteNode() {
  writeFound({ node: { version: process.version, ...(await findNode()) } });
}

/** Forgets what failed, so that the next set-up tries it again. */
export function forgetFailures() {
  const { electron, tensorflow } = readFound();
  writeFound({
    ...(electron?.found === false ? { electron: undefined } : {}),
    ...(tensorflow?.way === 'wasm' ? { tensorflow: undefined } : {}),
    browser: undefined,
  });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await underRightNode();
  /** @type {Part[]} */
  const all = ['browser', 'tensorflow', 'electron', 'window'];
  const named = all.filter((part) => argv.includes(part));
  if (argv.includes('--again')) forgetFailures();
  await setUp(named.length > 0 ? named : all);
}
