// Changing one setting leaves the others as they are: through the contract, as the window does.
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { settings as shape } from '#api/settings.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { temporaryFolder } from '#test/library.ts';

test('a setting that is not named stays, every one of them can be named', async () => {
  const core = createCore({
    library: join(temporaryFolder(), 'library'),
    create: true,
    home: null,
    startChild: () => {
      throw new Error('nothing is asked of a child');
    },
    log: silent,
    version: 'test',
    host: 'test',
  });
  onTestFinished(() => core.close());
  const client = createRouterClient(core.router);
  const { training } = await client.settings.get();
  const chosen = shape.parse({
    theme: 'dark',
    tileSize: 128,
    autoAdvance: false,
    rendering: 'cpu',
    training: { ...training, epochs: 7 },
    several: { kind: 'seeds', count: 3 },
    keys: { undo: ['z'] },
  });
  expect(Object.keys(chosen).sort()).toEqual(Object.keys(shape.shape).sort());
  expect(await client.settings.set(chosen)).toEqual(chosen);
  expect(await client.settings.set({ theme: 'light' })).toEqual({ ...chosen, theme: 'light' });
  expect(await client.settings.set({ several: null })).toEqual({ ...chosen, theme: 'light', several: null });
});
