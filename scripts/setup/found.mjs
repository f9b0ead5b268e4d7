// What the set-up found on this computer, kept in `.runtime/found.json` for the next start and for the doctor.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtime } from './places.mjs';

/**
 * @typedef {object} Found
 * @property {{ version: string, path: string, fetched: boolean }} [node]
 * @property {{ found: boolean, version?: string, path?: string, why?: string, triedAt?: string }} [electron]
 * @property {{ way: string, version?: string, why?: string, for?: string, triedAt?: string }} [tensorflow]
 *   `way`: where the native library came from, in words; `wasm` where there is none. `for`: what it was proved with.
 * @property {{ name: string, path: string, version?: string } | null} [browser]
 */

const path = join(runtime, 'found.json');
const DAY_MS = 86_400_000;

/** @returns {Found} */
export function readFound() {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Writes what was found, beside what was found before.
 * @param {{ [part in keyof Found]: Found[part] | undefined }} found undefined forgets a part
 */
export function writeFound(found) {
  mkdirSync(runtime, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readFound(), ...found }, null, 2)}\n`);
  renameSync(temporary, path);
}

/**
 * Whether something that failed is worth another try: after a day.
 * @param {string | undefined} triedAt
 */
export function isStale(triedAt) {
  return !triedAt || !(Date.now() - Date.parse(triedAt) < DAY_MS);
}
