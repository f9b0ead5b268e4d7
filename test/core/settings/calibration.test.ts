// What is chosen of what was measured, when it is kept, and who has the last word.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runSettings } from '#api/runs.ts';
import type { Calibration } from '#api/settings.ts';
import { Jobs } from '#core/jobs/jobs.ts';
import { silent } from '#core/log.ts';
import { Calibrations } from '#core/settings/calibration/calibrations.ts';
import { fastest } from '#core/settings/calibration/choose.ts';
import { sameMachine, thisMachine, threadCounts } from '#core/settings/calibration/machine.ts';
import { asEnvironmentSays, environmentOf, usualTuning } from '#core/settings/calibration/tuning.ts';
import { temporaryFolder } from '#test/library.ts';

afterEach(() => vi.unstubAllEnvs());

describe('what is chosen', () => {
  const usual = { name: 'usual', speeds: [100, 98, 102, 101, 99] };
  const chosen = (...others: { name: string; speeds: number[] }[]) => fastest([usual, ...others]).name;

  it('is the usual setting unless another is faster beyond noise', () => {
    expect(chosen()).toBe('usual');
    expect(chosen({ name: 'slower', speeds: [50, 51, 52] })).toBe('usual');
    expect(chosen({ name: 'hardly faster', speeds: [103, 104, 104, 104, 105] })).toBe('usual');
    expect(chosen({ name: 'faster now and then', speeds: [80, 90, 110, 140, 150] })).toBe('usual');
    expect(chosen({ name: 'faster', speeds: [108, 110, 111] })).toBe('faster');
  });

  it('is the fastest of those that are, and one slow call does not change it', () => {
    const fast = { name: 'fast', speeds: [120, 121, 122, 120, 121] };
    const faster = { name: 'faster', speeds: [130, 20, 131, 132, 131] };
    expect(chosen(fast, faster)).toBe('faster');
    expect(chosen(faster, fast)).toBe('faster');
  });
});

describe('the computer', () => {
  it('tells its cores from its threads where the system does', () => {
    const processor = (socket: number, core: number) =>
      `processor : 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;
    const cores = (pairs: [number, number][]) => pairs.map((pair) => processor(...pair)).join('\n');
    expect(
      threadCounts(
        8,
        cores([
          [0, 0],
          [0, 0],
          [0, 1],
          [0, 1],
          [1, 0],
          [1, 0],
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toEqual([8, 4]);
    expect(
      threadCounts(
        12,
        cores([
          [0, 0],
          [0, 1],
          [0, 2],
          [0, 3],
          [0, 4],
          [0, 5],
          [0, 6],
          [0, 7],
        ]),
      ),
    ).toEqual([12, 8, 6]);
    expect(threadCounts(6, '')).toEqual([6, 3]);
    expect(threadCounts(1, '')).toEqual([1]);
  });

  it('is another one with another processor, thread count or version', () => {
    const here = thisMachine('2.21.0', '0.1.0');
    expect(sameMachine(here, thisMachine('2.21.0', '0.1.0'))).toBe(true);
    for (const other of [{ processor: 'x' }, { threads: here.threads + 1 }, { tensorflow: '3' }, { osteon: '1' }]) {
      expect(sameMachine(here, { ...here, ...other })).toBe(false);
    }
  });
});

describe('what was measured', () => {
  const settings = (size: number, engine: 'auto' | 'wasm' = 'auto') => runSettings.parse({ size, engine });
  const fewer = { oneDnn: false, threads: 1, stepsPerCall: 3 };
  const measured = (tensorflow = '2.21.0'): Calibration => {
    const tried = { ...fewer, imagesPerSecond: 10 };
    return {
      at: new Date(0).toISOString(),
      machine: thisMachine(tensorflow, 'test'),
      sizes: [{ size: 28, chosen: tried, usual: tried, tried: [tried] }],
    };
  };
  /** Over a folder with this file, beside a TensorFlow of this name. Starts no child: it would be a fault. */
  const over = (file: string | null, name = 'native') => {
    const folder = temporaryFolder();
    if (file !== null) writeFileSync(join(folder, 'calibration.json'), file);
    const startChild = () => {
      throw new Error('no child is to be started');
    };
    const probe = () => Promise.resolve({ name, version: '2.21.0' });
    const services = { startChild, jobs: new Jobs(silent), log: silent, version: 'test', probe };
    return new Calibrations({ folder, byItself: false }, services);
  };
  const tune = (kept: Calibrations, ...of: Parameters<typeof settings>) =>
    kept.tuningFor(settings(...of), new AbortController().signal, () => undefined);

  it('is taken at sizes like the one it was measured at; others train as usual', async () => {
    const kept = over(JSON.stringify(measured()));
    expect(await tune(kept, 28)).toEqual(fewer);
    expect(await tune(kept, 64)).toEqual(fewer);
    expect(await tune(kept, 128)).toEqual(usualTuning(128));
    expect(await tune(kept, 28, 'wasm')).toBeNull();
    expect(await tune(over(JSON.stringify(measured()), 'wasm'), 28)).toBeNull();
  });

  it('counts for one computer and its versions, and a file that cannot be read counts as none', async () => {
    for (const file of [JSON.stringify(measured('2.20.0')), '{"at": 1', '{}', '[]', 'null', null]) {
      const kept = over(file);
      expect(await kept.current(), String(file)).toBeNull();
      expect(await tune(kept, 28)).toEqual({ oneDnn: true, threads: availableParallelism(), stepsPerCall: 10 });
    }
  });

  it('gives way to what the environment says', async () => {
    expect(asEnvironmentSays(fewer, {})).toEqual(fewer);
    const said = { TF_ENABLE_ONEDNN_OPTS: '1', TF_NUM_INTRAOP_THREADS: '3' };
    expect(asEnvironmentSays(fewer, said)).toEqual({ oneDnn: true, threads: 3, stepsPerCall: 3 });
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '7');
    expect(await tune(over(JSON.stringify(measured())), 28)).toMatchObject({ oneDnn: false, threads: 7 });
    expect(environmentOf({ oneDnn: false, threads: 7 })).toMatchObject({
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_NUM_INTRAOP_THREADS: '7',
      TF_NUM_INTEROP_THREADS: '7',
    });
  });

  it('says in words that there is nothing to choose without the native library', async () => {
    const started = over(null, 'wasm').start();
    await expect(started).rejects.toMatchObject({
      code: 'NOTHING_TO_MEASURE',
      message: expect.stringContaining('nothing to choose') as string,
      next: expect.stringContaining('doctor') as string,
    });
  });
});

it('tests never measure by themselves', () => {
  expect(process.env['OSTEON_CALIBRATE']).toBe('no');
  for (const file of ['vitest.config.ts', 'playwright.config.ts']) {
    expect(readFileSync(file, 'utf8')).toContain('OSTEON_CALIBRATE');
  }
});
