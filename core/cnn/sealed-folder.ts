// A network in a folder of three files: model.json and weights.bin as tfjs writes them, and a sealed card, osteon.json.
// Must not trust a folder: nothing in it is run or followed, and a file that is not the one saved is found out.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LayersModel, io } from '@tensorflow/tfjs';
import type { z } from 'zod';
import { makeFolder, syncFolder, temporaryBeside, writeDurably } from '#core/libraries/durable.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from './engine.ts';
import { weightsManifest } from './model-card.ts';

const [topologyFile, weightsFile, cardFile] = ['model.json', 'weights.bin', 'osteon.json'] as const;
/** Of every such folder. */
export const sealedFileNames = [topologyFile, weightsFile, cardFile];
/** No honest file of text is larger. */
const mostTextBytes = 8 * 1024 * 1024;

type Files = Record<typeof topologyFile | typeof weightsFile, string>;
type Damaged = (reason: string, cause?: unknown) => Problem;

/**
 * Writes a network into a new folder, whole or not at all: temporary folder, files fsynced, renamed, folder fsynced.
 * @returns SHA-256 of osteon.json, which holds those of the other two: keep it to know the network again.
 */
export async function writeSealed(tf: Tf, folder: string, model: LayersModel, content: object): Promise<string> {
  const { topology, weights } = await serialise(tf, model);
  const card = { ...content, files: { [topologyFile]: sha256(topology), [weightsFile]: sha256(weights) } };
  const sealed = JSON.stringify({ seal: sealOf(card), card }, null, 1);
  const temporary = temporaryBeside(folder);
  try {
    makeFolder(temporary);
    writeDurably(join(temporary, topologyFile), topology);
    writeDurably(join(temporary, weightsFile), weights);
    writeDurably(join(temporary, cardFile), sealed);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  syncFolder(dirname(folder));
  return sha256(sealed);
}

/**
 * Reads a network back. `build` makes it from the card alone; model.json is only checked: its layers are never turned into
 * objects. The caller disposes of the model.
 * @throws what `damaged` makes when anything is missing, changed, does not fit or is not a number
 */
export function readSealed<Card extends { files: Files }>(
  tf: Tf,
  folder: string,
  from: {
    card: z.ZodType<Card>;
    build(card: Card): LayersModel;
    damaged: Damaged;
    /** SHA-256 that `writeSealed` gave, where it is known. */
    expected: string | undefined;
  },
): { model: LayersModel; card: Card } {
  const { damaged, expected } = from;
  const read = (name: string, most: number): Buffer => {
    const entry = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!entry) throw damaged(`${name} is missing`);
    if (!entry.isFile()) throw damaged(`${name} is not a file`);
    if (entry.size > most) throw damaged(`${name} is larger than it can be`);
    return readFileSync(join(folder, name));
  };
  const card = readCard(read(cardFile, mostTextBytes), from.card, expected, damaged);
  const topology = read(topologyFile, mostTextBytes);
  if (sha256(topology) !== card.files[topologyFile]) throw damaged(`${topologyFile} is not the file that was saved`);
  const manifest = parsed(() => weightsManifest.parse(JSON.parse(topology.toString('utf8'))), topologyFile, damaged);
  const specs = manifest.weightsManifest[0].weights;

  const model = parsed(() => from.build(card), cardFile, damaged);
  try {
    const wanted = model.weights.map((weight) => ({ name: weight.originalName, shape: weight.shape }));
    const listed = specs.map(({ name, shape }) => ({ name, shape }));
    if (JSON.stringify(wanted) !== JSON.stringify(listed)) throw damaged('its weights are not those of its network');
    const bytes = 4 * model.countParams();
    const weights = read(weightsFile, bytes);
    if (sha256(weights) !== card.files[weightsFile]) throw damaged(`${weightsFile} is not the file that was saved`);
    if (weights.length !== bytes) throw damaged(`${weightsFile} has ${weights.length} bytes, not ${bytes}`);
    const values = floatsOf(weights);
    if (!values.every(Number.isFinite)) throw damaged('a weight is not a number');
    setWeights(tf, model, values);
    return { model, card };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function readCard<Card>(bytes: Buffer, schema: z.ZodType<Card>, expected: string | undefined, damaged: Damaged): Card {
  if (expected !== undefined && sha256(bytes) !== expected) throw damaged(`${cardFile} is not the file that was saved`);
  return parsed(
    () => {
      const sealed = JSON.parse(bytes.toString('utf8')) as { seal?: unknown; card?: unknown };
      if (sealed.seal !== sealOf(sealed.card)) throw damaged(`${cardFile} is not the file that was saved`);
      return schema.parse(sealed.card);
    },
    cardFile,
    damaged,
  );
}

/** Whatever goes wrong while reading what a file says is the file's fault. */
function parsed<T>(read: () => T, name: string, damaged: Damaged): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem && error.code === damaged('').code) throw error;
    throw damaged(`${name} cannot be read`, error);
  }
}

async function serialise(tf: Tf, model: LayersModel): Promise<{ topology: string; weights: Uint8Array }> {
  let artifacts: io.ModelArtifacts | null = null;
  const handler = tf.io.withSaveHandler((given) => {
    artifacts = given;
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
  });
  await model.save(handler);
  const { modelTopology, weightSpecs, weightData } = artifacts as unknown as io.ModelArtifacts;
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
  if (!floatsOf(weights).every(Number.isFinite)) throw new Error('a weight is not a number; the model is not saved');
  const topology = {
    format: 'layers-model',
    modelTopology,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  };
  return { topology: JSON.stringify(topology), weights };
}

function setWeights(tf: Tf, model: LayersModel, values: Float32Array): void {
  let from = 0;
  const tensors = model.getWeights().map((weight) => {
    const tensor = tf.tensor(values.slice(from, from + weight.size), weight.shape);
    from += weight.size;
    return tensor;
  });
  model.setWeights(tensors);
  tf.dispose(tensors);
}

/** Little-endian, as tfjs writes them and as every machine Node runs on has them. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Of the card as it is written, unknown settings and all, so that any changed figure is found. */
function sealOf(card: unknown): string {
  return sha256(JSON.stringify(card));
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
