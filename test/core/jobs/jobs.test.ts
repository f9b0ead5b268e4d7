import { expect, test } from 'vitest';
import { Jobs } from '#core/jobs/jobs.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { silent } from '#core/log.ts';
import { Problem } from '#core/problem.ts';

const start = { kind: 'import', title: 'Importing', unit: 'films' } as const;

/** Work that goes on until it is told how to end. */
function steered(jobs: Jobs) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let control: JobControl | null = null;
  const job = jobs.start(start, (given) => {
    control = given;
    given.signal.addEventListener('abort', () => reject(new Problem('CANCELLED')));
    return promise;
  });
  return { ...job, resolve, reject, progress: (done: number, total: number) => control?.progress(done, total) };
}

test('a job is followed from its start to its end', async () => {
  const jobs = new Jobs(silent);
  const work = steered(jobs);
  const seen: string[] = [];
  const following = (async () => {
    for await (const job of jobs.follow(work.job)) seen.push(`${job.state} ${job.done}/${job.total ?? '?'}`);
  })();
  await Promise.resolve();
  work.progress(3, 10);
  work.resolve('done');
  await following;
  expect(seen[0]).toBe('running 0/?');
  expect(seen.at(-1)).toBe('done 3/10');
});

test('a failed job says why and what to do; a cancelled one is no failure', async () => {
  const jobs = new Jobs(silent);
  const failing = steered(jobs);
  failing.reject(new Problem('DISK_FULL'));
  await expect(failing.done).rejects.toThrow(/disk is full/);
  const cancelled = steered(jobs);
  jobs.cancel(cancelled.job);
  await expect(cancelled.done).rejects.toThrow();
  const [second, first] = jobs.list();
  expect(first).toMatchObject({
    state: 'failed',
    error: { code: 'DISK_FULL', next: expect.stringMatching(/Free some space/) as string },
  });
  expect(second).toMatchObject({ state: 'cancelled', error: null });
});

test('watching ends when the watcher goes, and an unknown job is said', async () => {
  const jobs = new Jobs(silent);
  const away = new AbortController();
  const lists: number[] = [];
  const watching = (async () => {
    for await (const list of jobs.watch(away.signal)) lists.push(list.length);
  })();
  await Promise.resolve();
  steered(jobs).resolve('x');
  await new Promise((resolve) => setTimeout(resolve, 10));
  away.abort();
  await watching;
  expect(lists.at(-1)).toBe(1);
  expect(() => jobs.cancel('nope')).toThrow(/no longer there/);
});
