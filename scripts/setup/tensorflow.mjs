// Native TensorFlow for training, by the first way that works; WebAssembly where none does.
import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isStale, readFound, writeFound } from './found.mjs';
import { modules } from './places.mjs';
import { run } from './program.mjs';
import { say, step } from './say.mjs';
import { buildTensorflow, way as builtWay } from './tensorflow-build.mjs';
import { isInPlace, keep, keptOnes, parts, prove, purpose, putInPlace, tfjsNode } from './tensorflow-files.mjs';

/** Whether nothing is to be done: the library that was proved is in its place, or its lack was seen lately. */
export function hasTensorflow() {
  const { tensorflow } = readFound();
  if (!tensorflow || tensorflow.for !== purpose()) return false;
  return tensorflow.way === 'wasm' ? !isStale(tensorflow.triedAt) && !isInPlace() : isInPlace();
}

/** Provides it and writes down how. */
export async function provideTensorflow() {
  const known = readFound().tensorflow;
  const { way, version, why } = await firstThatWorks(known?.way);
  if (version && why === undefined) {
    if (!keptOnes().some((kept) => kept.version === version)) keep({ way, version });
    writeFound({ tensorflow: { way, version, for: purpose() } });
    return;
  }
  for (const part of parts) rmSync(join(tfjsNode, part), { recursive: true, force: true });
  say(`No native TensorFlow: ${why}.`);
  say('Networks are trained in WebAssembly: 10 to 15 times slower.');
  writeFound({ tensorflow: { way: 'wasm', why: why ?? '', for: purpose(), triedAt: new Date().toISOString() } });
}

/**
 * @param {string | undefined} before how the one in place was had, where that is known
 * @returns {Promise<{ way: string, version?: string, why?: string }>}
 */
async function firstThatWorks(before) {
  if (isInPlace()) {
    const proved = await step('Trying the native TensorFlow engine', prove);
    if ('version' in proved) return { way: before && before !== 'wasm' ? before : 'was there', ...proved };
  }
  for (const { folder, way } of keptOnes()) {
    putInPlace(folder);
    const proved = await step('Trying the native TensorFlow engine', prove);
    if ('version' in proved) return { way, ...proved };
  }
  const built = await buildTensorflow();
  if ('version' in built) return { way: builtWay, ...built };
  const own = await ownInstaller();
  if ('version' in own) return { way: "tfjs-node's own download", ...own };
  return { way: 'wasm', why: `${built.why}; ${own.why}` };
}

/**
 * @returns {Promise<{ version: string } | { why: string }>}
 */
async function ownInstaller() {
  const ended = await step("Fetching TensorFlow with tfjs-node's own installer", () =>
    run(process.execPath, [join('scripts', 'install.js')], {
      cwd: tfjsNode,
      env: { PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) },
      watch: join(tfjsNode, 'deps'),
      stallMs: 60_000,
      limitMs: 1_800_000,
    }),
  );
  if (ended.code !== 0) return { why: `tfjs-node's own download failed: ${ended.why}` };
  const proved = await prove();
  return 'version' in proved ? proved : { why: `tfjs-node's own library does not work: ${proved.why}` };
}
