// Work whose process is gone is over: it says so instead of running for ever.
// Must not touch the work of anyone who still has the library open.
import { updateImport } from '#db/imports.ts';
import { unfinished, updateRun } from '#db/runs.ts';
import { unfinishedSeries, updateSeries } from '#db/series.ts';
import { Problem, problemRow } from '#core/problem.ts';
import type { OpenLibrary } from './open.ts';
import { isPresent } from './presence.ts';

export function settleUnfinished({ db, paths }: Pick<OpenLibrary, 'db' | 'paths'>): void {
  const { runs, imports } = unfinished(db);
  const error = JSON.stringify(problemRow(new Problem('TRAINER_DIED', { epoch: '?', reason: 'Osteon was closed' })));
  for (const run of runs) {
    if (isPresent(paths, run.owner)) continue;
    updateRun(db, run.id, run.state === 'running' ? { state: 'failed', owner: null, error } : { owner: null });
  }
  for (const { id, owner } of unfinishedSeries(db)) {
    if (!isPresent(paths, owner)) updateSeries(db, id, { owner: null });
  }
  for (const { id, owner } of imports) {
    if (!isPresent(paths, owner)) updateImport(db, id, { state: 'cancelled', owner: null });
  }
}
