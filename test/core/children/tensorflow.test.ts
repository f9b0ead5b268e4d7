// The real TensorFlow child over its real channel: a training, answers, and what goes wrong (trust B3 in part, B7).
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { epoch as epochShape, layerRow, step as stepShape } from '#api/runs.ts';
import type { Epoch, Step } from '#api/runs.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { Answered } from '#core/cnn/answer.ts';
import type { TrainingOrder, TrainingResult } from '#core/cnn/train-model.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';
import { Problem } from '#core/problem.ts';
import { planOf } from '../cnn/films.ts';
import { orderOf as orderIn } from './order.ts';

type Event = { kind: 'engine'; engine: string } | { kind: 'step'; step: Step } | { kind: 'epoch'; epoch: Epoch };

const startChild = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');
const askers: Asker[] = [];
let home: string;
let made = 0;

beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'osteon-child-'));
});
afterEach(() => askers.splice(0).forEach((asker) => asker.child.kill()));
afterAll(() => rmSync(home, { recursive: true }));

function start(environment: Record<string, string> = {}): Asker {
  const asker = new Asker(startChild('tensorflow', environment));
  askers.push(asker);
  return asker;
}

const orderOf = (plan: TrainingPlan) => orderIn(plan, home, String(++made));

const train = (asker: Asker, order: TrainingOrder, onEvent?: (event: Event) => void, signal?: AbortSignal) =>
  asker.ask<TrainingResult, Event>('train', order, { ...(onEvent && { onEvent }), signal });

const codeOf = async (asked: Promise<unknown>) => {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  return error instanceof Problem ? error.code : error;
};

const shaOf = (folder: string) =>
  createHash('sha256')
    .update(readFileSync(path.join(folder, 'weights.bin')))
    .digest('hex');

describe('the TensorFlow child', () => {
  it('says what it is, and what a network is made of', async () => {
    const asker = start();
    const probe = await asker.ask<Record<string, unknown>>('probe', { engine: 'auto' });
    expect(probe).toMatchObject({
      sentence: expect.stringMatching(/^TensorFlow/) as string,
      threads: expect.any(Number) as number,
    });
    const { layers, weights } = await asker.ask<{ layers: unknown[]; weights: number }>('describe', {
      settings: planOf(2).settings,
    });
    expect(layers.map((row) => layerRow.parse(row)).length).toBe(8);
    expect(weights).toBe(92_737);
    const small = { ...planOf(2).settings, kernel: 5 };
    expect(await codeOf(asker.ask('describe', { settings: small }))).toBe('BAD_SETTINGS');
  });

  it('trains, saves, answers from what it saved and explains; the films to judge with stay sealed', async () => {
    const asker = start();
    const plan = planOf(120, { epochs: 4, seed: 2 });
    const order = orderOf(plan);
    const events: Event[] = [];
    const result = await train(asker, order, (event) => events.push(event));
    const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [epochShape.parse(event.epoch)] : []));
    const steps = events.flatMap((event) => (event.kind === 'step' ? [stepShape.parse(event.step)] : []));
    expect(events[0]).toMatchObject({ kind: 'engine', engine: result.engine, precision: 'float32' });
    expect(epochs.map((epoch) => epoch.epoch)).toEqual([1, 2, 3, 4]);
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(result).toMatchObject({ ended: 'all epochs', problem: null, epochs: 4 });
    expect(result.best).toEqual(epochs[result.bestEpoch - 1]);
    expect(result.probabilities).toBeInstanceOf(Float32Array);
    result.probabilities.forEach((p, film) => expect(Number.isNaN(p)).toBe(plan.parts[film] === 2));
    expect(readdirSync(order.modelFolder).sort()).toEqual(['model.json', 'osteon.json', 'weights.bin']);

    const model = { modelFolder: order.modelFolder, cardSha256: result.cardSha256, preprocess: 1 };
    const other = start();
    const answers = await other.ask<Float32Array>('predict', { ...model, pixels: plan.pixels, count: 120 });
    result.probabilities.forEach((p, film) => {
      if (!Number.isNaN(p)) expect(answers[film]).toBeCloseTo(p, 6);
    });
    const film = plan.pixels.slice(784, 2 * 784);
    const answer = await other.ask<Answered>('explain', { ...model, pixels: film, colour: 0 });
    if (answer.refusal !== null) throw new Error(answer.refusal);
    expect(answer.probability).toBeCloseTo(answers[1]!, 5);
    expect(answer.heat).toBeInstanceOf(Uint8Array);
    expect([answer.gridSize, answer.heat.length]).toEqual([28, 784]);
    const nothing = { ...model, pixels: new Uint8Array(784), colour: 0 };
    expect(await other.ask<Answered>('explain', nothing)).toEqual({
      refusal: 'it is one even grey, with nothing on it',
    });
  });

  it('answers a film and its mirror image alike where it was trained to', async () => {
    const asker = start();
    const plan = planOf(60, { epochs: 2, mirrorAnswers: true });
    const order = orderOf(plan);
    const { probabilities, cardSha256 } = await train(asker, order);
    const mirrored = plan.pixels.slice();
    for (let row = 0; row < 60 * 28; row++) mirrored.subarray(row * 28, (row + 1) * 28).reverse();
    const model = { modelFolder: order.modelFolder, cardSha256, preprocess: 1 };
    const ask = (pixels: Uint8Array) => asker.ask<Float32Array>('predict', { ...model, pixels, count: 60 });
    const [straight, other] = [await ask(plan.pixels), await ask(mirrored)];
    straight.forEach((p, film) => expect(other[film]).toBeCloseTo(p, 5));
    probabilities.forEach((p, film) => Number.isNaN(p) || expect(straight[film]).toBeCloseTo(p, 5));
    const explained = await asker.ask<Answered>('explain', { ...model, pixels: plan.pixels.slice(0, 784), colour: 0 });
    if (explained.refusal !== null) throw new Error(explained.refusal);
    expect(explained.probability).toBeCloseTo(straight[0]!, 5);

    const plainOrder = orderOf({ ...plan, settings: { ...plan.settings, mirrorAnswers: false } });
    const plain = await train(asker, plainOrder);
    const without = { ...model, modelFolder: plainOrder.modelFolder, cardSha256: plain.cardSha256 };
    const one = await asker.ask<Float32Array>('predict', { ...without, pixels: plan.pixels, count: 60 });
    const two = await asker.ask<Float32Array>('predict', { ...without, pixels: mirrored, count: 60 });
    expect(Math.max(...one.map((p, film) => Math.abs(p - two[film]!)))).toBeGreaterThan(1e-3);
  });

  it('gives the same weights twice on one thread, and wasm answers as the native library does layer by layer', async () => {
    const oneThread = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1' };
    const settings = { epochs: 2, augmentation: true };
    const [first, second] = [orderOf(planOf(60, settings)), orderOf(planOf(60, settings))];
    await train(start(oneThread), first);
    await train(start(oneThread), second);
    expect(shaOf(second.modelFolder)).toBe(shaOf(first.modelFolder));

    const wasm = start();
    const probe = await wasm.ask<{ name: string; sentence: string }>('probe', { engine: 'wasm' });
    expect(probe).toMatchObject({ name: 'wasm', sentence: expect.stringContaining('slower') as string });
    const onWasm = orderOf(planOf(60, { ...settings, engine: 'wasm' }));
    const { probabilities } = await train(wasm, onWasm);
    const films = { pixels: planOf(60, settings).pixels, count: 60 };
    const layers = orderOf(planOf(60, { ...settings, engine: 'layers' }));
    await train(start(), layers);
    const native = await start().ask<Float32Array>('predict', { modelFolder: layers.modelFolder, ...films });
    probabilities.forEach((p, film) => {
      if (!Number.isNaN(p)) expect(Math.abs(native[film]! - p)).toBeLessThan(1e-3);
    });
    expect(await wasm.ask<Float32Array>('predict', { modelFolder: first.modelFolder, ...films })).toHaveLength(60);
  });

  it('falls back to wasm without the native library, says why, and says so when there is none at all', async () => {
    /** Node options of a child in which these packages cannot be loaded. */
    const without = (...packages: string[]) => {
      const hook = path.join(home, `without-${packages.length}.cjs`);
      const lines = [
        `const Module = require('node:module'); const load = Module._load; const gone = ${JSON.stringify(packages)};`,
        `Module._load = function (name, ...rest) {`,
        `  if (gone.includes(name)) throw new Error('no ' + name + ' here\\nand more');`,
        `  return load.call(this, name, ...rest);`,
        `};`,
      ];
      writeFileSync(hook, lines.join('\n'));
      return { NODE_OPTIONS: `--require ${hook}` };
    };
    const wasm = await start(without('@tensorflow/tfjs-node')).ask('probe', { engine: 'auto' });
    const reason = 'The native library could not be loaded: no @tensorflow/tfjs-node here';
    expect(wasm).toMatchObject({ name: 'wasm', threads: 1, sentence: expect.stringMatching(`${reason}$`) as string });
    const none = start(without('@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm')).ask('probe', {
      engine: 'auto',
    });
    expect(await codeOf(none)).toBe('ENGINE_MISSING');
  });

  it('stops when asked, keeps the best epoch, and can be asked again', async () => {
    const asker = start();
    const order = orderOf(planOf(80, { epochs: 1000, size: 128 }));
    const abort = new AbortController();
    const stopAfterTwo = (event: Event) => event.kind === 'epoch' && event.epoch.epoch === 2 && abort.abort();
    const result = await train(asker, order, stopAfterTwo, abort.signal);
    expect(result.ended).toBe('stopped');
    expect(result.epochs).toBeLessThan(1000);
    expect(existsSync(order.modelFolder)).toBe(true);
    expect(await asker.ask('probe', { engine: 'auto' })).toBeTruthy();
  });

  it('is told dead when it is killed, and leaves no model behind', async () => {
    const asker = start();
    const order = orderOf(planOf(80, { epochs: 1000, size: 128 }));
    const killed = train(asker, order, (event) => event.kind === 'epoch' && asker.child.kill());
    const error: unknown = await killed.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChildDied);
    expect((error as ChildDied).reason).toBe('signal SIGKILL');
    expect(existsSync(order.modelFolder)).toBe(false);
  });
});

describe('what cannot be trained', () => {
  it('stops with a code and saves nothing', async () => {
    const asker = start();
    const spoiled = (plan: TrainingPlan, spoil: (plan: TrainingPlan) => void) => (spoil(plan), orderOf(plan));
    const cases: [string, TrainingOrder][] = [
      ['LOSS_NOT_FINITE', orderOf(planOf(60, { optimizer: 'sgd', learningRate: 10, batch: 4 }))],
      ['ONE_CLASS_ONLY', spoiled(planOf(40), (plan) => plan.labels.fill(0))],
      ['TOO_FEW_FILMS', orderOf(planOf(1))],
      ['FILMS_EMPTY', spoiled(planOf(40), (plan) => plan.pixels.fill(0))],
      ['PART_WITHOUT_BOTH', spoiled(planOf(40), (plan) => plan.parts.fill(0))],
      ['BAD_SETTINGS', orderOf(planOf(40, { kernel: 5 }))],
      ['BAD_SETTINGS', orderOf(planOf(40, { preset: 'none' }))],
    ];
    for (const [code, order] of cases) {
      expect(await codeOf(train(asker, order))).toBe(code);
      expect(existsSync(order.modelFolder)).toBe(false);
    }
  });

  it('says so when the model cannot be written', async () => {
    const order = orderOf(planOf(40, { epochs: 1 }));
    const asked = train(start(), { ...order, modelFolder: '/dev/null/model' });
    expect(await codeOf(asked)).toBe('PATH_UNUSABLE');
  });
});
