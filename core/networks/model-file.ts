// A model file from elsewhere: model.json with the weights beside it read, and the work on it handed to a child of its own.
// Must not read anything but files beside model.json, nor say what the model is for.
import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { ForeignModel, Unusable } from '#core/cnn/foreign-model.ts';
import { Problem } from '#core/problem.ts';

const [MOST_JSON_BYTES, MOST_WEIGHT_BYTES] = [16 * 1024 * 1024, 1024 * 1024 * 1024];
/** Time an honest network is built in many times over. */
const MOST_MS = 120_000;

/** The part of model.json that is read here; what stands in the topology is checked where it is built. */
const modelJson = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().regex(/^[\w][\w.-]*$/)),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().nonnegative()).max(8),
          dtype: z.literal('float32'),
        }),
      ),
    }),
  ),
});

/** In a child of its own: a file that nobody vouches for takes nothing down, and holds nothing up for ever. */
export async function askAlone<Result>(
  startChild: StartChild,
  method: string,
  order: ForeignModel,
  unusable: Unusable,
): Promise<Result> {
  const asker = new Asker(startChild('tensorflow'));
  const late = setTimeout(() => asker.child.kill(), MOST_MS);
  try {
    return await asker.ask<Result>(method, order);
  } catch (error) {
    if (error instanceof ChildDied) throw unusable(`TensorFlow.js did not get it built (${error.reason})`, error);
    throw error;
  } finally {
    clearTimeout(late);
    asker.child.kill();
  }
}

/** @throws Problem FILE_UNREADABLE, and what `unusable` makes */
export function readModelFile(path: string, unusable: Unusable): ForeignModel {
  const folder = dirname(path);
  const text = bytesOf(path, MOST_JSON_BYTES, unusable).toString('utf8');
  let parsed: z.infer<typeof modelJson>;
  try {
    parsed = modelJson.parse(JSON.parse(text));
  } catch (error) {
    throw unusable('it is not a layers model of TensorFlow.js with float32 weights in files beside it', error);
  }
  const files = parsed.weightsManifest.flatMap(({ paths }) => paths);
  const weights = Buffer.concat(files.map((name) => bytesOf(join(folder, name), MOST_WEIGHT_BYTES, unusable)));
  const weightSpecs = parsed.weightsManifest.flatMap((group) => group.weights);
  const wanted = weightSpecs.reduce((sum, { shape }) => sum + 4 * shape.reduce((all, side) => all * side, 1), 0);
  if (weights.length !== wanted) throw unusable(`its weights have ${weights.length} bytes, not ${wanted}`);
  return { topology: parsed.modelTopology, weightSpecs, weights };
}

function bytesOf(path: string, most: number, unusable: Unusable): Buffer {
  const file = basename(path);
  try {
    const entry = lstatSync(path);
    if (!entry.isFile()) throw unusable(`${file} is not a file`);
    if (entry.size > most) throw unusable(`${file} is larger than it can be`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = (error as { code?: string }).code === 'ENOENT' ? 'there is no such file' : 'it may not be read';
    throw new Problem('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}
