// Bodies of a library: taken in from a model.json, trained on in seconds, removed; runs that learned on one stand alone.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { greyInWords } from '#core/cnn/bodies/grey.ts';
import { runSettings } from '#api/runs.ts';
import { drawnLibrary } from '../runs/drawn-library.ts';

test('a body is taken in, learned on, judged and removed; its run answers on without it', async () => {
  const { client, core, follow, folder } = await drawnLibrary();
  const named = async () =>
    (await client.runs.presets()).map(({ name }) => name).filter((name) => name === 'pretrained');
  expect(await named()).toEqual([]);
  const pretrained = { preset: 'pretrained', body: 'own', size: 32, epochs: 8, batch: 8 };
  await expect(client.runs.start({ settings: pretrained })).rejects.toThrow(/has no pretrained body/);
  const { run: first } = await client.runs.start({ settings: { preset: 'resnet', epochs: 1, size: 32, batch: 8, judge: false } }); // prettier-ignore
  await follow(first);
  const path = join(folder.models, String(first), 'model.json');

  const body = await client.bodies.import({ path, name: 'own' });
  expect(body).toMatchObject({
    name: 'own',
    file: join(String(first), 'model.json'),
    size: 32,
    channels: 1,
    guessed: true,
  });
  expect(body.grey).toBe(greyInWords('0..1', 1));
  expect(await client.bodies.list()).toEqual([body]);
  expect(readdirSync(folder.bodies)).toEqual(['own']);
  expect(await named()).toEqual(['pretrained']);
  await expect(client.bodies.import({ path, name: 'OWN' })).rejects.toMatchObject({ code: 'BODY_EXISTS' });
  await expect(client.bodies.import({ path: join(folder.folder, 'none.json') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' }); // prettier-ignore
  await expect(client.bodies.import({ path: folder.database, name: 'other' })).rejects.toMatchObject({ code: 'BODY_UNUSABLE' }); // prettier-ignore
  expect(readdirSync(folder.bodies)).toEqual(['own']);

  for (const [settings, reason] of [
    [{ ...pretrained, body: null }, /needs a body; there are own/],
    [{ ...pretrained, body: 'theirs' }, /no body "theirs"; there are own/],
    [{ ...pretrained, size: 64 }, /takes films of 32 px, not 64/],
    [{ ...pretrained, kernel: 5 as const }, /has no kernel to set/],
    [{ body: 'own' }, /the network "paper" takes no body/],
    [{ fineTune: 1 }, /has no body to fine-tune/],
  ] as const) {
    await expect(client.runs.start({ settings })).rejects.toThrow(reason);
    expect((await client.runs.plan({ settings })).problem?.message).toMatch(reason);
  }

  expect((await client.runs.plan({ settings: pretrained })).layers.at(-1)?.name).toBe('Dense, logistic');
  expect((await client.networks.describe({ settings: runSettings.parse(pretrained) })).layers.length).toBeGreaterThan(
    5,
  );
  const { run } = await client.runs.start({ settings: { ...pretrained, mirrorAnswers: true } });
  const end = await follow(run);
  expect(end).toMatchObject({ state: 'done', title: 'Body own, 32 × 32', epochs: 8 });
  expect(end.test?.n).toBeGreaterThan(0);
  const features = join(folder.cache, 'features');
  expect(readdirSync(features)).toHaveLength(2);

  const learned = await client.runs.start({ settings: { ...pretrained, epochs: 2, fineTune: 1, judge: false } });
  expect((await follow(learned.run)).epochs).toBe(3);

  await client.bodies.remove({ name: 'own' });
  expect(await client.bodies.list()).toEqual([]);
  expect(existsSync(join(folder.bodies, 'own'))).toBe(false);
  expect(readdirSync(features)).toEqual([]);
  await expect(client.bodies.remove({ name: 'own' })).rejects.toMatchObject({ code: 'BODY_NOT_FOUND' });
  const answer = await client.predictions.classify({ xray: 1, model: run });
  expect(answer.probability).toBeGreaterThan(0);
  const layers = (await client.networks.describe({ run })).layers;
  const last = await client.networks.maps({ run: learned.run, xray: 1, layer: layers.length - 1 });
  expect(last.values?.[0]).toBeGreaterThan(0);
  expect(core.desk.runs.list()).toHaveLength(3);
}, 600_000);
