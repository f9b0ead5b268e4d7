// The runs of a series answering together: over a real core with real children.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseThreshold } from '#core/evaluation/threshold.ts';
import { runFilms } from '#db/runs.ts';
import { drawnLibrary } from '#test/core/runs/drawn-library.ts';

const settings = { epochs: 3, patience: null, size: 32, batch: 8, learningRate: 0.01, judge: false };
const TIMEOUT_MS = 600_000;
const logit = (p: number) => Math.log(p / (1 - p));
const together = (values: number[]) =>
  1 / (1 + Math.exp(-values.reduce((sum, p) => sum + logit(p), 0) / values.length));

test(
  'an ensemble is the mean of its members, is judged once and counted, and gives no answer where one is damaged',
  async () => {
    const { core, client, folder, tensorflow } = await drawnLibrary();
    const { series } = await client.series.start({ settings, kind: 'seeds', count: 3 });
    for await (const _ of await client.series.follow({ series }));
    const made = await client.series.get({ series });
    expect(made).toMatchObject({ state: 'done', openings: 0, ensemble: { test: null } });

    // On films: as its members, each asked alone.
    const model = `series:${series}` as const;
    for (const xray of [1, 2, 3]) {
      const alone = [];
      for (const run of made.runs) alone.push(await client.predictions.classify({ xray, model: run }));
      const answer = await client.predictions.classify({ xray, model });
      expect(answer.probability).toBeCloseTo(together(alone.map(({ probability }) => probability)), 5);
      expect(new Set(alone.map(({ probability }) => probability)).size).toBe(3);
      expect(answer.model).toMatchObject({ name: model, members: made.runs, test: null });
      expect(answer.model.title).toContain('3 seeds');
    }
    const [newest] = await client.predictions.models();
    expect(newest?.name).toBe(model);
    expect((await client.predictions.classify({ xray: 1 })).model.name).toBe(model);

    // Its threshold comes from the choosing films all of them share.
    const { db } = core.desk.library();
    const chosen = made.runs.map((run) => runFilms(db, run, 'choose'));
    for (const films of chosen)
      expect(films.map((film) => film.xray_id)).toEqual(chosen[0]?.map((film) => film.xray_id));
    const labels = (chosen[0] ?? []).map(({ label }) => (label === 'fracture' ? 1 : 0));
    const pooled = labels.map((_, film) => together(chosen.map((films) => films[film]?.probability ?? Number.NaN)));
    expect(newest?.threshold).toBeCloseTo(chooseThreshold(labels, pooled), 6);
    expect(made.ensemble?.checking.n).toBe(labels.length);

    // Judged twice at once: one opening.
    await expect(client.series.answers({ series })).resolves.toEqual([]);
    const judged = await Promise.all([client.series.judge({ series }), client.series.judge({ series })]);
    expect(judged.map(({ openings }) => openings)).toEqual([1, 1]);
    const openings = db.raw.prepare('SELECT run_id, series_id FROM openings').all();
    expect(openings).toEqual([{ run_id: made.runs[0], series_id: series }]);
    const { test: figures, sentence } = judged[0].ensemble ?? {};
    expect(sentence).toContain('none of them seen in training');
    const answers = await client.series.answers({ series });
    expect(answers).toHaveLength(figures?.n ?? 0);
    const right = answers.filter(({ label, answer }) => label === answer).length;
    expect(figures?.accuracy).toBeCloseTo(right / answers.length, 12);
    // Its members stay sealed, and their figures are their own.
    for (const run of made.runs) expect((await client.runs.get({ run })).test).toBeNull();

    // A member that is changed or gone: no answer, in words.
    // The child that answers keeps models open: another one reads them anew.
    for (const child of tensorflow) child.kill();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const weights = join(folder.models, String(made.runs[1]), 'weights.bin');
    writeFileSync(weights, 'x');
    await expect(client.predictions.classify({ xray: 1, model })).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringContaining(`The model of run ${made.runs[1]} is damaged`) as string,
    });
    rmSync(join(folder.models, String(made.runs[1])), { recursive: true });
    mkdirSync(join(folder.models, String(made.runs[1])));
    await expect(client.predictions.classify({ xray: 1, model })).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    expect((await client.predictions.classify({ xray: 1, model: made.runs[0] })).model.members).toBeNull();
    await expect(client.predictions.classify({ xray: 1, model: 'series:9' })).rejects.toMatchObject({
      code: 'SERIES_NOT_FOUND',
    });
  },
  TIMEOUT_MS,
);
