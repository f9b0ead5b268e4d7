// Checkpoints of a training: all it takes to go on after an epoch as if nothing had happened, one file an epoch.
// Must not know engines: what they learn on from is a set of named numbers.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { epoch } from '#api/runs.ts';
import { writeWhole } from '#core/libraries/durable.ts';
import { Problem } from '#core/problem.ts';
import type { Progress } from './epochs.ts';
import type { TrainingPlan } from './trainer.ts';

export interface Checkpoint extends Progress {
  /** What trained: only the same can go on. */
  engine: 'graph' | 'layers' | 'head';
  precision: 'float32' | 'bfloat16';
  /** Epochs of its curve that the head on a body learned alone, where the body learns on. */
  head?: number | undefined;
}

/** The newest one, and the one before it should the newest be damaged. */
const kept = 2;
const name = /^epoch-(\d{4})\.checkpoint$/;

const randomState = z.object({
  words: z.tuple([z.number().int(), z.number().int(), z.number().int(), z.number().int()]),
  spare: z.number().nullable(),
});
const header = z.object({
  films: z.string(),
  engine: z.enum(['graph', 'layers', 'head']),
  precision: z.enum(['float32', 'bfloat16']),
  head: z.number().int().optional(),
  curve: z.array(epoch).min(1),
  best: z.object({ epoch: z.number().int(), sureness: z.object({ factor: z.number(), loss: z.number() }) }),
  order: randomState,
  augmentation: randomState,
  /** Lengths of the best weights, then the state; their numbers follow in this order. */
  weights: z.array(z.number().int().nonnegative()),
  state: z.array(z.object({ name: z.string(), shape: z.array(z.number().int().nonnegative()) })),
});

/** The checkpoints of one run in a folder of their own. */
export class Checkpoints {
  readonly #folder: string;
  readonly #films: string;

  constructor(folder: string, plan: TrainingPlan) {
    this.#folder = folder;
    this.#films = hashOf(plan);
  }

  /**
   * Writes one, whole or not at all, and removes those that are no longer needed. Without waiting for the disk: whoever is
   * killed loses nothing, and after a power cut a file that is not whole is found out by its hash.
   */
  write({ engine, precision, head, curve, best, order, augmentation, state }: Checkpoint): void {
    const names = Object.keys(state);
    const text = JSON.stringify({
      films: this.#films,
      engine,
      precision,
      head,
      curve,
      best: { epoch: best.epoch.epoch, sureness: best.sureness },
      order,
      augmentation,
      weights: best.weights.map(({ length }) => length),
      state: names.map((key) => ({ name: key, shape: state[key]?.shape ?? [] })),
    } satisfies z.input<typeof header>);
    const numbers = [...best.weights, ...names.map((key) => state[key]?.values ?? new Float32Array())];
    const body = [Buffer.from(`${text}\n`), ...numbers.map(bytesOf)];
    const path = join(this.#folder, `epoch-${String(curve.length).padStart(4, '0')}.checkpoint`);
    writeWhole(path, [Buffer.from(`${sha256(body)}\n`), ...body]);
    const newest = namesOf(this.#folder).slice(0, kept);
    for (const old of readdirSync(this.#folder)) {
      if (!newest.includes(old)) rmSync(join(this.#folder, old), { force: true });
    }
  }

  /**
   * The newest that is whole, and how many newer ones were not.
   * @throws Problem NOTHING_TO_RESUME, RESUME_CHANGED when it was learned from other films or labels
   */
  newest(): { checkpoint: Checkpoint; damaged: number } {
    let damaged = 0;
    for (const file of namesOf(this.#folder)) {
      const found = readCheckpoint(join(this.#folder, file));
      if (!found) damaged++;
      else if (found.films !== this.#films) throw new Problem('RESUME_CHANGED');
      else return { checkpoint: found.checkpoint, damaged };
    }
    throw new Problem('NOTHING_TO_RESUME', { damaged });
  }
}

/** Whether a run has checkpoints, whole or not. */
export function hasCheckpoints(folder: string): boolean {
  return namesOf(folder).length > 0;
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => name.test(file))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** Null for a file that is not the one written. */
function readCheckpoint(path: string): { checkpoint: Checkpoint; films: string } | null {
  try {
    const bytes = readFileSync(path);
    const body = bytes.subarray(65);
    if (bytes.subarray(0, 65).toString('latin1') !== `${sha256([body])}\n`) return null;
    const end = body.indexOf('\n');
    const { films, best, weights, state, ...rest } = header.parse(JSON.parse(body.toString('utf8', 0, end)));
    const numbers = new Float32Array(Uint8Array.from(body.subarray(end + 1)).buffer);
    let from = 0;
    const take = (length: number) => numbers.slice(from, (from += length));
    const bestEpoch = rest.curve.find((one) => one.epoch === best.epoch);
    if (!bestEpoch) return null;
    const kept = { epoch: bestEpoch, sureness: best.sureness, weights: weights.map(take) };
    const read = state.map(({ name, shape }) => {
      return [name, { values: take(shape.reduce((product, side) => product * side, 1)), shape }] as const;
    });
    if (from !== numbers.length) return null;
    return { films, checkpoint: { ...rest, best: kept, state: Object.fromEntries(read) } };
  } catch {
    return null;
  }
}

/** Of all that is learned from: films, labels, parts and boxes. */
function hashOf({ pixels, labels, parts, boxes }: TrainingPlan): string {
  const hash = createHash('sha256').update(pixels).update(labels).update(parts);
  if (boxes) hash.update(JSON.stringify(boxes));
  return hash.digest('hex');
}

/** Little-endian, as every machine Node runs on has them. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

function sha256(pieces: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const bytes of pieces) hash.update(bytes);
  return hash.digest('hex');
}
