// Builds the application for the tests' own Electron 22 into `out/electron-22`: see test/electron/electron-22.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, root } from './setup/places.mjs';
import { run } from './setup/program.mjs';
import { step } from './setup/say.mjs';
import { hashOfSources } from './setup/window.mjs';

const config = join('test', 'electron', 'electron-22', 'vite.config.ts');
const out = join(root, 'out', 'electron-22');
const stamp = join(out, 'built-from');

/**
 * Builds where the sources differ from those of the last build. Answers the application's folder.
 * @returns {Promise<{ folder: string } | { why: string }>}
 */
export async function buildForElectron22() {
  const hash = hashOfSources(['resources/notebook', 'test/electron/electron-22']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { folder: out };
  rmSync(out, { recursive: true, force: true });
  const builder = join(modules, 'electron-vite', 'bin', 'electron-vite.js');
  const args = [builder, 'build', '--config', config, '--logLevel', 'warn'];
  const ended = await step('Building for Electron 22', () =>
    run(process.execPath, args, { cwd: root, limitMs: 600_000 }),
  );
  if (ended.code !== 0) return { why: ended.output.trim() };
  arrange();
  writeFileSync(stamp, hash);
  return { folder: out };
}

/** The core and its children run under Node 24, so they are those of the product's own build. */
function arrange() {
  const built = join(root, 'out', 'main');
  for (const name of readdirSync(built)) {
    if (name !== 'main.js') copyFileSync(join(built, name), join(out, 'main', name));
  }
  mkdirSync(join(out, 'resources'), { recursive: true });
  copyFileSync(join(root, 'resources', 'icon.png'), join(out, 'resources', 'icon.png'));
  cpSync(join(root, 'resources', 'notebook'), join(out, 'resources', 'notebook'), { recursive: true });
  const { name, productName, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(out, 'package.json'), JSON.stringify({ name, productName, version, main: 'main/main.cjs' }));
  // What lies above says that .js files are modules; the core's are.
  writeFileSync(join(out, 'main', 'package.json'), JSON.stringify({ type: 'module' }));
}
