// The two figures of a training: share of right answers and loss, epoch by epoch.
// Must not decide what the curves mean: the best epoch and the memorising stretch are given.
import type { Epoch } from '#api/runs.ts';
import type { Cell, Column, EndLabel, Figure, Mark, Point, Series, Table } from './figure.ts';
import { epochAxis, lossAxis, shareAxis } from './scale.ts';
import { percent } from '#renderer/words/figures.ts';

export interface Curve {
  /** "run 12" */
  name: string;
  epochs: readonly Epoch[];
}

export interface Curves {
  /** The run that is looked at. */
  run: Curve;
  /** Epochs the axis leaves room for. */
  planned: number;
  /** Epoch whose weights are kept. */
  best: number | null;
  /** From this epoch on it memorises. */
  memorisingSince: number | null;
  /** Earlier runs laid under, the newest first. */
  ghosts: readonly Curve[];
}

type Kind = 'accuracy' | 'loss';

interface Measure {
  learn: (epoch: Epoch) => number;
  check: (epoch: Epoch) => number;
  said: (value: number) => string;
}

const measures: Record<Kind, Measure> = {
  accuracy: {
    learn: ({ accuracy }) => accuracy,
    check: ({ valAccuracy }) => valAccuracy,
    said: (value) => percent(value),
  },
  loss: {
    learn: ({ loss }) => loss,
    check: ({ valLoss }) => valLoss,
    said: (value) => value.toFixed(2),
  },
};

/** More epochs than this stand too close for a dot on each. */
const MOST_KNOTS = 60;

const margins = { left: 48, top: 24, right: 128, bottom: 28 };

/** Epochs that find room at first; more where they are reached. */
const ROOM = 25;

/**
 * Last epoch of the axis. While a run learns the axis doubles as it is filled, up to what is planned: a run of a thousand
 * epochs can be read from the first ones on. Once it has ended nothing is left free.
 */
export function lastEpochShown(finished: number, planned: number, running: boolean): number {
  if (!running) return finished;
  let shown = ROOM;
  while (shown < finished) shown *= 2;
  return Math.min(shown, planned);
}

export function accuracyCurves(curves: Curves): Figure {
  const figure = drawn('accuracy', curves);
  return { ...figure, name: 'accuracy', title: 'Share of right answers', note: 'after each epoch' };
}

export function lossCurves(curves: Curves): Figure {
  const figure = drawn('loss', curves);
  return { ...figure, name: 'loss', title: 'Loss', note: 'lower is better' };
}

function drawn(kind: Kind, curves: Curves): Omit<Figure, 'name' | 'title' | 'note'> {
  const measure = measures[kind];
  const { run, ghosts, best } = curves;
  const epochs = Math.max(curves.planned, ...ghosts.map(({ epochs: all }) => all.at(-1)?.epoch ?? 1));
  const learn = pointsOf(run.epochs, measure.learn);
  const check = pointsOf(run.epochs, measure.check);
  const under = ghosts.map((ghost) => ({ name: ghost.name, points: pointsOf(ghost.epochs, measure.check) }));
  const values = [...learn, ...check, ...under.flatMap(({ points }) => points)].map(({ y }) => y);
  const series: Series[] = [
    ...under.map((ghost): Series => ({
      ...told(ghost.name, ghost.points, (y) => measure.said(y)),
      tone: 'ghost',
      widthPx: 1.2,
      dotted: true,
    })),
    { ...told('learning', learn, (y) => measure.said(y)), tone: 'learn', widthPx: 1.5 },
    {
      ...told('checking', check, (y) => measure.said(y)),
      tone: 'check',
      widthPx: 2.4,
      knots: check.length <= MOST_KNOTS,
    },
  ];
  return {
    summary: summary(kind, curves),
    x: epochAxis(epochs),
    y: kind === 'accuracy' ? shareAxis(values) : lossAxis(values),
    margins,
    series,
    marks: ring(check, best),
    labels: labelsOf(measure, learn, check, under),
    rule: best === null ? null : { x: best, text: `best, epoch ${best}` },
    band: shaded(curves),
    hover: 'column',
    table: curveTable(curves),
  };
}

/** Values that are no numbers cannot be drawn; the table still shows the epoch. */
function pointsOf(epochs: readonly Epoch[], value: (epoch: Epoch) => number): Point[] {
  return epochs.map((epoch) => ({ x: epoch.epoch, y: value(epoch) })).filter(({ y }) => Number.isFinite(y));
}

function told(name: string, points: Point[], said: (y: number) => string): Pick<Series, 'name' | 'points'> {
  return { name, points: points.map((point) => ({ ...point, said: `${name} ${said(point.y)}` })) };
}

function ring(check: Point[], best: number | null): Mark[] {
  const point = check.find(({ x }) => x === best);
  return point ? [{ ...point, shape: 'ring', tone: 'check' }] : [];
}

function shaded({ run, memorisingSince }: Curves): Figure['band'] {
  const last = run.epochs.at(-1)?.epoch;
  if (memorisingSince === null || last === undefined || last <= memorisingSince) return null;
  return { from: memorisingSince, to: last };
}

function labelsOf(
  measure: Measure,
  learn: Point[],
  check: Point[],
  under: { name: string; points: Point[] }[],
): EndLabel[] {
  const labels: EndLabel[] = [];
  const add = (point: Point | undefined, text: (y: number) => string, tone: EndLabel['tone']) => {
    if (point) labels.push({ x: point.x, y: point.y, text: text(point.y), tone });
  };
  add(learn.at(-1), (y) => `learning ${measure.said(y)}`, 'learn');
  add(check.at(-1), (y) => `checking ${measure.said(y)}`, 'check');
  for (const { name, points } of under) add(points.at(-1), () => `${name}, checking`, 'faint');
  return labels;
}

function summary(kind: Kind, { run, best, ghosts }: Curves): string {
  const measure = measures[kind];
  const first = run.epochs[0];
  const last = run.epochs.at(-1);
  if (!first || !last) return `${kind === 'accuracy' ? 'Share of right answers' : 'Loss'}: no epoch has ended yet.`;
  const bestEpoch = run.epochs.find(({ epoch }) => epoch === best);
  const parts = [
    `${kind === 'accuracy' ? 'Share of right answers' : 'Loss'} of ${run.name}, epoch ${first.epoch} to ${last.epoch}`,
    `learning films ${measure.said(measure.learn(first))} to ${measure.said(measure.learn(last))}`,
    `checking films ${measure.said(measure.check(first))} to ${measure.said(measure.check(last))}`,
  ];
  if (bestEpoch) parts.push(`${measure.said(measure.check(bestEpoch))} in the best epoch, ${bestEpoch.epoch}`);
  if (ghosts.length > 0) parts.push(`laid over ${ghosts.map(({ name }) => name).join(', ')}`);
  return `${parts.join('; ')}.`;
}

const share = (value: number) => percent(value);
const loss = (value: number) => value.toFixed(3);

/** One row an epoch; the same table stands behind both figures. */
function curveTable({ run, ghosts }: Curves): Table {
  const columns: Column[] = [
    { name: 'epoch' },
    { name: 'loss, learning', said: loss },
    { name: 'right, learning', said: share },
    { name: 'loss, checking', said: loss },
    { name: 'right, checking', said: share },
    { name: 'AUC, checking', said: (value) => value.toFixed(2) },
    { name: 'films a second', said: (value) => String(Math.round(value)) },
    { name: 'seconds', said: (value) => value.toFixed(1) },
    ...ghosts.flatMap(({ name }): Column[] => [
      { name: `${name}: loss, checking`, said: loss },
      { name: `${name}: right, checking`, said: share },
    ]),
  ];
  const own = byNumber(run);
  const others = ghosts.map(byNumber);
  const numbers = new Set([own, ...others].flatMap((epochs) => [...epochs.keys()]));
  const rows = [...numbers]
    .sort((a, b) => a - b)
    .map((number): Cell[] => {
      const epoch = own.get(number);
      const values = epoch && [epoch.loss, epoch.accuracy, epoch.valLoss, epoch.valAccuracy, epoch.valAuc];
      const pace = epoch && [epoch.imagesPerSecond, epoch.seconds];
      const under = others.map((epochs) => epochs.get(number));
      return [
        number,
        ...(values ?? Array<null>(5).fill(null)),
        ...(pace ?? [null, null]),
        ...under.flatMap((other) => [other?.valLoss ?? null, other?.valAccuracy ?? null]),
      ];
    });
  return { caption: `Epochs of ${run.name}`, columns, rows };
}

function byNumber({ epochs }: Curve): Map<number, Epoch> {
  return new Map(epochs.map((epoch) => [epoch.epoch, epoch]));
}
