import { describe, expect, it } from 'vitest';
import { runSettings } from '#api/runs.ts';
import type { Epoch, RunDetail, RunEvent } from '#api/runs.ts';
import type { Core } from '#renderer/connect.ts';
import { LiveRun } from '#renderer/train/live-run.svelte.ts';
import { sampleCurve } from '../charts/sample.ts';

const curve = sampleCurve(4, 2);

function detail(state: RunDetail['state'], epochs: Epoch[]): RunDetail {
  return {
    id: 7,
    state,
    title: 'Paper preset, 28 × 28',
    settings: runSettings.parse({ epochs: 4 }),
    engine: 'TensorFlow native',
    startedAt: '2026-11-23T14:11:00.000Z',
    seconds: null,
    films: 100,
    epochs: epochs.length,
    best: epochs[1] ?? epochs[0] ?? null,
    test: null,
    openings: 0,
    error: null,
    synthetic: false,
    resumable: false,
    series: null,
    curve: epochs,
    remark: null,
    memorisingSince: null,
    patientsKnown: true,
    parts: [],
    checking: null,
    sentence: null,
    record: { versions: {}, dataHash: '', splitHash: '', machine: '', precision: null, tuning: null, resumes: [] },
  };
}

/** A core whose stream breaks after each list of events but the last; "wait" holds it until `release`. */
function coreOf(streams: (RunEvent | 'wait')[][]): { core: Core; asked: () => number; release: () => void } {
  let opened = 0;
  const { promise: released, resolve: release } = Promise.withResolvers<unknown>();
  const runs = {
    follow: async () => {
      const events = streams[Math.min(opened++, streams.length - 1)]!;
      return (async function* () {
        for (const event of events) {
          if (event === 'wait') await released;
          else yield event;
        }
        if (opened < streams.length) throw new Error('the stream broke');
      })();
    },
    get: async () => detail('running', curve.slice(0, 2)),
  };
  return { core: { runs } as unknown as Core, asked: () => opened, release: () => release(null) };
}

const epoch = (number: number): RunEvent => ({ kind: 'epoch', epoch: curve[number - 1]! });
const end: RunEvent = { kind: 'end', run: detail('done', curve) };

describe('a run that is followed', () => {
  it('keeps its epochs in order and ends once', async () => {
    const { core } = coreOf([[epoch(1), epoch(2), end]]);
    const ended = await new Promise<RunDetail>((done) => new LiveRun(core, 7, done).follow());
    expect(ended.curve).toEqual(curve);
  });

  it('loses and doubles nothing when the stream breaks and begins anew', async () => {
    const { core, asked, release } = coreOf([
      [epoch(1), epoch(2)],
      [epoch(1), epoch(2), epoch(3), 'wait', end],
    ]);
    let over = false;
    const live = new LiveRun(core, 7, () => (over = true));
    live.follow();
    await expect.poll(() => live.epochs.length).toBeGreaterThanOrEqual(3);
    expect(asked()).toBe(2);
    expect(live.epochs.map((e) => e.epoch)).toEqual([1, 2, 3]);
    release();
    await expect.poll(() => over).toBe(true);
    expect(live.epochs.map((e) => e.epoch)).toEqual([1, 2, 3, 4]);
    expect(live.running).toBe(false);
  });

  it('keeps the last epoch that was the best so far', async () => {
    const { core } = coreOf([[epoch(1), epoch(2), epoch(3), epoch(4), end]]);
    const live = await new Promise<LiveRun>((done) => {
      const run: LiveRun = new LiveRun(core, 7, () => done(run));
      run.follow();
    });
    expect(live.best?.epoch).toBe(2);
  });

  it('says why it cannot be stopped, and can be asked again', async () => {
    const { core } = coreOf([[epoch(1)]]);
    core.runs.stop = (() => Promise.reject(new Error('no'))) as unknown as Core['runs']['stop'];
    const live = new LiveRun(core, 7, () => undefined);
    await expect(live.stop()).rejects.toThrow('no');
    expect(live.stopping).toBe(false);
  });
});
