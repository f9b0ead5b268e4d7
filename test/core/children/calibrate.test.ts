// Measuring with real children and the native library, and what a training makes of it.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runSettings } from '#api/runs.ts';
import { calibration } from '#api/settings.ts';
import { Asker } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import type { TrainingResult } from '#core/cnn/train-model.ts';
import { Jobs } from '#core/jobs/jobs.ts';
import { silent } from '#core/log.ts';
import { Calibrations } from '#core/settings/calibration/calibrations.ts';
import { thisMachine } from '#core/settings/calibration/machine.ts';
import { measure } from '#core/settings/calibration/measure.ts';
import { environmentOf, usualTuning } from '#core/settings/calibration/tuning.ts';
import { temporaryFolder } from '#test/library.ts';
import { planOf } from '../cnn/films.ts';
import { drawnLibrary } from '../runs/drawn-library.ts';
import { orderOf } from './order.ts';

const startChild = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');
const TIMEOUT_MS = 300_000;
const order = { sizes: [28], stepsPerCall: () => [2], milliseconds: 20, atMost: 60_000 };

describe('measuring', () => {
  it(
    'times every setting in children of its own, and chooses one it tried',
    async () => {
      const environments: (string | undefined)[] = [];
      const watched: typeof startChild = (kind, environment) => {
        environments.push(`${environment?.['TF_ENABLE_ONEDNN_OPTS']} ${environment?.['TF_NUM_INTRAOP_THREADS']}`);
        return startChild(kind, environment);
      };
      const told: number[] = [];
      const control = { signal: new AbortController().signal, progress: (done: number) => void told.push(done) };
      const [at28] = await measure(watched, { ...order, threads: [2, 1] }, control);
      expect(environments.slice(0, 2)).toEqual(['1 2', '0 2']);
      expect(environments[2]).toMatch(/^[01] 1$/);
      // Steps a call need no child of their own; only where another setting won the usual one is timed again.
      expect([3, 4]).toContain(environments.length);
      expect(at28?.tried.slice(0, 2).map(({ stepsPerCall }) => stepsPerCall)).toEqual([10, 2]);
      expect(told.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
      expect(at28?.tried).toHaveLength(4);
      expect(at28?.usual).toMatchObject({ oneDnn: true, threads: 2, stepsPerCall: 10 });
      expect(at28?.tried).toContainEqual(at28?.chosen);
      for (const { imagesPerSecond } of at28?.tried ?? []) expect(imagesPerSecond).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'stops when asked',
    async () => {
      const abort = new AbortController();
      const control = { signal: abort.signal, progress: (done: number) => void (done === 1 && abort.abort()) };
      const measured = measure(startChild, { ...order, threads: [1] }, control);
      await expect(measured).rejects.toMatchObject({ code: 'CANCELLED' });
    },
    TIMEOUT_MS,
  );
});

it(
  'before a first training it is done in short, once, and kept',
  async () => {
    const folder = temporaryFolder();
    const probe = () => Promise.resolve({ name: 'native', version: 'test' });
    const services = { startChild, jobs: new Jobs(silent), log: silent, version: 'test', probe };
    const calibrations = () => new Calibrations({ folder, byItself: true }, services);
    let measured = 0;
    const tune = (signal: AbortSignal) =>
      calibrations().tuningFor(runSettings.parse({ size: 32 }), signal, () => measured++);
    expect(await tune(AbortSignal.abort())).toEqual(usualTuning(32));
    expect(calibrations().kept('test')).toBeNull();
    const first = await tune(new AbortController().signal);
    const kept = calibrations().kept('test');
    expect(kept?.sizes.map(({ size }) => size)).toEqual([28]);
    expect(kept?.sizes[0]?.chosen).toMatchObject({ ...first });
    expect(await tune(new AbortController().signal)).toEqual(first);
    expect(measured).toBe(2);
  },
  TIMEOUT_MS,
);

it(
  'as many steps a call as one likes give the same weights',
  async () => {
    const home = temporaryFolder();
    const plan = planOf(120, { epochs: 2, batch: 8, augmentation: true });
    const shas = [];
    for (const stepsPerCall of [1, 4, 10]) {
      const asker = new Asker(startChild('tensorflow', environmentOf({ oneDnn: true, threads: 1 })));
      onTestFinished(() => asker.child.kill());
      const training = { ...orderOf(plan, home, String(stepsPerCall)), stepsPerCall };
      await asker.ask<TrainingResult>('train', training);
      shas.push(
        createHash('sha256')
          .update(readFileSync(join(training.modelFolder, 'weights.bin')))
          .digest('hex'),
      );
    }
    expect(new Set(shas).size).toBe(1);
  },
  TIMEOUT_MS,
);

describe('a training', () => {
  const settings = { epochs: 30, size: 64, batch: 8, judge: false };
  /** As if one thread without oneDNN, two steps a call, had been the fastest. */
  const keep = (path: string, tensorflow: string) => {
    const tried = { oneDnn: false, threads: 1, stepsPerCall: 2, imagesPerSecond: 1 };
    const sizes = [{ size: 28, chosen: tried, usual: tried, tried: [tried] }];
    const machine = thisMachine(tensorflow, 'test');
    writeFileSync(path, JSON.stringify(calibration.parse({ at: new Date().toISOString(), machine, sizes })));
  };

  it(
    'loads the library as was measured, its record says so, and it goes on with what its record says',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'calibration.json');
      const { core, client, follow } = await drawnLibrary({ measured: folder });
      keep(file, (await core.desk.engine.find()).version);
      const { run } = await client.runs.start({ settings });
      const stopped = await follow(run, (epoch) => epoch === 1 && void client.runs.stop({ run }));
      expect(stopped.state).toBe('stopped');
      expect(stopped.record.tuning).toEqual({ oneDnn: false, threads: 1, stepsPerCall: 2 });
      expect(stopped.engine).toMatch(/compiled step.*, one thread, without oneDNN$/);

      writeFileSync(file, 'broken');
      await client.runs.resume({ run });
      const done = await follow(run);
      expect(done).toMatchObject({ state: 'done', engine: stopped.engine });
      expect(done.record.tuning).toEqual(stopped.record.tuning);
      const other = await client.runs.start({ settings: { ...settings, epochs: 1 } });
      const usual = await follow(other.run);
      expect(usual.record.tuning).toEqual(usualTuning(64));
      if (availableParallelism() > 1) expect(usual.engine).toContain(`${availableParallelism()} threads`);
    },
    TIMEOUT_MS,
  );
});
