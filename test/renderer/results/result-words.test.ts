import { describe, expect, it } from 'vitest';
import { XMLValidator } from 'fast-xml-parser';
import { cellsOf, matrixDrawing, sentence, shareOfLabel } from '#renderer/results/matrix.ts';
import {
  answersTable,
  bodyPartRows,
  figureRows,
  figuresTable,
  judgedFilms,
  mostWrong,
  openedSoFar,
  openingsWord,
  resultHeadline,
} from '#renderer/results/result-words.ts';
import type { FilmAnswer } from '#renderer/results/result-words.ts';
import { sampleFigures } from '../charts/sample.ts';

const answer = (xray: number, label: FilmAnswer['label'], probability: number): FilmAnswer => ({
  xray,
  file: `film-${xray}.png`,
  patient: null,
  label,
  answer: probability >= 0.5 ? 'fracture' : 'whole',
  probability,
});

describe('the most wrong films', () => {
  it('are those answered wrongly, the surest mistake first, of either kind', () => {
    const answers = [
      answer(1, 'fracture', 0.4),
      answer(2, 'fracture', 0.03),
      answer(3, 'whole', 0.92),
      answer(4, 'whole', 0.1),
      answer(5, 'fracture', 0.9),
    ];
    expect(mostWrong(answers).map(({ xray }) => xray)).toEqual([2, 3, 1]);
  });
});

describe('the matrix', () => {
  it('has its four cells row by row, with patients where they are fewer than films', () => {
    expect(cellsOf(sampleFigures).map(({ films, of, word }) => [films, of, word])).toEqual([
      [14, 20, 'found'],
      [6, 20, 'missed, 5 patients'],
      [6, 30, 'false alarm'],
      [24, 30, 'rightly whole'],
    ]);
  });

  it('says each cell in a sentence and as a share of its label', () => {
    const missed = cellsOf(sampleFigures)[1]!;
    expect(sentence(missed)).toBe('6 of 20 fracture films answered whole');
    expect(shareOfLabel(missed)).toBe('30.0 % of 20');
    expect(shareOfLabel({ films: 0, of: 0 })).toBe('of no film');
  });

  it('draws itself for files', () => {
    const palette = {
      tones: {
        learn: '#111111',
        check: '#222222',
        ghost: '#333333',
        accent: '#444444',
        strong: '#555555',
        plain: '#666666',
        faint: '#777777',
      },
      background: '#000000',
      plate: '#0a0a0a',
      grid: '#ffffff12',
      wash: '#44444424',
      warn: '#e6c655',
      font: 'sans-serif',
    };
    const drawing = matrixDrawing(sampleFigures);
    const svg = `<svg>${drawing.elements(palette).join('')}</svg>`;
    expect(XMLValidator.validate(svg)).toBe(true);
    for (const text of ['14', '24', '30.0 % of 20', 'missed, 5 patients', '20 films', '30 films'])
      expect(svg).toContain(`>${text}<`);
  });
});

describe('results in words', () => {
  it('say the figure, and how often the films were opened', () => {
    expect(resultHeadline(sampleFigures)).toBe('76.0 % of the judging films answered rightly');
    expect([0, 1, 2, 3].map(openingsWord)).toEqual([
      'Judging films sealed, never opened',
      'Judging films opened once',
      'Judging films opened twice',
      'Judging films opened 3 times',
    ]);
    expect([0, 3].map(openedSoFar)).toEqual(['never opened so far', 'opened 3 times so far, by runs of this split']);
  });

  it('mark small groups, and leave out body parts that nobody knows', () => {
    expect(bodyPartRows(sampleFigures).map(({ name, few }) => [name, few])).toEqual([
      ['Hip', true],
      ['Hand', false],
    ]);
    const unknown = { bodyParts: [{ bodyPart: 'unknown', share: sampleFigures.shares.accuracy }] };
    expect(bodyPartRows(unknown)).toEqual([]);
  });

  it('count patients only where they are fewer than films', () => {
    expect(judgedFilms({ films: 107, patients: 73 })).toBe('107 films of 73 patients');
    expect(judgedFilms({ films: 92, patients: 92 })).toBe('92 films');
  });
});

describe('tables for files', () => {
  it('hold every figure with its interval and of how many', () => {
    const { columns, rows } = figuresTable(3, sampleFigures);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(rows[0]).toEqual([3, 'all', 'accuracy', 0.76, 0.626, 0.857, 38, 50]);
    expect(rows.map((row) => row[2])).toEqual(
      expect.arrayContaining(['AUC', ...figureRows(sampleFigures).map(({ term }) => term), 'threshold']),
    );
    expect(rows.at(-1)).toEqual([3, 'hand', 'accuracy', 0.778, 0.637, 0.875, 35, 45]);
  });

  it('hold every answer', () => {
    expect(answersTable(3, [answer(9, 'whole', 0.25)]).rows).toEqual([
      [3, 9, 'film-9.png', null, 'whole', 'whole', 0.25],
    ]);
  });
});
