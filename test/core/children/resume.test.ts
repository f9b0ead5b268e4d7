// Trust B1, B2 and B5: a training that was killed goes on after its last whole epoch and ends as one that was not.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunSettings } from '#api/runs.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { TrainingOrder, TrainingResult } from '#core/cnn/train-model.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { temporaryFolder } from '#test/library.ts';
import { planOf } from '../cnn/films.ts';
import { orderOf } from './order.ts';

type Event = { kind: string; epoch?: number | { epoch: number }; damaged?: number };

const KILLS = 12;
const TIMEOUT_MS = 600_000;
const startChild = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');
const oneThread = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1' };
const askers: Asker[] = [];
afterEach(() => askers.splice(0).forEach((asker) => asker.child.kill()));

function orderIn(home: string, settings: Partial<RunSettings>): TrainingOrder {
  // Large enough that the rest of a training outlasts the way of a kill on any computer.
  const plan = planOf(64, { epochs: 6, size: 48, ...settings });
  return { ...orderOf(plan, home, 'run'), checkpoints: path.join(home, 'checkpoints') };
}

function train(order: TrainingOrder, onEvent: (event: Event, kill: () => void) => void = () => undefined) {
  const asker = new Asker(startChild('tensorflow', oneThread));
  askers.push(asker);
  return asker.ask<TrainingResult, Event>('train', order, {
    onEvent: (event) => onEvent(event, () => asker.child.kill()),
  });
}

/** Trains until the epoch has been told, then kills. */
async function killAfter(order: TrainingOrder, epoch: number): Promise<void> {
  const end = train(order, (event, kill) => {
    if (event.kind === 'epoch' && (event.epoch as { epoch: number }).epoch === epoch) kill();
  });
  await expect(end).rejects.toBeInstanceOf(ChildDied);
}

/** Goes on to the end; where it went on from. */
async function goOn(order: TrainingOrder) {
  let from: Event | null = null;
  const result = await train({ ...order, resume: true }, (event) => {
    if (event.kind === 'resumed') from = event;
  });
  return { result, from: from as Event | null };
}

const shaOf = (order: TrainingOrder) =>
  createHash('sha256')
    .update(readFileSync(path.join(order.modelFolder, 'weights.bin')))
    .digest('hex');

const newestOf = (order: TrainingOrder) => {
  const folder = order.checkpoints as string;
  return path.join(folder, readdirSync(folder).sort().at(-1) as string);
};

const demanding = {
  augmentation: true,
  mirror: true,
  tones: true,
  averaging: 0.9,
  optimizer: 'adamw',
  weightDecay: 0.01,
  schedule: 'cosine',
} as const;

describe('a training that was killed', () => {
  const kinds: Partial<RunSettings>[] = [
    { engine: 'graph', ...demanding },
    { engine: 'layers', ...demanding },
    { engine: 'layers', optimizer: 'sgd' },
    { engine: 'graph', optimizer: 'momentum', patience: 2 },
  ];
  it.each(kinds)(
    'ends with the same weights as one that was not: %o',
    async (settings) => {
      const whole = orderIn(temporaryFolder(), settings);
      const reference = await train(whole);
      const order = orderIn(temporaryFolder(), settings);
      await killAfter(order, 2);
      expect(existsSync(order.modelFolder)).toBe(false);
      const { result, from } = await goOn(order);
      expect(from).toMatchObject({ damaged: 0 });
      expect(Number(from?.epoch)).toBeGreaterThanOrEqual(2);
      expect(shaOf(order)).toBe(shaOf(whole));
      expect([result.bestEpoch, result.epochs]).toEqual([reference.bestEpoch, reference.epochs]);
    },
    TIMEOUT_MS,
  );

  it(
    `${KILLS} times at any moment loses one epoch at most each time, and nothing in the end`,
    async () => {
      const settings = { engine: 'graph', ...demanding, epochs: 40, size: 28 } as const;
      const whole = orderIn(temporaryFolder(), settings);
      await train(whole);
      const order = orderIn(temporaryFolder(), settings);
      const dice = random(7);
      let told = 0;
      for (let kills = 0; kills < KILLS; kills++) {
        // One of the first epochs of each life, and a moment of it that the clock chooses.
        const lives = 1 + dice.below(3);
        const waitMs = dice.below(30);
        let [from, epochs] = [0, 0];
        const resume = existsSync(order.checkpoints as string) && told > 0;
        const end = train({ ...order, resume }, (event, kill) => {
          if (event.kind === 'resumed') from = Number(event.epoch);
          if (event.kind !== 'epoch') return;
          told = (event.epoch as { epoch: number }).epoch;
          if (++epochs === lives) setTimeout(kill, waitMs);
        });
        const died = await end.then(
          () => false,
          (error: unknown) => error instanceof ChildDied,
        );
        if (resume) expect(from).toBeGreaterThan(0);
        if (!died) break;
        expect(
          readdirSync(order.checkpoints as string).filter((name) => name.endsWith('.checkpoint')).length,
        ).toBeLessThan(3);
      }
      if (!existsSync(order.modelFolder)) {
        const { from } = await goOn(order);
        // What was told was kept before.
        expect(Number(from?.epoch)).toBeGreaterThanOrEqual(told);
      }
      expect(shaOf(order)).toBe(shaOf(whole));
    },
    TIMEOUT_MS,
  );

  it(
    'goes on from the checkpoint before where the newest is damaged, and says so',
    async () => {
      const settings = { engine: 'graph', ...demanding } as const;
      const whole = orderIn(temporaryFolder(), settings);
      await train(whole);
      const damages: [string, (file: string) => void][] = [
        ['cut', (file) => truncateSync(file, 1000)],
        ['empty', (file) => truncateSync(file, 0)],
        [
          'flipped',
          (file) => {
            const bytes = readFileSync(file);
            bytes[bytes.length - 9]! ^= 1;
            writeFileSync(file, bytes);
          },
        ],
      ];
      for (const [how, damage] of damages) {
        const order = orderIn(temporaryFolder(), settings);
        await killAfter(order, 3);
        const newest = Number(/epoch-(\d+)/.exec(newestOf(order))?.[1]);
        damage(newestOf(order));
        const { from } = await goOn(order);
        expect([how, from]).toEqual([how, { kind: 'resumed', epoch: newest - 1, damaged: 1 }]);
        expect(shaOf(order)).toBe(shaOf(whole));
      }
    },
    TIMEOUT_MS,
  );

  it('does not go on from other films, nor from nothing', async () => {
    const order = orderIn(temporaryFolder(), { engine: 'graph' });
    await killAfter(order, 2);
    const codeOf = async (changed: TrainingOrder) => {
      const error: unknown = await goOn(changed).catch((thrown: unknown) => thrown);
      return error instanceof Problem ? error.code : error;
    };
    const labels = order.labels.map((label) => 1 - label);
    expect(await codeOf({ ...order, labels })).toBe('RESUME_CHANGED');
    expect(await codeOf({ ...order, settings: { ...order.settings, engine: 'wasm' } })).toBe('RESUME_ENGINE');
    for (const name of readdirSync(order.checkpoints as string))
      writeFileSync(path.join(order.checkpoints as string, name), 'nothing');
    expect(await codeOf(order)).toBe('NOTHING_TO_RESUME');
    expect(existsSync(order.modelFolder)).toBe(false);
  });
});
