// Jobs: long work that shows how far it is, how long it will take, and can be cancelled.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { nothing, procedure, time } from './base.ts';

export const job = z.object({
  id: z.string(),
  kind: z.enum(['preview', 'import', 'demo', 'train', 'classify', 'slice', 'backup', 'verify', 'calibrate']),
  title: z.string().describe('what is being done, as the status bar says it'),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable().describe('null while not yet known'),
  unit: z.string().describe('of done and total: films, epochs, files'),
  secondsLeft: z.number().nullable(),
  startedAt: time,
  subject: z.number().int().nullable().describe('row number of the run or import it works on'),
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
});
export type Job = z.infer<typeof job>;

export const jobs = {
  list: procedure.input(nothing('Jobs under way and lately ended, the newest first.')).output(z.array(job)),
  watch: procedure.input(nothing('The list of jobs, again whenever one moves.')).output(eventIterator(z.array(job))),
  follow: procedure
    .input(z.object({ job: z.string() }).describe('One job, again whenever it moves, until it ends.'))
    .output(eventIterator(job)),
  cancel: procedure
    .input(z.object({ job: z.string() }).describe('Asks a job to stop; what it has finished stays.'))
    .output(z.object({})),
};
