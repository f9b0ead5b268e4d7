import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { insertImport } from '#db/imports.ts';
import { insertRun } from '#db/runs.ts';
import { insertSeries } from '#db/series.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { testLibrary } from '#test/library.ts';

const opener = fileURLToPath(new URL('opener.ts', import.meta.url));

function work(library: OpenLibrary, owner: number, state = 'running'): void {
  const at = library.now().toISOString();
  const run = { engine: null, seconds: null, best_epoch: null, checking: null, test: null, error: null };
  insertRun(library.db, { ...run, state, owner, settings: '{}', started_at: at, films: 0, plan: '{}', record: '{}' });
  const facts = { at, title: 'x', root: 'x', layout: 'files', found: 0, duplicates: 0 };
  insertImport(library.db, { ...facts, state, owner });
  const series = { kind: 'seeds', count: 3, settings: '{}', checking: null, test: null };
  insertSeries(library.db, { ...series, started_at: at, owner });
}

const states = ({ db }: OpenLibrary) => ({
  runs: db.raw.prepare('SELECT state, owner FROM runs ORDER BY id').all(),
  imports: db.raw.prepare('SELECT state, owner FROM imports ORDER BY id').all(),
  series: db.raw.prepare('SELECT owner FROM series ORDER BY id').all(),
});

test('work whose opening is over is settled when the library is opened, also in the same process', () => {
  const library = testLibrary();
  work(library, library.owner);
  work(library, process.pid);
  library.close();
  const again = testLibrary(library.paths.folder);
  expect(states(again)).toEqual({
    runs: Array(2).fill({ state: 'failed', owner: null }),
    imports: Array(2).fill({ state: 'cancelled', owner: null }),
    series: Array(2).fill({ owner: null }),
  });
  const error = again.db.raw.prepare('SELECT error FROM runs').pluck().get();
  expect(JSON.parse(error as string)).toMatchObject({ code: 'TRAINER_DIED' });
});

test('a run that was being judged when its process ended stays done and belongs to nobody', () => {
  const library = testLibrary();
  work(library, library.owner, 'done');
  library.close();
  expect(states(testLibrary(library.paths.folder)).runs).toEqual([{ state: 'done', owner: null }]);
});

test('work of a process that lives is left alone; once it is killed, the next opening settles it', async () => {
  const library = testLibrary();
  const { folder } = library.paths;
  const child = fork(opener, [folder], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [owner] = (await once(child, 'message')) as [number];
  work(library, owner);
  testLibrary(folder).close();
  expect(states(library)).toEqual({
    runs: [{ state: 'running', owner }],
    imports: [{ state: 'running', owner }],
    series: [{ owner }],
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  testLibrary(folder).close();
  expect(states(library)).toEqual({
    runs: [{ state: 'failed', owner: null }],
    imports: [{ state: 'cancelled', owner: null }],
    series: [{ owner: null }],
  });
});
