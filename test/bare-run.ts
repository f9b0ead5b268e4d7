// A run that stopped before anything came of it, for tests of what is refused then.
import { runSettings } from '#api/runs.ts';
import { insertRun } from '#db/runs.ts';
import type { Db } from '#db/open.ts';

/** Its number. */
export function insertBareRun(db: Db): number {
  return insertRun(db, {
    state: 'stopped',
    owner: null,
    settings: JSON.stringify(runSettings.parse({})),
    engine: null,
    started_at: new Date(0).toISOString(),
    seconds: null,
    best_epoch: null,
    films: 0,
    plan: '{"parts":[]}',
    record: JSON.stringify({ versions: {}, dataHash: '', splitHash: '', machine: '', card: null }),
    checking: null,
    test: null,
    error: null,
  });
}
