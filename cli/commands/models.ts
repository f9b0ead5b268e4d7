// Commands on runs: runs, series, classify.
import type { Command } from 'commander';
import { NOTICE, contract } from '#api/contract.ts';
import type { ModelName, Prediction } from '#api/predictions.ts';
import type { Run } from '#api/runs.ts';
import type { Series } from '#api/series.ts';
import { sentence } from '../describe.ts';
import { finishJob, note, out, show, withCore } from '../shell.ts';
import type { CommonOptions, Session } from '../shell.ts';
import { count } from './films.ts';

export function addModelCommands(program: Command): void {
  program
    .command('runs')
    .description(sentence(contract.runs.list))
    .action((options: CommonOptions) =>
      withCore(options, {}, async ({ client }) => {
        const runs = await client.runs.list();
        const rows = runs.map((run) => ({ ...run, notice: NOTICE }));
        show(options, rows, () => [...runs.map(runInWords), NOTICE].join('\n'));
        return 0;
      }),
    );
  program
    .command('series')
    .description(sentence(contract.series.list))
    .option('--judge <series>', sentence(contract.series.judge), count)
    .action((options: CommonOptions & { judge?: number }) =>
      withCore(options, {}, async ({ client }) => {
        const all =
          options.judge === undefined
            ? await client.series.list()
            : [await client.series.judge({ series: options.judge })];
        const rows = all.map((series) => ({ ...series, notice: NOTICE }));
        show(options, rows, () => [...all.map(seriesInWords), NOTICE].join('\n'));
        return 0;
      }),
    );
  program
    .command('classify <paths...>')
    .description(`${sentence(contract.predictions.classifyAll)} ${NOTICE}`)
    .option(
      '--model <name>',
      'who answers: a run, or the runs of series:NUMBER together; default: the newest',
      modelName,
    )
    .action((paths: string[], options: CommonOptions & { model?: ModelName }) =>
      withCore(options, {}, (session) => classify(session, paths, options)),
    );
}

/** 3 is a run, series:2 the runs of a series together. */
function modelName(text: string): ModelName {
  const series = /^series:(.+)$/.exec(text)?.[1];
  return series === undefined ? count(text) : `series:${count(series)}`;
}

function seriesInWords({ id, state, title, finished, count: of, checking, ensemble }: Series): string {
  const spread = checking.auc
    ? `AUC on the checking films: mean ${checking.auc.mean.toFixed(3)}, standard deviation ${checking.auc.deviation.toFixed(3)}`
    : 'no run finished';
  const test = ensemble?.test;
  const together = test
    ? `together ${(test.accuracy * 100).toFixed(1)} % of ${test.n} judging films, AUC ${test.auc.toFixed(2)}`
    : ensemble
      ? 'together: judging films sealed'
      : 'no answer together';
  return `series ${id}\t${state}\t${title}\t${finished} of ${of} runs\t${spread}\t${together}`;
}

function runInWords(run: Run): string {
  const figure = run.test
    ? `${(run.test.accuracy * 100).toFixed(1)} % of ${run.test.n} judging films, AUC ${run.test.auc.toFixed(2)}`
    : run.imported
      ? `imported from ${run.imported}, not measured here`
      : 'judging films sealed';
  return `run ${run.id}\t${run.state}\t${run.title}, ${run.films} films\t${run.epochs} epochs, best ${run.best?.epoch ?? '-'}\t${figure}`;
}

/** One object a film, in the order given; ends with 1 where a film could not be answered. */
async function classify(
  { client, core }: Session,
  paths: string[],
  options: CommonOptions & { model?: ModelName },
): Promise<number> {
  const { job, done } = core.desk.predictions.classifyAll({ paths, model: options.model });
  await finishJob(client, job);
  const rows = await done;
  let refused = 0;
  for (const row of rows) {
    if (row.prediction) show(options, answerRow(row.prediction), () => answerInWords(row.prediction));
    if (row.refusal) {
      refused++;
      const { path, code, reason } = row.refusal;
      if (options.json) out(JSON.stringify({ file: path, code, reason }));
      else note(`${path}: ${reason}`);
    }
  }
  if (!options.json && rows.length > refused) out(NOTICE);
  return refused > 0 ? 1 : 0;
}

function answerRow(prediction: Prediction) {
  const { file, probability, answer, threshold, model, box, notice } = prediction;
  return {
    file,
    probability,
    answer,
    threshold,
    model: model.name,
    learnedFrom: model.learnedFrom,
    test: model.test,
    imported: model.imported,
    box,
    notice,
  };
}

function answerInWords({ file, probability, answer, threshold, model }: Prediction): string {
  return `${file}\t${answer}\tprobability of fracture ${probability.toFixed(2)}, threshold ${threshold.toFixed(2)}, ${model.title}, learned from ${model.learnedFrom}`;
}
