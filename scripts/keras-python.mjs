// A Python with Keras, Matplotlib and what runs notebooks, kept in .runtime: a peer to compare with and to test exported
// notebooks by. Never shipped. Needs Python 3.11 to 3.13 with pip.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runtime } from './setup/places.mjs';
import { findProgram, run } from './setup/program.mjs';
import { step } from './setup/say.mjs';

const folder = join(runtime, 'bench-python');
const program = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
/** What it was made from; test/keras.ts reads it too. */
const stamp = join(folder, 'ready');
const requirements = join(root, 'resources', 'notebook', 'requirements.txt');
const LIMIT_MS = 1_800_000;

/** The program where it is there as it should be; else null. */
export function findKeras() {
  const ready = existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(requirements, 'utf8');
  return ready && existsSync(program) ? program : null;
}

/**
 * The program, made once; or why it cannot be had.
 * @returns {Promise<{ program: string } | { why: string }>}
 */
export async function provideKeras() {
  if (findKeras()) return { program };
  const python = findProgram(['python3', 'python']);
  if (!python || (await run(python, ['-m', 'pip', '--version'])).code !== 0)
    return { why: 'Python 3 with pip was not found' };
  return step('Installing Keras beside, for comparisons only (about 300 MB)', () => make(python));
}

/**
 * @param {string} python
 * @returns {Promise<{ program: string } | { why: string }>}
 */
async function make(python) {
  mkdirSync(runtime, { recursive: true });
  // Neither pip in it nor compiled files: some systems have no way to the one, and the others take half the time.
  const parted = existsSync(program) || (await run(python, ['-m', 'venv', '--without-pip', folder])).code === 0;
  if (!parted) return { why: 'Python could not make an environment of its own (venv)' };
  const args = ['-m', 'pip', '--python', program, 'install', '--quiet', '--disable-pip-version-check', '--no-compile'];
  args.push('--only-binary=:all:', '--requirement', requirements);
  const ended = await run(python, args, { cwd: root, limitMs: LIMIT_MS });
  if (ended.code !== 0) return { why: `pip could not install it: ${ended.why}` };
  // Beside and renamed, not written over: the old file may have other names in other copies of the folder.
  writeFileSync(`${stamp}.new`, readFileSync(requirements));
  renameSync(`${stamp}.new`, stamp);
  return { program };
}
