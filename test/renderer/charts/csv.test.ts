import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvCell, csvFile } from '#renderer/charts/csv.ts';
import { accuracyCurves } from '#renderer/charts/curves.ts';
import { rocCurve } from '#renderer/charts/roc.ts';
import { sampleCurve, sampleFigures } from './sample.ts';

describe('CSV files', () => {
  it('give every number back as it was', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (rows) => {
        const text = csvFile({ columns: [{ name: 'a' }, { name: 'b' }], rows });
        const back: string[][] = parse(text, { from_line: 2 });
        expect(back.map((row) => row.map(Number))).toEqual(rows);
      }),
    );
  });

  it('give every text back but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text !== ''),
        (text) => {
          const line = csvFile({ columns: [{ name: 'a' }, { name: 'b' }], rows: [[text, 1]] });
          const [cell] = (parse(line, { from_line: 2, record_delimiter: '\r\n' }) as string[][])[0]!;
          expect(cell!.replace(/^'(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/, '')).toBe(text);
        },
      ),
    );
  });

  it('hold no cell that a spreadsheet would run', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '＝']) expect(csvCell(`${start}1+1`)).toMatch(/^"?'/);
    expect(csvCell('=HYPERLINK("x","y")')).toBe(`"'=HYPERLINK(""x"",""y"")"`);
    expect(csvCell(-0.5)).toBe('-0.5');
  });

  it('leave a cell empty where there is no number', () => {
    expect(csvCell(null)).toBe('');
    expect(csvCell(Number.NaN)).toBe('');
  });
});

describe('CSV of figures', () => {
  it('holds every epoch with every digit', () => {
    const epochs = sampleCurve(7);
    const text = csvFile(
      accuracyCurves({ run: { name: 'run 1', epochs }, planned: 25, best: 3, memorisingSince: null, ghosts: [] }).table,
    );
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.map((row) => Number(row['right, checking']))).toEqual(epochs.map(({ valAccuracy }) => valAccuracy));
    expect(rows.map((row) => Number(row['loss, learning']))).toEqual(epochs.map(({ loss }) => loss));
  });

  it('lays runs of different length beside each other by epoch', () => {
    const figure = accuracyCurves({
      run: { name: 'run 2', epochs: sampleCurve(2) },
      planned: 2,
      best: 1,
      memorisingSince: null,
      ghosts: [{ name: 'run 1', epochs: sampleCurve(4) }],
    });
    expect(figure.table.rows).toHaveLength(4);
    expect(figure.table.rows[3]?.[1]).toBeNull();
    expect(figure.table.rows[3]?.at(-1)).toBe(sampleCurve(4)[3]?.valAccuracy);
  });

  it('holds every point of the ROC curve', () => {
    const rows: string[][] = parse(csvFile(rocCurve(sampleFigures).table), { from_line: 2 });
    expect(rows.map(([threshold]) => Number(threshold))).toEqual(sampleFigures.roc.map(({ threshold }) => threshold));
  });
});
