// The figure of one activation function: the function, its derivative, and where the values of a film fell.
// Must not know the function: its points are given.
import type { ActivationCurve } from '#api/networks.ts';
import type { Axis, Figure, Point } from '#renderer/charts/figure.ts';
import { multiples, pleasantStep } from '#renderer/charts/scale.ts';
import { count, many, percent } from '#renderer/words/figures.ts';
import { tickWords, value } from './network-words.ts';

const margins = { left: 36, top: 12, right: 86, bottom: 36 };
/** The tallest bar takes this share of the height. */
const BAR_SHARE = 0.4;

export function activationFigure(curve: ActivationCurve, place: number): Figure {
  const { name, layers, x, y, derivative, values } = curve;
  const across = axis(x.at(0) ?? -1, x.at(-1) ?? 1, 8);
  const up = axis(Math.min(0, ...y, ...derivative), Math.max(1, ...y, ...derivative), 5);
  const [title = name] = name.split(',');
  const points = (of: number[], word: string): Point[] =>
    x.map((at, i) => ({ x: at, y: of[i] ?? 0, said: `${word}(${value(at)}) = ${value(of[i] ?? 0)}` }));
  const [function_, slope] = [points(y, 'f'), points(derivative, 'f′')];
  const end = { f: function_.at(-1), slope: slope.at(-1) };
  return {
    name: `activation-${place + 1}`,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    note: many(layers.length, 'layer'),
    summary: summaryOf(curve),
    x: { ...across, title: 'what goes in' },
    y: up,
    margins,
    series: [
      ...(values ? [bars(values.bins, across, up)] : []),
      { name: 'derivative', tone: 'learn', widthPx: 1.5, dotted: true, points: slope },
      { name: 'function', tone: 'check', widthPx: 2.4, points: function_ },
    ],
    marks: [],
    labels: [
      ...(end.f ? [{ ...end.f, text: 'function', tone: 'check' as const, bold: true }] : []),
      ...(end.slope ? [{ ...end.slope, text: 'derivative', tone: 'learn' as const }] : []),
    ],
    rule: null,
    band: null,
    hover: 'column',
    table: {
      caption: `${name} and its derivative`,
      columns: [
        { name: 'x', said: value },
        { name: 'function', said: value },
        { name: 'derivative', said: value },
      ],
      // Every tenth point tells the curve to those who hear it; a file gets the same.
      rows: x.flatMap((at, i) => (i % 10 === 0 ? [[at, y[i] ?? 0, derivative[i] ?? 0]] : [])),
    },
  };
}

function axis(least: number, greatest: number, most: number): Axis {
  const step = pleasantStep(greatest - least, most);
  const [min, max] = [Math.floor(least / step + 1e-9) * step, Math.ceil(greatest / step - 1e-9) * step];
  return {
    min,
    max,
    ticks: multiples(min, max, step).map((at) => ({ at, text: tickWords(at) })),
    grid: true,
  };
}

/** The outline of a bar for each bin, standing on the axis below. */
function bars(bins: readonly number[], { min, max }: Axis, up: Axis): Figure['series'][number] {
  const most = Math.max(1, ...bins);
  const width = (max - min) / bins.length;
  const top = (bin: number) => up.min + (BAR_SHARE * (up.max - up.min) * bin) / most;
  const points = bins.flatMap((bin, i): Point[] => [
    { x: min + i * width, y: top(bin) },
    { x: min + (i + 1) * width, y: top(bin) },
  ]);
  return { name: 'values of the film', tone: 'ghost', widthPx: 1, points, wash: true, quiet: true };
}

/** "7,744 values of this film, 61.2 % of them above 0." */
export function valuesSentence({ x, values }: Pick<ActivationCurve, 'x' | 'values'>): string | null {
  if (!values) return null;
  const { bins, count: all, below, above } = values;
  if (all === 1) return 'Shaded: where the one value of this film fell.';
  const positive = bins.slice(bins.length / 2).reduce((sum, bin) => sum + bin, above);
  const outside = below + above > 0 ? `; ${count(below + above)} lie beyond ±${value(x.at(-1) ?? 0)}` : '';
  return `Shaded: the ${many(all, 'value')} this film gave it, ${percent(positive / all)} of them above 0${outside}.`;
}

function summaryOf({ name, layers, x, values }: ActivationCurve): string {
  const range = `from ${value(x.at(0) ?? 0)} to ${value(x.at(-1) ?? 0)}`;
  return `${name}, with its derivative, ${range}; used by ${layers.join(', ')}. ${valuesSentence({ x, values }) ?? ''}`.trim();
}
