// Runs over a real core with real children: small networks, few films.
import { expect, test } from 'vitest';
import { drawnLibrary } from './drawn-library.ts';

const settings = { epochs: 1, patience: null, size: 32, batch: 8, judge: false };
const TIMEOUT_MS = 600_000;

test(
  'of two starts at once one trains; judging twice at once counts one opening',
  async () => {
    const { core, client, follow } = await drawnLibrary();
    const starts = await Promise.allSettled([client.runs.start({ settings }), client.runs.start({ settings })]);
    const [first, second] = starts.toSorted((a, b) => a.status.localeCompare(b.status));
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'TRAINING_BUSY' } });
    const run = first?.status === 'fulfilled' ? first.value.run : 0;
    expect(await follow(run)).toMatchObject({ state: 'done', openings: 0 });
    expect(await client.runs.list()).toHaveLength(1);
    const judged = await Promise.all([client.runs.judge({ run }), client.runs.judge({ run })]);
    expect(judged[0].test).toEqual(judged[1].test);
    const openings = core.desk.library().db.raw.prepare('SELECT run_id FROM openings').all();
    expect(openings).toEqual([{ run_id: run }]);
  },
  TIMEOUT_MS,
);

test(
  'films are answered while a training runs; a trainer that is killed fails its run and nothing else',
  async () => {
    const { client, tensorflow, follow } = await drawnLibrary();
    const first = await client.runs.start({ settings });
    expect(await follow(first.run)).toMatchObject({ state: 'done' });
    const before = new Set(tensorflow);
    const second = await client.runs.start({ settings: { ...settings, epochs: 500, seed: 2, size: 128 } });
    let answeredBy = 0;
    let epochs = 0;
    for await (const event of await client.runs.follow({ run: second.run })) {
      if (event.kind !== 'epoch' || ++epochs !== 1) continue;
      answeredBy = (await client.predictions.classify({ xray: 1 })).model.run;
      expect((await client.runs.get({ run: second.run })).state).toBe('running');
      // The trainer is the only child that this run started: answers come from the one that was there.
      const started = tensorflow.filter((child) => !before.has(child));
      expect(started).toHaveLength(1);
      started[0]?.kill();
    }
    expect(answeredBy).toBe(first.run);
    const failed = await client.runs.get({ run: second.run });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'TRAINER_DIED' } });
    expect(failed.error?.message).toMatch(/SIGKILL/);
    expect(failed.curve.length).toBeGreaterThan(0);
    const third = await client.runs.start({ settings: { ...settings, seed: 3 } });
    expect(await follow(third.run)).toMatchObject({ state: 'done' });
  },
  TIMEOUT_MS,
);

test(
  'a fold learns and chooses within the films that are not for judging, and leaves the split and the seal as they are',
  async () => {
    const { client, follow } = await drawnLibrary();
    const open = { ...settings, judge: true };
    const { parts } = await client.runs.plan({ settings: open });
    const folds = [];
    for (const number of [1, 2]) {
      const { run } = await client.runs.start({ settings: { ...open, fold: { number, of: 2 } } });
      folds.push(await follow(run));
    }
    for (const fold of folds) expect(fold).toMatchObject({ state: 'done', test: null, openings: 0 });
    expect(folds.map(({ title }) => title.slice(-11))).toEqual(['fold 1 of 2', 'fold 2 of 2']);
    expect(folds[0]?.parts.map(({ films }) => films)).not.toEqual(parts.map(({ films }) => films));
    for (const fold of folds) expect(fold.parts[2]).toEqual(parts[2]);
    expect((await client.runs.plan({ settings: open })).parts).toEqual(parts);
  },
  TIMEOUT_MS,
);

test(
  'a plan counts the steps that balanced batches take',
  async () => {
    const { client } = await drawnLibrary();
    // A class that is rarer: some fractures are set aside.
    const { films } = await client.xrays.list({ filter: { label: ['fracture'] }, limit: 100 });
    const xrays = films.slice(0, 5).map(({ id }) => id);
    await client.labels.set({ xrays, label: 'uncertain' });
    const plain = { ...settings, batch: 2 };
    const balanced = { ...plain, balanced: true };
    const planned = await client.runs.plan({ settings: balanced });
    expect(planned.ready).toBe(true);
    expect(planned.stepsPerEpoch).toBeGreaterThan((await client.runs.plan({ settings: plain })).stepsPerEpoch);
    const { run } = await client.runs.start({ settings: balanced });
    let steps = 0;
    for await (const event of await client.runs.follow({ run })) if (event.kind === 'step') steps = event.step.batches;
    expect(steps).toBe(planned.stepsPerEpoch);
  },
  TIMEOUT_MS,
);

test(
  'films of a source that is only learned from never judge, one left out takes no part, and the split of the others stays',
  async () => {
    const { core, client, follow } = await drawnLibrary();
    const { films } = await client.xrays.list({ filter: {}, limit: 100 });
    const { db } = core.desk.library();
    for (const { id } of films)
      if (id % 3 === 0) db.raw.prepare("UPDATE xrays SET source = 'Elsewhere' WHERE id = ?").run(id);
    const without = await client.runs.plan({ settings: { ...settings, sources: { Elsewhere: 'none' } } });
    const more = { ...settings, sources: { Elsewhere: 'learn' as const } };
    const planned = await client.runs.plan({ settings: more });
    expect(planned.sources.map(({ source }) => source)).toEqual(['Demo set', 'Elsewhere']);
    expect(planned.parts.slice(1)).toEqual(without.parts.slice(1));
    const elsewhere = planned.sources[1]?.films ?? 0;
    expect(planned.parts[0]?.films).toBe((without.parts[0]?.films ?? 0) + elsewhere - planned.tied);
    const { run } = await client.runs.start({ settings: more });
    expect(await follow(run)).toMatchObject({ state: 'done' });
    const rows = db.raw
      .prepare("SELECT part FROM run_films JOIN xrays ON xrays.id = xray_id WHERE run_id = ? AND source = 'Elsewhere'")
      .all(run) as { part: string }[];
    expect(rows).toHaveLength(elsewhere - planned.tied);
    expect(new Set(rows.map(({ part }) => part))).toEqual(new Set(['learn']));
  },
  TIMEOUT_MS,
);
