// Packs the desktop application into a plain folder, `.runtime/packed`, with whichever Electron is there, for the tests:
// as electron-builder.yml says, but for what lets a test drive it. `npx electron-builder` makes what users install.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfSources } from './setup/window.mjs';
import { modules, root, runtime } from './setup/places.mjs';
import { run } from './setup/program.mjs';
import { step } from './setup/say.mjs';

const out = join(runtime, 'packed');
const stamp = join(out, 'packed-from');
const LIMIT_MS = 900_000;

/**
 * @param {{ folder: string, version: string, own: boolean }} electron its files; `own` for the tests' own Electron 22
 * @returns {Promise<{ folder: string } | { why: string }>}
 */
export async function pack(electron) {
  const hash = `${electron.version} ${hashOfSources(['electron-builder.yml', 'resources', 'test/electron/electron-22'])}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { folder: out };
  rmSync(out, { recursive: true, force: true });
  const config = join(runtime, 'pack.json');
  writeFileSync(config, JSON.stringify(await configFor(electron), null, 2));
  const builder = join(modules, 'electron-builder', 'cli.js');
  const ended = await step('Packing the desktop application', () =>
    run(process.execPath, [builder, '--dir', '--config', config, '--publish', 'never'], {
      cwd: root,
      limitMs: LIMIT_MS,
      // The libraries are large: links instead of copies where the disk can.
      env: { USE_HARD_LINKS: 'true', ELECTRON_BUILDER_DISABLE_UPDATE_CHECK: '1' },
    }),
  );
  if (ended.code !== 0) return { why: ended.output.trim() };
  // What runs an application's folder has no business in an application.
  for (const name of readdirSync(out).filter((folder) => folder.endsWith('unpacked'))) {
    rmSync(join(out, name, 'resources', 'default_app.asar'), { force: true });
  }
  writeFileSync(stamp, hash);
  return { folder: out };
}

/** @param {Parameters<typeof pack>[0]} electron */
async function configFor({ folder, version, own }) {
  // Only here: scripts start before the modules are installed.
  const { parse } = await import('yaml');
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
  const common = {
    ...config,
    electronDist: folder,
    electronVersion: version,
    directories: { ...config.directories, output: out },
    // A test drives the application through its inspector; the fuse itself is held by test/electron/fuses.test.ts.
    electronFuses: { ...config.electronFuses, enableNodeCliInspectArguments: true },
  };
  return own ? forElectron22(common) : common;
}

/**
 * Its own bundle of main, preload and page in the places of the product's; a fuse that it does not have yet is left out.
 * @param {any} config
 */
function forElectron22(config) {
  const { grantFileProtocolExtraPrivileges: _later, ...electronFuses } = config.electronFuses;
  const bundle = { from: 'out/electron-22', to: 'out', filter: ['{main,preload,renderer}/**'] };
  return {
    ...config,
    extraMetadata: { ...config.extraMetadata, main: 'out/main/main.cjs' },
    files: [bundle, ...config.files.filter((/** @type {string} */ pattern) => !pattern.startsWith('out/'))],
    asarUnpack: [
      'out/electron-22/main/**',
      '!out/electron-22/main/main.cjs',
      'resources/notebook/**',
      'node_modules/**',
    ],
    electronFuses,
  };
}
