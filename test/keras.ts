// The Python with Keras that some tests compare with: scripts/keras-python.mjs makes it. Without it they skip, with a word.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, '.runtime', 'bench-python');
const program = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const stamp = path.join(folder, 'ready');
export const notebookSources = path.join(root, 'resources', 'notebook');

/** Why there is none; null where there is. */
export function whyNoKeras(): string | null {
  const wanted = readFileSync(path.join(notebookSources, 'requirements.txt'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return null;
  return `no Python with Keras: ${process.env['OSTEON_NO_KERAS'] ?? 'npm run bench makes it'}`;
}

/** Runs a program in Python and answers what it says. Throws what it says where it fails. */
export async function python(script: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PYTHONPATH: notebookSources, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };
  const { stdout } = await promisify(execFile)(program, [script, ...args], { env, maxBuffer: 1e8 });
  return stdout;
}
