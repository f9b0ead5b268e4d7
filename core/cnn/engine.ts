// Loads TensorFlow, native where it can be had, as WebAssembly elsewhere, and says which.
// The only file that loads a tfjs package. Must not be loaded in the core or a worker thread: child processes only.
import { createRequire } from 'node:module';
import os from 'node:os';
import util from 'node:util';
import type * as tfjs from '@tensorflow/tfjs';
import type { RunSettings } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import { registerFilterGradient } from './wasm-filter-gradient.ts';
import { registerMaxPoolGradient } from './wasm-max-pool-gradient.ts';

/** The tfjs namespace. Everything in core/cnn gets it handed in, so that there is one tfjs-core and no loading by import. */
export type Tf = typeof tfjs;

export interface Engine {
  tf: Tf;
  name: 'native' | 'wasm';
  /** What runs and what it costs, for the window and for doctor. */
  sentence: string;
  threads: number;
  /** Whether the native library computes with oneDNN. */
  oneDnn: boolean;
  /** Of TensorFlow itself when native ("2.21.0"), of the tfjs package when wasm. */
  version: string;
}

// Not called require: the bundler brings one of that name along.
const loadModule = createRequire(import.meta.url);
let loading: Promise<Engine> | null = null;

/**
 * Loads an engine, or gives the one that is loaded. All take the native library and fall back to WebAssembly;
 * `wasm` insists on that. One process holds one engine: the backend of tfjs is global.
 * @throws Problem ENGINE_MISSING when neither can be loaded.
 */
export async function loadEngine(wanted: RunSettings['engine']): Promise<Engine> {
  loading ??= load(wanted);
  const engine = await loading;
  if (wanted === 'wasm' && engine.name !== 'wasm') {
    throw new Error('this process runs the native engine; the wasm engine needs a process of its own');
  }
  return engine;
}

/** Versions of TensorFlow, where it is native, and of tfjs around it. */
export function versionsOf({ tf, name, version }: Engine): Record<string, string> {
  return { ...(name === 'native' ? { tensorflow: version } : {}), tfjs: tf.version.tfjs };
}

/** The protocol buffer messages of tfjs-node, for graphs of our own: see graph/messages.ts. */
export function loadMessages(): unknown {
  return loadModule('@tensorflow/tfjs-node/dist/proto/api_pb.js');
}

async function load(wanted: RunSettings['engine']): Promise<Engine> {
  if (wanted === 'wasm') return loadWasm(null);
  try {
    return loadNative();
  } catch (error) {
    return loadWasm(firstLine(error));
  }
}

function loadNative(): Engine {
  // Read when the library loads: oneDNN halves the time of a step at 128 px on most processors; which settings are best on
  // this one is measured (core/settings/calibration/), and whoever starts this process says so. 2 keeps warnings out of the log.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  putBackUtil();
  const tf = loadModule('@tensorflow/tfjs-node') as Tf;
  if (tf.getBackend() !== 'tensorflow') throw new Error(`the native library gave the backend ${tf.getBackend()}`);
  proveItself(tf);
  const threads = Number(process.env['TF_NUM_INTRAOP_THREADS']) || os.availableParallelism();
  const version = libraryVersion(tf);
  const loaded = { threads, oneDnn: process.env['TF_ENABLE_ONEDNN_OPTS'] !== '0' };
  return { tf, name: 'native', ...loaded, version, sentence: `TensorFlow native ${version}, ${loadedInWords(loaded)}` };
}

/** `reason`: why the native library could not be had; null when WebAssembly was asked for. */
async function loadWasm(reason: string | null): Promise<Engine> {
  try {
    const tf = loadModule('@tensorflow/tfjs') as Tf;
    // Finds its .wasm files beside itself; setWasmPaths would make it fetch them, which Node refuses for files.
    loadModule('@tensorflow/tfjs-backend-wasm');
    tf.enableProdMode(); // else it advises, on stderr, to install the native library
    registerFilterGradient(tf);
    registerMaxPoolGradient(tf);
    if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
    proveItself(tf);
    // Threads would need a SharedArrayBuffer set-up that the package does not do in Node.
    const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD, ' : '';
    const cost = '10 to 15 times slower to train than the native library';
    const why = reason === null ? '' : `. The native library could not be loaded: ${reason}`;
    return {
      tf,
      name: 'wasm',
      threads: 1,
      oneDnn: false,
      version: tf.version.tfjs,
      sentence: `TensorFlow as WebAssembly, ${simd}one thread: ${cost}${why}`,
    };
  } catch (error) {
    const reasons = [reason, firstLine(error)].filter((text) => text !== null);
    throw new Problem('ENGINE_MISSING', { reason: reasons.join('; ') }, { cause: error });
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed from `util`. */
function putBackUtil(): void {
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}

/** "2 threads", "one thread, without oneDNN". */
export function loadedInWords({ threads, oneDnn }: Pick<Engine, 'threads' | 'oneDnn'>): string {
  return `${threads === 1 ? 'one thread' : `${threads} threads`}${oneDnn ? '' : ', without oneDNN'}`;
}

/** A library that loads may still compute nonsense: two matrices are multiplied before it counts as there. */
function proveItself(tf: Tf): void {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
  const values = product.dataSync();
  product.dispose();
  if (values.join() !== '19,22,43,50') throw new Error(`two matrices multiplied gave ${values.join()}`);
}

function libraryVersion(tf: Tf): string {
  const backend = tf.backend() as { binding?: { TF_Version?: unknown } };
  return typeof backend.binding?.TF_Version === 'string' ? backend.binding.TF_Version : tf.version.tfjs;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').trim();
}
