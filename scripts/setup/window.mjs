// The built window and desktop application in `out`: built when the sources differ from those of the last build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, root } from './places.mjs';
import { run } from './program.mjs';
import { say, step } from './say.mjs';

const sources = ['api', 'core', 'db', 'electron', 'renderer', 'electron.vite.config.ts', 'svelte.config.js'];
sources.push('package.json', 'package-lock.json', 'tsconfig.json');
const stamp = join(root, 'out', 'built-from');

/** @param {string[]} [more] further sources */
export function hashOfSources(more = []) {
  const hash = createHash('sha256');
  for (const name of [...sources, ...more]) addTree(hash, name);
  return hash.digest('hex');
}

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfSources();
}

/** Builds; ends this process where that fails, with what the builder said. */
export async function buildWindow() {
  const hash = hashOfSources();
  rmSync(stamp, { force: true });
  const builder = join(modules, 'electron-vite', 'bin', 'electron-vite.js');
  const ended = await step('Building the window', () =>
    run(process.execPath, [builder, 'build', '--logLevel', 'warn'], { cwd: root, limitMs: 600_000 }),
  );
  if (ended.code !== 0) {
    say(ended.output.trim());
    say('The window could not be built.');
    process.exit(1);
  }
  writeFileSync(stamp, hash);
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} name path from the repository's root
 */
function addTree(hash, name) {
  const path = join(root, name);
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const entry of readdirSync(path).sort()) addTree(hash, `${name}/${entry}`);
    return;
  }
  hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
}
