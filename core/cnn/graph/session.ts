// Runs a built graph in tfjs-node's native session: one call a signature, all signatures of a graph on the same variables.
// Must not know what the graph computes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine.ts';
import type { GraphBuilder } from './builder.ts';
import { messagesOf } from './messages.ts';
import { savedModel, tag } from './saved-model.ts';

/**
 * What tfjs-node's backend does for its own SavedModels. Straight to it, because `tf.node.loadSavedModel` reads and parses
 * the whole file once more for each signature.
 */
interface NativeBackend {
  loadSavedModelMetaGraph(path: string, tags: string): number;
  runSavedModel(
    id: number,
    inputs: Tensor[],
    inputInfos: { name: string; tfDtype: string }[],
    outputs: string[],
  ): Tensor[];
  deleteSavedModel(id: number): void;
  executeSingleOutput(name: string, attributes: { name: string; type: number; value: number }[], on: Tensor[]): Tensor;
  binding: { TF_ATTR_TYPE: number; TF_FLOAT: number; TF_INT32: number };
}

export type Fed = Record<string, { values: Float32Array | Int32Array; shape: number[] }>;
export type Fetched = Record<string, { values: Float32Array | Int32Array; shape: number[] }>;

export class Session {
  readonly #tf: Tf;
  readonly #signatures: GraphBuilder['signatures'];
  #id: number | null;

  private constructor(tf: Tf, signatures: GraphBuilder['signatures'], id: number) {
    this.#tf = tf;
    this.#signatures = signatures;
    this.#id = id;
  }

  /** Loads a graph. The caller closes the session; the file it is loaded from is gone when this returns. */
  static open(tf: Tf, graph: GraphBuilder): Session {
    const bytes = savedModel(messagesOf(tf), graph);
    const folder = mkdtempSync(join(tmpdir(), 'osteon-graph-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), bytes);
      return new Session(tf, graph.signatures, backendOf(tf).loadSavedModelMetaGraph(folder, tag));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Runs a signature; every input of it must be fed. */
  run(name: string, fed: Fed): Fetched {
    const signature = this.#signatures[name];
    if (!signature || this.#id === null) throw new Error(`there is no signature "${name}", or the session is closed`);
    const inputs: Tensor[] = [];
    let outputs: Tensor[] = [];
    try {
      const infos = Object.entries(signature.inputs).map(([key, { value }]) => {
        const given = fed[key];
        if (!given) throw new Error(`the signature "${name}" lacks its input "${key}"`);
        inputs.push(ownTensor(this.#tf, given));
        return { name: value.ref, tfDtype: value.dtype };
      });
      const names = Object.values(signature.outputs).map(({ ref }) => ref);
      outputs = backendOf(this.#tf).runSavedModel(this.#id, inputs, infos, names);
      return Object.fromEntries(Object.keys(signature.outputs).map((key, place) => [key, valuesOf(outputs[place])]));
    } finally {
      this.#tf.dispose([...inputs, ...outputs]);
    }
  }

  /** Frees the graph and its variables. */
  close(): void {
    if (this.#id !== null) backendOf(this.#tf).deleteSavedModel(this.#id);
    this.#id = null;
  }
}

/**
 * A tensor in the library's own memory. What `tf.tensor` makes may share JavaScript's: a variable would keep that, and
 * whichever thread of the library lets go of it last would enter the JavaScript engine from outside and end the process.
 */
function ownTensor(tf: Tf, { values, shape }: Fed[string]): Tensor {
  const backend = backendOf(tf);
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const dtype = { name: 'T', type: TF_ATTR_TYPE, value: values instanceof Float32Array ? TF_FLOAT : TF_INT32 };
  const shared = tf.tensor(values, shape);
  try {
    return backend.executeSingleOutput('DeepCopy', [dtype], [shared]);
  } finally {
    shared.dispose();
  }
}

const backendOf = (tf: Tf) => tf.backend() as unknown as NativeBackend;

function valuesOf(tensor: Tensor | undefined) {
  if (!tensor) throw new Error('the session gave no output');
  return { values: tensor.dataSync() as Float32Array | Int32Array, shape: tensor.shape };
}
