// A real core with real children over a library of drawn films, for tests of runs.
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { onTestFinished } from 'vitest';
import type { Child } from '#core/children/child.ts';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { temporaryFolder } from '#test/library.ts';

/** A core whose library holds drawn films, and the children it starts. `measured`: folder of what was measured of the computer. */
export async function drawnLibrary({ measured }: { measured?: string } = {}) {
  const inner = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');
  const tensorflow: Child[] = [];
  const core = createCore({
    library: join(temporaryFolder(), 'library'),
    create: true,
    home: null,
    ...(measured ? { measured } : {}),
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
  /** Follows a run to its end; `after` is told each epoch. */
  const follow = async (run: number, after: (epoch: number) => void = () => undefined) => {
    for await (const event of await client.runs.follow({ run })) {
      if (event.kind === 'epoch') after(event.epoch.epoch);
      if (event.kind === 'end') return event.run;
    }
    throw new Error('a run ends');
  };
  return { core, client, tensorflow, follow, folder: core.desk.library().paths };
}
