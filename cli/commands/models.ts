// Commands on networks: train, runs, classify.
import { Option } from 'commander';
import type { Command } from 'commander';
import { NOTICE, contract } from '#api/contract.ts';
import type { Prediction } from '#api/predictions.ts';
import { runSettings } from '#api/runs.ts';
import type { Epoch, NetworkCard, Preset, Run, RunDetail, RunSettings } from '#api/runs.ts';
import { many } from '#core/many.ts';
import { sentence } from '../describe.ts';
import { finishJob, followJob, note, out, show, withCore } from '../shell.ts';
import type { Client, CommonOptions, Session } from '../shell.ts';
import { count } from './films.ts';

interface TrainOptions extends CommonOptions {
  preset?: string;
  size?: number;
  kernel?: number;
  depth?: number;
  width?: number;
  epochs?: number;
  batch?: number;
  seed?: number;
  splitSeed?: number;
  engine?: RunSettings['engine'];
  precision?: RunSettings['precision'];
  patience?: number;
  learningRate?: number;
  optimizer?: RunSettings['optimizer'];
  schedule?: RunSettings['schedule'];
  warmUp?: number;
  weightDecay?: number;
  averaging?: number;
  labelSmoothing?: number;
  clipNorm?: number;
  resume?: number;
  judge: boolean;
  classWeights: boolean;
  augmentation?: boolean;
  mirror?: boolean;
  tones?: boolean;
  mirrorAnswers?: boolean;
}

export function addModelCommands(program: Command): void {
  program
    .command('train')
    .description('Trains a network on the labelled films; one line an epoch, then the figures on the judging films.')
    .option('--preset <name>', 'network; `osteon networks` lists them')
    .option('--size <px>', "side of the input; default: the network's own", count)
    .option('--kernel <px>', 'side of the filters, 3 or 5', count)
    .option('--depth <steps>', "steps down in size; default: the network's own", count)
    .option('--width <filters>', "filters at first; default: the network's own", count)
    .option('--epochs <epochs>', 'at most', count)
    .option('--batch <films>', 'films a step', count)
    .option('--seed <seed>', 'of weights and order', count)
    .option('--split-seed <seed>', 'of the split into learning, choosing and judging films', count)
    .addOption(new Option('--engine <engine>', 'what trains').choices(runSettings.shape.engine.unwrap().options))
    .addOption(
      new Option('--precision <precision>', 'of what flows between layers').choices(
        runSettings.shape.precision.unwrap().options,
      ),
    )
    .option('--patience <epochs>', 'stop after so many epochs without gain', count)
    .option('--learning-rate <rate>', 'step of the optimiser', Number)
    .option('--resume <run>', 'go on with a run that was stopped or broke off; no other setting counts', count)
    .addOption(
      new Option('--optimizer <optimizer>', 'how weights move').choices(runSettings.shape.optimizer.unwrap().options),
    )
    .addOption(
      new Option('--schedule <schedule>', 'course of the learning rate').choices(
        runSettings.shape.schedule.unwrap().options,
      ),
    )
    .option('--warm-up <epochs>', runSettings.shape.warmUp.description ?? '', count)
    .option('--weight-decay <share>', 'pulls weights towards zero', Number)
    .option('--averaging <share>', 'of the average of weights kept at each step, which then answers', Number)
    .option('--label-smoothing <share>', 'taken off sure labels', Number)
    .option('--clip-norm <length>', 'longest gradient', Number)
    .option('--augmentation', runSettings.shape.augmentation.description)
    .option('--mirror', runSettings.shape.mirror.description)
    .option('--tones', runSettings.shape.tones.description)
    .option('--mirror-answers', runSettings.shape.mirrorAnswers.description)
    .option('--no-class-weights', 'count every film the same')
    .option('--no-judge', 'leave the judging films sealed')
    .action((options: TrainOptions) => withCore(options, {}, ({ client }) => train(client, options)));
  program
    .command('networks')
    .description(sentence(contract.runs.networks))
    .option('--size <px>', 'side of the input they are built for', count)
    .action((options: CommonOptions & { size?: number }) =>
      withCore(options, {}, async ({ client }) => {
        const networks = await client.runs.networks({ size: options.size });
        show(options, networks, () => networks.map(networkInWords).join('\n'));
        return 0;
      }),
    );
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
    .command('classify <paths...>')
    .description(`${sentence(contract.predictions.classifyAll)} ${NOTICE}`)
    .option('--model <run>', 'run whose model answers; default: the newest', count)
    .action((paths: string[], options: CommonOptions & { model?: number }) =>
      withCore(options, {}, (session) => classify(session, paths, options)),
    );
}

/** Settings that have an option of the same name. */
const settingNames = [
  'preset',
  'size',
  'kernel',
  'depth',
  'width',
  'epochs',
  'batch',
  'seed',
  'splitSeed',
  'engine',
  'precision',
  'patience',
  'learningRate',
  'optimizer',
  'schedule',
  'warmUp',
  'weightDecay',
  'averaging',
  'labelSmoothing',
  'clipNorm',
  'augmentation',
  'mirror',
  'tones',
  'mirrorAnswers',
] as const satisfies (keyof RunSettings)[];

/** The settings the command line names; the rest as the network's card has them, or the contract. */
function settingsOf(options: TrainOptions, card: Preset | undefined): Partial<RunSettings> {
  const given = settingNames.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined);
  const own = card ? { size: card.size, ...card.learning } : {};
  return { ...own, ...Object.fromEntries(given), judge: options.judge, classWeights: options.classWeights };
}

async function start(client: Client, options: TrainOptions) {
  const card = (await client.runs.presets()).find(({ name }) => name === options.preset);
  return client.runs.start({ settings: settingsOf(options, card) });
}

async function train(client: Client, options: TrainOptions): Promise<number> {
  const { resume } = options;
  const told = resume === undefined ? 0 : (await client.runs.get({ run: resume })).epochs;
  const { run, job } = resume === undefined ? await start(client, options) : await client.runs.resume({ run: resume });
  const stop = () => void client.runs.stop({ run });
  process.once('SIGINT', stop);
  let end: RunDetail | null = null;
  for await (const event of await client.runs.follow({ run })) {
    if (event.kind === 'epoch' && event.epoch.epoch > told)
      show(options, epochRow(event.epoch), () => epochInWords(event.epoch));
    if (event.kind === 'end') end = event.run;
  }
  process.off('SIGINT', stop);
  await followJob(client, job);
  if (!end || end.state === 'failed') return 1;
  show(options, endRow(end), () => endInWords(end));
  return 0;
}

function epochRow({ epoch, loss, accuracy, valLoss, valAccuracy, imagesPerSecond }: Epoch) {
  return { epoch, loss, accuracy, valLoss, valAccuracy, imagesPerSecond };
}

function epochInWords(e: Epoch): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return `epoch ${e.epoch}: loss ${e.loss.toFixed(4)}, right ${percent(e.accuracy)}; checking films: loss ${e.valLoss.toFixed(4)}, right ${percent(e.valAccuracy)}; ${Math.round(e.imagesPerSecond)} films a second`;
}

function endRow(run: RunDetail) {
  const { test } = run;
  return {
    done: true,
    run: run.id,
    model: run.id,
    state: run.state,
    engine: run.engine,
    best: run.best?.epoch ?? null,
    resumes: run.record.resumes,
    // Null: no film names a patient, so nobody can say how many there are.
    split: Object.fromEntries(
      run.parts.map(({ part, films, patients }) => [part, { films, patients: run.patientsKnown ? patients : null }]),
    ),
    test: test && {
      n: test.n,
      accuracy: test.accuracy,
      interval95: test.interval95,
      auc: test.auc,
      sensitivity: test.sensitivity,
      specificity: test.specificity,
      majority: test.majority,
    },
    aucInterval95: test?.aucInterval95 ?? null,
    threshold: test?.threshold ?? null,
    checking: run.checking,
    openings: run.openings,
    synthetic: run.synthetic,
    notice: NOTICE,
  };
}

function endInWords(run: RunDetail): string {
  const learned = run.parts.find(({ part }) => part === 'learn');
  const people = run.patientsKnown
    ? ` of ${many(learned?.patients ?? 0, 'patient')}`
    : ', whose patients are not known';
  const model = `run ${run.id}, ${run.title}, learned from ${many(learned?.films ?? 0, 'film')}${people}`;
  return [run.remark, run.sentence, model, NOTICE].filter(Boolean).join('\n');
}

function networkInWords(card: NetworkCard): string {
  const { name, title, source, adapted, parameters, layers, builtAt, macs, weightBytes, filmBytes } = card;
  const millions = (value: number) => `${(value / 1e6).toFixed(value < 1e7 ? 2 : 0)} million`;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `${name}\t${title}: ${card.sentence}`,
    `\t${source}`,
    `\t${adapted}`,
    `\tat ${builtAt} px: ${layers.length} layers, ${parameters} parameters, ${megabytes(weightBytes)} of weights, ${megabytes(filmBytes)} a film, ${millions(macs)} multiplications a film`,
  ].join('\n');
}

function runInWords(run: Run): string {
  const figure = run.test
    ? `${(run.test.accuracy * 100).toFixed(1)} % of ${run.test.n} judging films, AUC ${run.test.auc.toFixed(2)}`
    : 'judging films sealed';
  return `run ${run.id}\t${run.state}\t${run.title}, ${run.films} films\t${run.epochs} epochs, best ${run.best?.epoch ?? '-'}\t${figure}`;
}

/** One object a film, in the order given; ends with 1 where a film could not be answered. */
async function classify(
  { client, core }: Session,
  paths: string[],
  options: CommonOptions & { model?: number },
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
    model: model.run,
    learnedFrom: model.learnedFrom,
    test: model.test,
    box,
    notice,
  };
}

function answerInWords({ file, probability, answer, threshold, model }: Prediction): string {
  return `${file}\t${answer}\tprobability of fracture ${probability.toFixed(2)}, threshold ${threshold.toFixed(2)}, ${model.title}, learned from ${model.learnedFrom}`;
}
