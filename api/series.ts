// Series: several trainings as one thing, over seeds or over folds, and what the runs of a series answer together.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { id, nothing, procedure, time } from './base.ts';
import { judgedAnswer, runSettings, testFigures } from './runs.ts';

/** Seeds: the same films, other first weights and order. Folds: learning and choosing films in turn. */
export const seriesKind = z.enum(['seeds', 'folds']);
export type SeriesKind = z.infer<typeof seriesKind>;

/** What a series is of. */
export const several = z.object({ kind: seriesKind, count: z.number().int().min(2).max(20) });
export type Several = z.infer<typeof several>;

const spread = z.object({
  mean: z.number(),
  deviation: z.number().describe('of a sample: over one less than the runs'),
});
export type Spread = z.infer<typeof spread>;

const spreads = z.object({ auc: spread.nullable(), accuracy: spread.nullable() });

/** The runs of a series over seeds, answering together: the mean of their logits. */
export const ensemble = z.object({
  checking: z.object({ auc: z.number(), accuracy: z.number(), n: z.number().int() }),
  test: testFigures.nullable().describe('null while sealed'),
  sentence: z.string().nullable().describe('the test figure in words'),
});
export type Ensemble = z.infer<typeof ensemble>;

export const series = z.object({
  id,
  kind: seriesKind,
  count: z.number().int().describe('runs it is of'),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  title: z.string(),
  settings: runSettings.describe('of its first run'),
  startedAt: time,
  seconds: z.number().describe('of all its runs'),
  runs: z.array(id).describe('begun, in order'),
  finished: z.number().int().describe('of them, to their end'),
  checking: spreads.describe('over finished runs, on the films each was chosen by'),
  test: spreads.describe('over finished runs; null where the judging films are sealed for one of them'),
  ensemble: ensemble.nullable().describe('null until all runs over seeds are finished, and over folds'),
  openings: z.number().int().describe('times the judging films of its split were opened, by any run'),
  resumable: z.boolean().describe('can go on with what is missing'),
});
export type Series = z.infer<typeof series>;

export const seriesEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: id, number: z.number().int() }),
  z.object({ kind: z.literal('end'), series }),
]);
export type SeriesEvent = z.infer<typeof seriesEvent>;

const whichSeries = (sentence: string) => z.object({ series: id }).describe(sentence);
const begun = z.object({ series: id, run: id, job: z.string() });

export const seriesProcedures = {
  start: procedure
    .input(
      several
        .extend({ settings: runSettings.prefault({}) })
        .describe('Starts several trainings, one after the other: over seeds, or over folds.'),
    )
    .output(begun),
  resume: procedure
    .input(
      whichSeries(
        'Goes on with a series: with the run that was stopped or broke off, then with those that are missing.',
      ),
    )
    .output(begun),
  stop: procedure
    .input(whichSeries('Stops a series: the run that is learning keeps its best epoch, the rest do not start.'))
    .output(z.object({})),
  follow: procedure
    .input(whichSeries('The runs of a series as they begin, from the first on, until it is over.'))
    .output(eventIterator(seriesEvent)),
  list: procedure.input(nothing('All series, the newest first.')).output(z.array(series)),
  get: procedure
    .input(whichSeries('One series with mean and spread, and what its runs answer together.'))
    .output(series),
  judge: procedure
    .input(whichSeries('Opens the judging films for the runs of a series together; each opening is counted.'))
    .output(series),
  answers: procedure
    .input(whichSeries('What the runs of a series answered together on each judging film; empty while sealed.'))
    .output(z.array(judgedAnswer)),
};
