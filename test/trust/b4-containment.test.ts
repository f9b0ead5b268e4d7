// B4: a trainer that breaks in any way fails its own run, in words, and nothing else.
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { temporaryFolder } from '#test/library.ts';

const settings = { epochs: 1, patience: null, size: 28, batch: 8, judge: false };
/** What the run says of each. */
const ways: [way: string, code: string, reason: RegExp][] = [
  ['an abort', 'TRAINER_DIED', /SIGABRT/],
  ['a segmentation fault', 'TRAINER_DIED', /SIGSEGV/],
  ['a bus error', 'TRAINER_DIED', /SIGBUS/],
  ['no memory left', 'TRAINER_DIED', /out of memory/],
  ['an early end', 'TRAINER_DIED', /exit code 0/],
  ['messages of nonsense', 'TRAINER_DIED', /no answer/],
  ['events of nonsense', 'INTERNAL', /./],
  ['a result of nonsense', 'INTERNAL', /./],
  ['a flood', 'TRAINER_DIED', /exit code 9/],
  ['a channel that closes', 'TRAINER_DIED', /./],
];

test('a trainer that breaks fails its own run in words: labels, models and what comes after are as they were', async () => {
  const [real, broken] = [new URL('../../core/children/', import.meta.url), new URL('broken/', import.meta.url)].map(
    (folder) => nodeChildren(folder, '.ts'),
  );
  let breaks: string | null = null;
  let begun = Promise.withResolvers<boolean>();
  const core = createCore({
    library: join(temporaryFolder(), 'library'),
    create: true,
    home: null,
    startChild(kind, environment) {
      if (kind !== 'tensorflow' || breaks === null) return real!(kind, environment);
      begun.resolve(true);
      return broken!(kind, { ...environment, OSTEON_BREAK: breaks });
    },
    log: silent,
    version: 'test',
    host: 'test',
  });
  onTestFinished(() => core.close());
  await core.desk.imports.demo({ images: 40, seed: 3 }).done;
  const client = createRouterClient(core.router);
  /** The network is described by a child that answers: only the trainer breaks. */
  await client.runs.plan({ settings });
  const ended = async (run: number) => {
    for await (const event of await client.runs.follow({ run })) if (event.kind === 'end') return event.run;
    throw new Error('a run ends');
  };
  const good = await client.runs.start({ settings });
  expect(await ended(good.run)).toMatchObject({ state: 'done' });
  const answered = (await client.predictions.classify({ xray: 1 })).probability;
  for (const [way, code, reason] of ways) {
    breaks = way;
    const { run } = await client.runs.start({ settings });
    // The core answers and keeps labels while its trainer breaks.
    await client.labels.set({ xrays: [1], label: 'uncertain' });
    await client.labels.set({ xrays: [1], label: 'fracture' });
    const end = await ended(run);
    breaks = null;
    expect([way, end.state, end.error?.code]).toEqual([way, 'failed', code]);
    expect(end.error?.message, way).toMatch(reason);
    expect((await client.xrays.get({ xray: 1 })).label, way).toBe('fracture');
    expect((await client.predictions.classify({ xray: 1, model: good.run })).probability, way).toBe(answered);
  }
  // One that hangs hears no stop: asked again, it is ended.
  breaks = 'an endless loop';
  begun = Promise.withResolvers<boolean>();
  const hung = await client.runs.start({ settings });
  await begun.promise;
  await client.runs.stop({ run: hung.run });
  expect((await client.runs.get({ run: hung.run })).state).toBe('running');
  await client.runs.stop({ run: hung.run });
  expect(await ended(hung.run)).toMatchObject({ state: 'stopped', error: null });
  breaks = null;
  const last = await client.runs.start({ settings });
  expect(await ended(last.run)).toMatchObject({ state: 'done' });
}, 600_000);
