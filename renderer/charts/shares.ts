// Shares on one axis: a run with its interval, what always answering one class would give, and the paper's figure.
// Must not compare them in words: the run's own sentence does.
import type { TestFigures } from '#api/runs.ts';
import type { EndLabel, Figure, Mark, Series, Tone } from './figure.ts';
import { shareAxis } from './scale.ts';
import { percent } from '#renderer/words/figures.ts';
import { percentRange } from './words.ts';

/** Accuracy the paper reports on its own films. */
export const PAPER_ACCURACY = 0.7313;

interface Row {
  name: string;
  value: number;
  text: string;
  interval95: readonly [number, number] | null;
  shape: Mark['shape'];
  tone: Tone;
  bold: boolean;
}

type ShareFigures = Pick<TestFigures, 'accuracy' | 'interval95' | 'majority' | 'matrix'>;

const margins = { left: 196, top: 4, right: 56, bottom: 24 };

export function sharesOnOneAxis(figures: ShareFigures): Figure {
  const rows = rowsOf(figures);
  const up = (row: number) => rows.length - 1 - row;
  return {
    name: 'shares',
    title: 'Beside one answer and the paper',
    note: 'share of right answers',
    summary: `${rows.map(sentence).join('; ')}.`,
    x: shareAxis(rows.flatMap(({ value, interval95 }) => [value, ...(interval95 ?? [])])),
    y: {
      min: -0.5,
      max: rows.length - 0.5,
      ticks: rows.map(({ name, bold }, i) => ({ at: up(i), text: name, tone: bold ? 'strong' : 'plain', bold })),
      grid: false,
      flush: true,
    },
    margins,
    series: rows.flatMap((row, i): Series[] =>
      row.interval95
        ? [{ name: row.name, tone: 'accent', widthPx: 2, points: row.interval95.map((x) => ({ x, y: up(i) })) }]
        : [],
    ),
    marks: rows.flatMap((row, i): Mark[] => [
      ...(row.interval95 ?? []).map((x): Mark => ({ x, y: up(i), shape: 'cap', tone: 'accent' })),
      { x: row.value, y: up(i), shape: row.shape, tone: row.interval95 ? 'accent' : 'plain', said: sentence(row) },
    ]),
    labels: rows.map((row, i): EndLabel => {
      const x = row.interval95?.[1] ?? row.value;
      return { x, y: up(i), text: row.text, tone: row.tone, bold: row.bold, offsetPx: [row.interval95 ? 12 : 14, 0] };
    }),
    rule: null,
    band: null,
    hover: 'point',
    table: {
      caption: 'Share of right answers, on one axis',
      columns: [
        { name: 'who' },
        { name: 'right', said: (value) => percent(value, 2) },
        { name: '95 % interval from', said: (value) => percent(value) },
        { name: '95 % interval to', said: (value) => percent(value) },
      ],
      rows: rows.map(({ name, value, interval95 }) => [name, value, interval95?.[0] ?? null, interval95?.[1] ?? null]),
    },
  };
}

function rowsOf({ accuracy, interval95, majority, matrix }: ShareFigures): Row[] {
  const fractures = matrix.fractureFound + matrix.fractureMissed;
  const wholes = matrix.falseAlarm + matrix.wholeRight;
  const commoner = fractures > wholes ? 'fracture' : 'whole';
  const quiet = { interval95: null, tone: 'plain', bold: false } as const;
  return [
    {
      name: 'This run',
      value: accuracy,
      text: percent(accuracy),
      interval95,
      shape: 'disc',
      tone: 'strong',
      bold: true,
    },
    { ...quiet, name: `Always answering “${commoner}”`, value: majority, text: percent(majority), shape: 'square' },
    {
      ...quiet,
      name: 'The paper, on other films',
      value: PAPER_ACCURACY,
      text: percent(PAPER_ACCURACY, 2),
      shape: 'diamond',
    },
  ];
}

function sentence({ name, text, interval95 }: Row): string {
  return interval95 ? `${name} ${text}, 95 % interval ${percentRange(interval95)}` : `${name} ${text}`;
}
