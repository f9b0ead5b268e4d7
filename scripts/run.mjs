// Runs a TypeScript or JavaScript file under the right Node: `node scripts/run.mjs FILE ARGS...`.
// Stands before every command, so it must be quick where nothing is to be done, and silent on stdout.
import module from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { root, runtime } from './setup/places.mjs';
import { say } from './setup/say.mjs';

await underRightNode();
const [, , file, ...args] = process.argv;
if (!file) {
  say('usage: node scripts/run.mjs FILE ARGS...');
  process.exit(2);
}
await setUp(needs());
// Sources are stripped of types and compiled once, not at every command; children find it by the environment.
process.env.NODE_COMPILE_CACHE ??= join(runtime, 'cache', 'compile');
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
const path = resolve(root, file);
process.argv.splice(1, process.argv.length, path, ...args);
await import(pathToFileURL(path).href);

/** Osteon's own commands may train, and one shows the window; a formatter needs the modules only. */
function needs() {
  if (!file?.startsWith('cli/')) return [];
  return args[0] === 'serve' ? /** @type {const} */ (['tensorflow', 'window']) : /** @type {const} */ (['tensorflow']);
}
