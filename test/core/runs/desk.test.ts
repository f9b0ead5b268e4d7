// Runs over a real core with real children: small networks, few films.
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import type { Child } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { temporaryFolder } from '#test/library.ts';

const settings = { epochs: 1, patience: null, size: 32, batch: 8, judge: false };
const TIMEOUT_MS = 600_000;

/** A core whose library holds drawn films, and the children it starts. */
async function trained() {
  const inner = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');
  const tensorflow: Child[] = [];
  const core = createCore({
    library: join(temporaryFolder(), 'library'),
    create: true,
    home: null,
    startChild(kind, environment) {
      const child = inner(kind, environment);
      if (kind === 'tensorflow') tensorflow.push(child);
      return child;
    },
    log: silent,
    version: 'test',
    host: 'test',
  });
  onTestFinished(() => core.close());
  await core.desk.imports.demo({ images: 40, seed: 3 }).done;
  const client = createRouterClient(core.router);
  const over = async (run: number) => {
    for await (const event of await client.runs.follow({ run })) if (event.kind === 'end') return event.run;
    throw new Error('a run ends');
  };
  return { core, client, tensorflow, over };
}

test(
  'of two starts at once one trains; judging twice at once counts one opening',
  async () => {
    const { core, client, over } = await trained();
    const starts = await Promise.allSettled([client.runs.start({ settings }), client.runs.start({ settings })]);
    const [first, second] = starts.toSorted((a, b) => a.status.localeCompare(b.status));
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'TRAINING_BUSY' } });
    const run = first?.status === 'fulfilled' ? first.value.run : 0;
    expect(await over(run)).toMatchObject({ state: 'done', openings: 0 });
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
    const { client, tensorflow, over } = await trained();
    const first = await client.runs.start({ settings });
    expect(await over(first.run)).toMatchObject({ state: 'done' });
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
    expect(await over(third.run)).toMatchObject({ state: 'done' });
  },
  TIMEOUT_MS,
);
