// The confusion matrix: its four cells in words, and as a drawing for files.
// Must not open films.
import type { TestFigures } from '#api/runs.ts';
import type { Palette } from '#renderer/charts/palette.ts';
import type { Drawing } from '#renderer/charts/save-figure.ts';
import { colour, element, escaped } from '#renderer/charts/svg.ts';
import { many, percent } from '#renderer/words/figures.ts';

export type Answer = 'fracture' | 'whole';

export interface Cell {
  label: Answer;
  answer: Answer;
  films: number;
  /** Films of that label. */
  of: number;
  right: boolean;
  /** "missed, 14 patients" */
  word: string;
}

/** Row by row: fractures, then whole films; answered fracture, then whole. */
export function cellsOf({ matrix }: Pick<TestFigures, 'matrix'>): Cell[] {
  const { fractureFound, fractureMissed, falseAlarm, wholeRight, patientsMissed, patientsFalseAlarm } = matrix;
  const fractures = fractureFound + fractureMissed;
  const wholes = falseAlarm + wholeRight;
  // As many patients as films says nothing, or that nobody knows the patients.
  const patients = (number: number, films: number) => (number < films ? `, ${many(number, 'patient')}` : '');
  return [
    { label: 'fracture', answer: 'fracture', films: fractureFound, of: fractures, right: true, word: 'found' },
    {
      label: 'fracture',
      answer: 'whole',
      films: fractureMissed,
      of: fractures,
      right: false,
      word: `missed${patients(patientsMissed, fractureMissed)}`,
    },
    {
      label: 'whole',
      answer: 'fracture',
      films: falseAlarm,
      of: wholes,
      right: false,
      word: `false alarm${patients(patientsFalseAlarm, falseAlarm)}`,
    },
    { label: 'whole', answer: 'whole', films: wholeRight, of: wholes, right: true, word: 'rightly whole' },
  ];
}

/** "29.6 % of 54" */
export function shareOfLabel({ films, of }: Pick<Cell, 'films' | 'of'>): string {
  return of === 0 ? 'of no film' : `${percent(films / of)} of ${of}`;
}

const names = { fracture: 'Fracture', whole: 'Whole' };
const NAMES_PX = 88;
const HEAD_PX = 24;
const CELL = { width: 174, height: 120, gap: 4 };

export function matrixDrawing(figures: Pick<TestFigures, 'matrix'>): Drawing {
  const cells = cellsOf(figures);
  const width = NAMES_PX + 2 * CELL.width + CELL.gap;
  return {
    name: 'matrix',
    title: 'Answers against labels',
    note: 'judging films',
    summary: `${cells.map(sentence).join('; ')}.`,
    width,
    height: HEAD_PX + 2 * CELL.height + CELL.gap,
    elements: (palette) => [
      ...(['fracture', 'whole'] as const).map((answer, i) =>
        words(`answered ${answer}`, columnLeft(i) + 16, 16, palette),
      ),
      ...cells.flatMap((cell, i) => drawn(cell, i, palette)),
    ],
    table: {
      caption: 'Answers against labels',
      columns: [
        { name: 'label' },
        { name: 'answer' },
        { name: 'films' },
        { name: 'of' },
        { name: 'share', said: (value) => percent(value) },
      ],
      rows: cells.map(({ label, answer, films, of }) => [label, answer, films, of, of === 0 ? null : films / of]),
    },
  };
}

/** "16 of 54 fracture films answered whole" */
export function sentence({ label, answer, films, of }: Cell): string {
  return `${films} of ${of} ${label} films answered ${answer}`;
}

function columnLeft(column: number): number {
  return NAMES_PX + column * (CELL.width + CELL.gap);
}

function drawn(cell: Cell, place: number, palette: Palette): string[] {
  const [row, column] = [Math.floor(place / 2), place % 2];
  const left = columnLeft(column);
  const top = HEAD_PX + row * (CELL.height + CELL.gap);
  const middle = top + CELL.height / 2;
  const ground = { x: left, y: top, width: CELL.width, height: CELL.height, rx: 6 };
  const name =
    column === 0
      ? [words(names[cell.label], 0, middle, palette), words(many(cell.of, 'film'), 0, middle + 18, palette, 'faint')]
      : [];
  return [
    ...name,
    element('rect', { ...ground, ...colour('fill', cell.right ? palette.wash : palette.plate) }),
    element('text', { x: left + 16, y: middle - 8, fill: palette.tones.strong, 'font-size': 22, 'font-weight': 600 }, [
      String(cell.films),
    ]),
    words(shareOfLabel(cell), left + 16, middle + 12, palette),
    words(cell.word, left + 16, middle + 32, palette, 'faint'),
  ];
}

function words(text: string, x: number, y: number, palette: Palette, tone: 'plain' | 'faint' = 'plain'): string {
  return element('text', { x, y, fill: palette.tones[tone] }, [escaped(text)]);
}
