// The packages of package-lock.json in node_modules: installed when they are not those, without their scripts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { modules, root } from './places.mjs';
import { say, step } from './say.mjs';

const stamp = join(modules, '.osteon-lock');

/** Whether node_modules holds what the lock file asks for. */
export function hasModules() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(lock)) return true;
  if (!isInstalled(lock)) return false;
  writeFileSync(stamp, hashOf(lock));
  return true;
}

/** @param {string} node */
export async function installModules(node) {
  const ended = await step('Installing the packages of package-lock.json', () =>
    npm(node, ['ci', '--no-audit', '--no-fund'], { cwd: root, limitMs: 1_800_000 }),
  );
  if (ended.code !== 0) {
    say(ended.output.trim());
    say('The packages could not be installed. With a connection to the npm registry, start again.');
    process.exit(1);
  }
  writeFileSync(stamp, hashOf(readFileSync(join(root, 'package-lock.json'))));
}

/** @param {Buffer} lock */
function hashOf(lock) {
  return createHash('sha256').update(lock).digest('hex');
}

/**
 * Whether what npm wrote down as installed is what the lock file asks for; packages of other machines may lack.
 * @param {Buffer} lock
 */
function isInstalled(lock) {
  const written = join(modules, '.package-lock.json');
  if (!existsSync(written)) return false;
  /** @type {Record<string, { version?: string, optional?: boolean }>} */
  const wanted = JSON.parse(lock.toString()).packages;
  /** @type {Record<string, { version?: string }>} */
  const there = JSON.parse(readFileSync(written, 'utf8')).packages;
  return (
    Object.keys(there).every((path) => path in wanted) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || (path in there ? there[path]?.version === version : optional === true),
    )
  );
}
