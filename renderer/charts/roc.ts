// The ROC figure: fractures found against whole films called fracture, with the threshold in use ringed.
// Must not compute the curve or its area: both come from the run.
import type { TestFigures } from '#api/runs.ts';
import type { Axis, Figure, Point, Table } from './figure.ts';
import { percent } from '#renderer/words/figures.ts';
import { plainNumber } from './words.ts';

type RocFigures = Pick<TestFigures, 'roc' | 'auc' | 'aucInterval95' | 'threshold' | 'sensitivity' | 'specificity'>;

const margins = { left: 40, top: 8, right: 8, bottom: 36 };

export function rocCurve(figures: RocFigures): Figure {
  const { auc, aucInterval95, threshold, sensitivity, specificity } = figures;
  const here = { x: 1 - specificity, y: sensitivity };
  const cut = threshold.toFixed(2);
  return {
    name: 'roc',
    title: 'ROC',
    note: `AUC ${auc.toFixed(2)}, ${aucInterval95[0].toFixed(2)} to ${aucInterval95[1].toFixed(2)}`,
    summary:
      `ROC curve, area ${auc.toFixed(2)}, 95 % interval ${aucInterval95[0].toFixed(2)} to ${aucInterval95[1].toFixed(2)}. ` +
      `At threshold ${cut} it finds ${percent(here.y)} of the fractures and calls ${percent(here.x)} of the whole films fracture.`,
    x: { ...hundredths(), title: 'whole films called fracture, %' },
    y: { ...hundredths(), title: 'fractures found, %' },
    margins,
    series: [
      {
        name: 'a coin',
        tone: 'faint',
        widthPx: 1,
        dotted: true,
        quiet: true,
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      { name: 'this run', tone: 'accent', widthPx: 2, wash: true, points: stairs(figures.roc) },
    ],
    marks: [{ ...here, shape: 'ring', tone: 'strong', said: `threshold ${cut}` }],
    labels: [{ ...here, text: `threshold ${cut}`, tone: 'strong', offsetPx: [12, 14], reachPx: 120 }],
    rule: null,
    band: null,
    hover: 'point',
    table: rocTable(figures),
  };
}

function hundredths(): Axis {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: at % 0.5 === 0 ? String(at * 100) : '' }));
  return { min: 0, max: 1, ticks, grid: true };
}

/**
 * A film more found goes straight up, a false alarm more straight to the right; films of one score go together, which is
 * a slant (their order is not known).
 */
function stairs(roc: RocFigures['roc']): Point[] {
  return roc.map(({ falseAlarms, found, threshold }) => ({
    x: falseAlarms,
    y: found,
    said: `from ${plainNumber(threshold)}: ${percent(found)} found, ${percent(falseAlarms)} false alarms`,
  }));
}

function rocTable({ roc }: RocFigures): Table {
  return {
    caption: 'Points of the ROC curve',
    columns: [
      { name: 'threshold', said: (value) => plainNumber(value) },
      { name: 'whole films called fracture', said: (value) => percent(value) },
      { name: 'fractures found', said: (value) => percent(value) },
    ],
    rows: roc.map(({ threshold, falseAlarms, found }) => [threshold, falseAlarms, found]),
  };
}
