// Looking inside the networks of a library, over a real core with real children.
import { expect, test } from 'vitest';
import { runFilms } from '#db/runs.ts';
import { drawnLibrary } from '../runs/drawn-library.ts';

const TIMEOUT_MS = 600_000;

test(
  'layers, maps and units of a run on a film of the library; a loss slice on checking films that can be cancelled',
  async () => {
    const { core, client, follow } = await drawnLibrary();
    await expect(client.networks.describe({})).rejects.toMatchObject({ code: 'NO_MODEL' });
    const { run } = await client.runs.start({ settings: { epochs: 1, size: 32, batch: 8, judge: false } });
    await follow(run);

    const network = await client.networks.describe({});
    expect(network).toMatchObject({ run, size: 32, title: 'Paper preset, 32 × 32' });
    const sum = network.layers.reduce((all, { parameters }) => all + parameters, 0);
    expect(sum).toBe(network.cost.parameters);
    const where = { run, xray: 1, layer: 1 };
    const maps = await client.networks.maps(where);
    expect(maps).toMatchObject({ height: 30, width: 30, channels: 32, values: null, columns: 6 });
    expect(maps.ranges).toHaveLength(32);
    const answer = await core.images(new Request(`http://x${maps.picture}`));
    expect(answer.headers.get('content-type')).toBe('image/png');

    const { probability } = await client.predictions.classify({ xray: 1 });
    const last = await client.networks.maps({ ...where, layer: network.layers.length - 1 });
    expect(last.values?.[0]).toBeCloseTo(probability, 5);
    const curves = await client.networks.activations({ run, xray: 1 });
    expect(curves.map(({ name, values }) => [name.split(',')[0], values === null])).toEqual([
      ['ReLU', false],
      ['logistic', false],
    ]);
    const before = await client.networks.activations({ run });
    expect(before.map(({ values }) => values)).toEqual([null, null]);
    await expect(client.networks.maps({ ...where, layer: 99 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(client.networks.maps({ ...where, xray: 999 })).rejects.toMatchObject({ code: 'XRAY_NOT_FOUND' });
    await expect(client.networks.describe({ run: 9 })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    await expect(client.networks.slice({ run, points: 4 })).rejects.toMatchObject({ code: 'BAD_INPUT' });

    expect(await client.networks.sliced({ run })).toBeNull();
    const { job } = await client.networks.slice({ run, points: 41 });
    for await (const { done } of await client.jobs.follow({ job })) if (done > 0) await client.jobs.cancel({ job });
    expect((await client.jobs.list()).find(({ id }) => id === job)?.state).toBe('cancelled');
    expect(await client.networks.sliced({ run })).toBeNull();
    const slice = await core.desk.networks.slice({ run, directions: 1, points: 3, reach: 1, seed: 1 }).done;
    expect(slice.films).toBe(runFilms(core.desk.library().db, run, 'choose').length);
    expect(await client.networks.sliced({ run })).toEqual(slice);
    // The loss in the middle is the one that training saw on these films, toned down as the model is.
    expect(slice.loss[0]?.[1]).toBeCloseTo(slice.trained, 6);
    expect((await client.runs.get({ run })).openings).toBe(0);
  },
  TIMEOUT_MS,
);
