// The command train: one run, a series over seeds or folds, or one that goes on.
import { Option } from 'commander';
import type { Command } from 'commander';
import { NOTICE } from '#api/contract.ts';
import { runSettings } from '#api/runs.ts';
import type { Epoch, Preset, RunDetail, RunSettings } from '#api/runs.ts';
import type { Series, Spread } from '#api/series.ts';
import { spreadOf } from '#core/evaluation/spread.ts';
import { many } from '#core/many.ts';
import { followJob, show, withCore } from '../shell.ts';
import type { Client, CommonOptions } from '../shell.ts';
import { count } from './films.ts';

interface TrainOptions extends CommonOptions {
  preset?: string;
  size?: number | undefined;
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
  resume?: number | { series: number };
  folds?: number;
  seeds?: number;
  judge: boolean;
  classWeights: boolean;
  balanced?: boolean;
  bestBy?: RunSettings['bestBy'];
  augmentation?: boolean;
  mirror?: boolean;
  tones?: boolean;
  mirrorAnswers?: boolean;
  marks?: boolean;
  body?: string;
  fineTune?: number;
  learnOnly?: string[];
  leaveOut?: string[];
}

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('Trains a network on the labelled films; one line an epoch, then the figures on the judging films.')
    .option('--preset <name>', 'network; `osteon networks` lists them')
    .option('--body <name>', 'the pretrained body a head learns on; `osteon bodies` lists them')
    .option('--fine-tune <epochs>', runSettings.shape.fineTune.description ?? '', count)
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
    .addOption(
      new Option('--best-by <figure>', runSettings.shape.bestBy.description).choices(
        runSettings.shape.bestBy.unwrap().options,
      ),
    )
    .option('--learning-rate <rate>', 'step of the optimiser', Number)
    .option(
      '--resume <run>',
      'go on with a run, or with series:NUMBER, that was stopped or broke off; no other setting counts',
      runOrSeries,
    )
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
    .option('--balanced', runSettings.shape.balanced.description)
    .option('--augmentation', runSettings.shape.augmentation.description)
    .option('--mirror', runSettings.shape.mirror.description)
    .option('--tones', runSettings.shape.tones.description)
    .option('--mirror-answers', runSettings.shape.mirrorAnswers.description)
    .option('--marks', runSettings.shape.marks.description)
    .option('--no-marks', 'boxes teach nothing')
    .option('--learn-only <sources...>', 'sources whose films are learned from, never chosen or judged by')
    .option('--leave-out <sources...>', 'sources whose films take no part')
    .addOption(
      new Option('--seeds <runs>', 'as many runs, each with the next seed; ends with mean and spread')
        .argParser(count)
        .conflicts(['folds', 'resume']),
    )
    .addOption(
      new Option('--folds <folds>', 'learns and chooses in turn over the films that are not for judging')
        .argParser(count)
        .conflicts('resume'),
    )
    .option('--no-class-weights', 'count every film the same')
    .option('--no-judge', 'leave the judging films sealed')
    .action((options: TrainOptions) => withCore(options, {}, ({ client }) => trainAll(client, options)));
}

/** 7 is a run, series:2 a series. */
function runOrSeries(text: string): number | { series: number } {
  const series = /^series:(.+)$/.exec(text)?.[1];
  return series === undefined ? count(text) : { series: count(series) };
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
  'bestBy',
  'balanced',
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
  'marks',
  'body',
  'fineTune',
] as const satisfies (keyof RunSettings)[];

/** The settings the command line names; the rest as the network's card has them, or the contract. */
function settingsOf(options: TrainOptions, card: Preset | undefined): Partial<RunSettings> {
  const given = settingNames.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined);
  const own = card ? { size: card.size, ...card.learning } : {};
  const { judge, classWeights, learnOnly = [], leaveOut = [] } = options;
  const sources = Object.fromEntries([
    ...learnOnly.map((source) => [source, 'learn'] as const),
    ...leaveOut.map((source) => [source, 'none'] as const),
  ]);
  return { ...own, ...Object.fromEntries(given), judge, classWeights, sources };
}

/** A body names its network, and its size. */
async function wantedSettings(client: Client, options: TrainOptions): Promise<Partial<RunSettings>> {
  const { body } = options;
  if (body === undefined) return settingsOf(options, await cardOf(client, options.preset));
  const { preset = 'pretrained', size } = options;
  const found = (await client.bodies.list()).find(({ name }) => name === body);
  return settingsOf({ ...options, preset, size: size ?? found?.size }, await cardOf(client, preset));
}

const cardOf = async (client: Client, preset?: string) =>
  (await client.runs.presets()).find(({ name }) => name === preset);

/** One run, or a series over seeds or folds and then a line over all of its runs. */
async function trainAll(client: Client, options: TrainOptions): Promise<number> {
  const { resume, seeds, folds } = options;
  if (typeof resume === 'object') {
    const { runs } = await client.series.get(resume);
    const last = runs.at(-1);
    const told = last === undefined ? 0 : (await client.runs.get({ run: last })).epochs;
    return trainSeries(client, options, await client.series.resume(resume), told);
  }
  if (resume !== undefined) {
    const { epochs } = await client.runs.get({ run: resume });
    return (await followAlone(client, options, await client.runs.resume({ run: resume }), epochs)) ? 0 : 1;
  }
  const settings = await wantedSettings(client, options);
  const count = folds ?? seeds ?? 1;
  if (count > 1) {
    const kind = folds === undefined ? 'seeds' : 'folds';
    return trainSeries(client, options, await client.series.start({ settings, kind, count }));
  }
  const fold = folds === undefined ? {} : { fold: { number: 1, of: folds }, judge: false };
  const end = await followAlone(client, options, await client.runs.start({ settings: { ...settings, ...fold } }));
  if (!end) return 1;
  if (seeds !== undefined && end.state !== 'stopped') showSpread(options, [end.id], overOne(end));
  return 0;
}

/** The runs of a series from the one that learns first, then mean and spread. */
async function trainSeries(
  client: Client,
  options: TrainOptions,
  { series, run: first, job }: { series: number; run: number; job: string },
  told = 0,
): Promise<number> {
  for await (const event of await client.series.follow({ series })) {
    if (event.kind === 'run' && event.run >= first) {
      const end = await follow(client, options, event.run, event.run === first ? told : 0);
      if (end?.state !== 'done') break;
    }
  }
  await followJob(client, job);
  const { runs, state, checking, test } = await client.series.get({ series });
  if (state === 'failed') return 1;
  if (state === 'done') showSpread(options, runs, { checking, test });
  return 0;
}

/** Follows a run that has a job of its own, to the end of both. */
async function followAlone(
  client: Client,
  options: TrainOptions,
  { run, job }: { run: number; job: string },
  told = 0,
): Promise<RunDetail | null> {
  const end = await follow(client, options, run, told);
  await followJob(client, job);
  return end;
}

/** Follows a run to its end and says it; null where it failed. Ctrl+C stops the run and keeps its best epoch; again, at once. */
async function follow(client: Client, options: TrainOptions, run: number, told = 0): Promise<RunDetail | null> {
  const stop = () => void client.runs.stop({ run });
  process.on('SIGINT', stop);
  let end: RunDetail | null = null;
  for await (const event of await client.runs.follow({ run })) {
    if (event.kind === 'epoch' && event.epoch.epoch > told)
      show(options, epochRow(event.epoch), () => epochInWords(event.epoch));
    if (event.kind === 'end') end = event.run;
  }
  process.off('SIGINT', stop);
  if (!end || end.state === 'failed') return null;
  const over = end;
  show(options, endRow(over), () => endInWords(over));
  return over;
}

type Spreads = Pick<Series, 'checking' | 'test'>;

function overOne({ checking, test }: RunDetail): Spreads {
  const of = (figures: { auc: number; accuracy: number } | null) => ({
    auc: spreadOf([figures?.auc]),
    accuracy: spreadOf([figures?.accuracy]),
  });
  return { checking: of(checking), test: of(test) };
}

/** Mean and standard deviation over runs; null of what not every run has. */
function showSpread(options: TrainOptions, runs: number[], { checking, test }: Spreads): void {
  const words = (spread: Spread) => `${spread.mean.toFixed(3)}, standard deviation ${spread.deviation.toFixed(3)}`;
  show(options, { done: true, runs, checking, test, notice: NOTICE }, () => {
    const lines = [`runs ${runs.join(', ')}`];
    if (checking.auc) lines.push(`AUC on the checking films: mean ${words(checking.auc)}`);
    if (test.auc) lines.push(`AUC on the judging films: mean ${words(test.auc)}`);
    return [...lines, NOTICE].join('\n');
  });
}

/** Null of nothing: a run of one epoch has none after the first. */
function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? null : ((sorted[middle] ?? 0) + (sorted[(sorted.length - 1) >> 1] ?? 0)) / 2;
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
    seconds: run.seconds,
    imagesPerSecond: median(run.curve.slice(1).map((epoch) => epoch.imagesPerSecond)),
    fold: run.settings.fold,
    resumes: run.record.resumes,
    tuning: run.record.tuning,
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
