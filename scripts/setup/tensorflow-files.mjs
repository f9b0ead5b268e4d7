// The two places of the native TensorFlow: in tfjs-node's folder, which `npm ci` empties, and kept in `.runtime`.
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
} from 'node:fs';
import { renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine, modules, root, runtime } from './places.mjs';
import { run } from './program.mjs';

export const tfjsNode = join(modules, '@tensorflow', 'tfjs-node');
/** Folders of the native parts, the same below tfjs-node and below the kept copy. */
export const parts = [join('lib', 'napi-v8'), join('deps', 'lib')];
const binding = join('lib', 'napi-v8', 'tfjs_binding.node');
const prover = join(dirname(fileURLToPath(import.meta.url)), 'prove-tensorflow.mjs');
const PROVE_MS = 120_000;

/** What a native library must have been proved with to be trusted unseen. */
export function purpose() {
  const { version } = JSON.parse(readFileSync(join(tfjsNode, 'package.json'), 'utf8'));
  return `tfjs-node ${version}, ${machine}`;
}

export function isInPlace() {
  const library = join(tfjsNode, 'deps', 'lib');
  return existsSync(join(tfjsNode, binding)) && existsSync(library) && readdirSync(library).length > 0;
}

/**
 * Loads the library in a child. Answers its version, or why it does not work.
 * @returns {Promise<{ version: string } | { why: string }>}
 */
export async function prove() {
  const ended = await run(process.execPath, [prover], { cwd: root, limitMs: PROVE_MS });
  const version = /^TensorFlow (\S+)$/m.exec(ended.output)?.[1];
  return ended.code === 0 && version ? { version } : { why: ended.why ?? 'it did not multiply two matrices' };
}

/** @param {string} folder holds the parts */
export function putInPlace(folder) {
  for (const part of parts) linkTree(join(folder, part), join(tfjsNode, part));
}

/**
 * Keeps what stands in tfjs-node's folder.
 * @param {{ way: string, version: string }} what
 */
export function keep({ way, version }) {
  const folder = join(runtime, `tensorflow-${version}`);
  const temporary = `${folder}.${process.pid}`;
  for (const part of parts) linkTree(join(tfjsNode, part), join(temporary, part));
  writeFileSync(join(temporary, 'kept.json'), JSON.stringify({ way, version, for: purpose() }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
}

/**
 * Copies kept in earlier set-ups that fit this machine.
 * @returns {{ folder: string, way: string, version: string }[]}
 */
export function keptOnes() {
  if (!existsSync(runtime)) return [];
  return readdirSync(runtime)
    .map((name) => join(runtime, name))
    .filter((folder) => existsSync(join(folder, 'kept.json')))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')) }))
    .filter((kept) => kept.for === purpose());
}

/**
 * The same files in another place: hard links where both are on one disk, copies elsewhere.
 * @param {string} from
 * @param {string} to
 */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const entry = lstatSync(source);
    if (entry.isDirectory()) {
      linkTree(source, target);
      continue;
    }
    if (existsSync(target) && statSync(target).ino === statSync(source).ino) continue;
    rmSync(target, { force: true });
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

/** @param {string} source @param {string} target */
function linkOrCopy(source, target) {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
