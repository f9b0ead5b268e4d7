// One set-up at a time: a second one waits for the first and then finds everything done.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtime } from './places.mjs';
import { say } from './say.mjs';

const path = join(runtime, 'set-up.lock');
const LOOK_MS = 300;

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  mkdirSync(runtime, { recursive: true });
  for (let said = false; !take();) {
    if (!said) say('Another set-up is under way; waiting for it.');
    said = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Takes the lock, also from a process that is no more. */
function take() {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (isHeld()) return false;
  rmSync(path, { force: true });
  return false;
}

function isHeld() {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Just created and not yet written counts as held.
    if (!pid) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
