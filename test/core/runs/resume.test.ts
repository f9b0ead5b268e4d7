// A run that was stopped or broke off goes on: over a real core with real children.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawnLibrary } from './drawn-library.ts';

const settings = { epochs: 40, size: 64, batch: 8, judge: true };
const TIMEOUT_MS = 600_000;

test(
  'a run that was stopped goes on to its last epoch, answers by its new model and is judged once',
  async () => {
    const { client, follow, folder } = await drawnLibrary();
    const { run } = await client.runs.start({ settings });
    const stopped = await follow(run, (epoch) => epoch === 2 && void client.runs.stop({ run }));
    expect(stopped).toMatchObject({ state: 'stopped', resumable: true, test: null });
    expect(stopped.epochs).toBeLessThan(40);
    expect(readdirSync(folder.models)).toEqual(['1']);

    await client.runs.resume({ run });
    await expect(client.runs.resume({ run })).rejects.toMatchObject({ code: 'TRAINING_BUSY' });
    const done = await follow(run);
    expect(done).toMatchObject({ state: 'done', resumable: false, epochs: 40, error: null, openings: 1 });
    expect(done.curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(done.curve.slice(0, stopped.epochs)).toEqual(stopped.curve);
    expect(done.record.resumes).toEqual([{ epoch: stopped.epochs, damaged: 0 }]);
    expect(done.seconds ?? 0).toBeGreaterThan(stopped.seconds ?? 0);
    expect(done.test).not.toBeNull();
    // The earlier model went when the new one answered, and there is nothing more to go on from.
    expect(readdirSync(folder.models)).toEqual(['1.1']);
    expect(existsSync(join(folder.checkpoints, String(run)))).toBe(false);
    expect((await client.predictions.classify({ xray: 1 })).model.run).toBe(run);
    expect((await client.libraries.verify({})).findings).toEqual([]);
    await expect(client.runs.resume({ run })).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
    await expect(client.runs.resume({ run: 99 })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  },
  TIMEOUT_MS,
);

test(
  'a run whose trainer was killed goes on; one that is judged as it was left does not',
  async () => {
    const { client, follow, tensorflow, folder } = await drawnLibrary();
    const { run } = await client.runs.start({ settings: { ...settings, judge: false } });
    const failed = await follow(run, (epoch) => epoch === 3 && tensorflow.at(-1)?.kill());
    expect(failed).toMatchObject({ state: 'failed', resumable: true, error: { code: 'TRAINER_DIED' } });
    expect(failed.error?.next).toMatch(/go on/i);
    await client.runs.resume({ run });
    const stopped = await follow(run, (epoch) => epoch > failed.epochs && void client.runs.stop({ run }));
    expect(stopped.record.resumes[0]?.epoch).toBeGreaterThanOrEqual(3);
    expect(stopped.error).toBeNull();
    if (stopped.state === 'done') return;
    expect((await client.runs.judge({ run })).resumable).toBe(false);
    expect(existsSync(join(folder.checkpoints, String(run)))).toBe(false);
    await expect(client.runs.resume({ run })).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
  },
  TIMEOUT_MS,
);
