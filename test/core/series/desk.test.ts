// Series over a real core with real children: small networks, few films.
import { expect, test } from 'vitest';
import type { Series } from '#api/series.ts';
import { drawnLibrary } from '#test/core/runs/drawn-library.ts';

const settings = { epochs: 2, patience: null, size: 32, batch: 8, seed: 4 };
const long = { epochs: 40, size: 64, batch: 8, judge: false };
const TIMEOUT_MS = 600_000;

type Library = Awaited<ReturnType<typeof drawnLibrary>>;

/** Follows a series to its end; `begun` is told each run as it begins. */
async function followSeries(
  { client }: Pick<Library, 'client'>,
  series: number,
  begun: (run: number, number: number) => unknown = () => undefined,
): Promise<Series> {
  for await (const event of await client.series.follow({ series })) {
    if (event.kind === 'end') return event.series;
    await begun(event.run, event.number);
  }
  throw new Error('a series ends');
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test(
  'a series over seeds trains on the films of its first run, and ends with mean, spread and an ensemble',
  async () => {
    const library = await drawnLibrary();
    const { client } = library;
    const begun = await client.series.start({ settings, kind: 'seeds', count: 2 });
    await expect(client.series.start({ settings, kind: 'seeds', count: 2 })).rejects.toMatchObject({
      code: 'TRAINING_BUSY',
    });
    await expect(client.series.judge({ series: begun.series })).rejects.toMatchObject({ code: 'SERIES_NOT_DONE' });
    // A label that is changed meanwhile is for the next training.
    await client.labels.set({ xrays: [1, 2, 3], label: 'uncertain' });
    const titles = new Set<string>();
    const done = await followSeries(library, begun.series, async () => {
      for (const { kind, title } of await client.jobs.list()) if (kind === 'train') titles.add(title);
    });
    expect([...titles]).toEqual(['Training run 1, 1 of 2', 'Training run 2, 2 of 2']);
    expect(done).toMatchObject({ state: 'done', runs: [1, 2], finished: 2, count: 2, openings: 3, resumable: false });
    const runs = await Promise.all(done.runs.map((run) => client.runs.get({ run })));
    expect(runs.map((run) => [run.settings.seed, run.series])).toEqual([
      [4, begun.series],
      [5, begun.series],
    ]);
    expect(runs[1]?.record.dataHash).toBe(runs[0]?.record.dataHash);
    expect(runs[1]?.record.splitHash).toBe(runs[0]?.record.splitHash);
    const [a = 0, b = 0] = runs.map(({ checking }) => checking?.auc ?? 0);
    expect(done.checking.auc?.mean).toBeCloseTo(mean([a, b]), 12);
    expect(done.checking.auc?.deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    expect(done.test.accuracy?.mean).toBeCloseTo(mean(runs.map(({ test }) => test?.accuracy ?? 0)), 12);
    await expect(client.series.resume({ series: begun.series })).rejects.toMatchObject({ code: 'NOTHING_MISSING' });
    await expect(client.series.get({ series: 9 })).rejects.toMatchObject({ code: 'SERIES_NOT_FOUND' });
    expect((await client.libraries.verify({})).findings).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a series that is stopped keeps what it has and starts no more; it goes on to its end',
  async () => {
    const library = await drawnLibrary();
    const { client, follow } = library;
    const { series, run } = await client.series.start({ settings: long, kind: 'seeds', count: 2 });
    await follow(run, (epoch) => epoch === 2 && void client.series.stop({ series }));
    const stopped = await followSeries(library, series);
    expect(stopped).toMatchObject({ state: 'stopped', runs: [run], finished: 0, resumable: true, ensemble: null });
    const kept = await client.runs.get({ run });
    expect(kept).toMatchObject({ state: 'stopped', best: { best: true } });
    expect(await client.runs.list()).toHaveLength(1);
    expect((await client.series.resume({ series })).run).toBe(run);
    const done = await followSeries(library, series);
    expect(done).toMatchObject({ state: 'done', runs: [run, run + 1], finished: 2, test: { auc: null } });
    const [first, second] = await Promise.all(done.runs.map((one) => client.runs.get({ run: one })));
    expect(first?.record.resumes).toEqual([{ epoch: kept.epochs, damaged: 0 }]);
    expect(first?.curve.slice(0, kept.epochs)).toEqual(kept.curve);
    expect(second?.record.resumes).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'where a trainer is killed in the middle, what is done stays done, and the rest goes on',
  async () => {
    const library = await drawnLibrary();
    const { client, follow, tensorflow } = library;
    const { series } = await client.series.start({ settings: long, kind: 'folds', count: 2 });
    const failed = await followSeries(library, series, async (run, number) => {
      if (number === 2) await follow(run, (epoch) => epoch === 3 && tensorflow.at(-1)?.kill());
    });
    expect(failed).toMatchObject({ state: 'failed', runs: [1, 2], finished: 1, resumable: true });
    const first = await client.runs.get({ run: 1 });
    expect(await client.runs.get({ run: 2 })).toMatchObject({ state: 'failed', error: { code: 'TRAINER_DIED' } });
    expect((await client.series.resume({ series })).run).toBe(2);
    const done = await followSeries(library, series);
    expect(done).toMatchObject({ state: 'done', runs: [1, 2], finished: 2, openings: 0, ensemble: null });
    expect(await client.runs.get({ run: 1 })).toEqual(first);
    const [one, two] = await Promise.all(done.runs.map((run) => client.runs.get({ run })));
    expect(two?.record.resumes[0]?.epoch).toBeGreaterThanOrEqual(3);
    // What one fold learns from the other is chosen by; the films to judge with are the same.
    expect(one?.parts[0]?.films).toBe(two?.parts[1]?.films);
    expect(one?.parts[2]).toEqual(two?.parts[2]);
    await expect(client.series.judge({ series })).rejects.toMatchObject({ code: 'FOLDS_DO_NOT_ANSWER' });
  },
  TIMEOUT_MS,
);
