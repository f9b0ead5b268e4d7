import { describe, expect, it } from 'vitest';
import { accuracyCurves, lastEpochShown, lossCurves } from '#renderer/charts/curves.ts';
import { layOut, widthOfText } from '#renderer/charts/layout.ts';
import { rocCurve } from '#renderer/charts/roc.ts';
import { sharesOnOneAxis } from '#renderer/charts/shares.ts';
import { aboutSpan, percentRange, plainNumber } from '#renderer/charts/words.ts';
import { sampleCurve, sampleFigures } from './sample.ts';

const curves = (more = {}) => ({
  run: { name: 'run 14', epochs: sampleCurve(17, 9) },
  planned: 25,
  best: 9,
  memorisingSince: 9,
  ghosts: [{ name: 'run 12', epochs: sampleCurve(30, 9) }],
  ...more,
});

describe('curves of a training', () => {
  it('ring the checking value of the best epoch', () => {
    const { marks, rule } = accuracyCurves(curves());
    expect(marks).toEqual([{ x: 9, y: sampleCurve(17, 9)[8]?.valAccuracy, shape: 'ring', tone: 'check' }]);
    expect(rule).toEqual({ x: 9, text: 'best, epoch 9' });
  });

  it('shade from the best epoch to the last, and only while it memorises', () => {
    expect(accuracyCurves(curves()).band).toEqual({ from: 9, to: 17 });
    expect(accuracyCurves(curves({ memorisingSince: null })).band).toBeNull();
  });

  it('can be read from the first epochs of a long training on, and end where it ended', () => {
    const shown = [0, 25, 26, 60, 900].map((finished) => lastEpochShown(finished, 300, true));
    expect(shown).toEqual([25, 25, 50, 100, 300]);
    expect(lastEpochShown(3, 10, true)).toBe(10);
    expect(lastEpochShown(13, 300, false)).toBe(13);
  });

  it('name the best epoch clear of the axis, also where it is the first', () => {
    const { plot, texts } = layOut(accuracyCurves(curves({ best: 1 })), 600, 260);
    const told = texts.find(({ text }) => text === 'best, epoch 1');
    expect((told?.x ?? 0) - widthOfText('best, epoch 1') / 2).toBeCloseTo(plot.left);
  });

  it('leave room for the longest of all runs', () => {
    expect(accuracyCurves(curves()).x.max).toBe(30);
    expect(accuracyCurves(curves({ ghosts: [] })).x.max).toBe(25);
  });

  it('lay earlier runs under, dotted and named', () => {
    const { series, labels } = lossCurves(curves());
    expect(series[0]).toMatchObject({ name: 'run 12', tone: 'ghost', dotted: true });
    expect(labels.map(({ text }) => text)).toContain('run 12, checking');
  });

  it('leave out an epoch whose loss is no number', () => {
    const broken = sampleCurve(3).map((epoch) => (epoch.epoch === 3 ? { ...epoch, loss: Number.NaN } : epoch));
    const figure = lossCurves(
      curves({ run: { name: 'run 1', epochs: broken }, ghosts: [], best: 1, memorisingSince: null }),
    );
    expect(figure.series.find(({ name }) => name === 'learning')?.points).toHaveLength(2);
  });

  it('say in a sentence what they show', () => {
    expect(accuracyCurves(curves()).summary).toMatch(
      /^Share of right answers of run 14, epoch 1 to 17; .*best epoch, 9; laid over run 12\.$/,
    );
  });
});

describe('ROC figure', () => {
  it('rings the threshold in use where its figures lie', () => {
    expect(rocCurve(sampleFigures).marks[0]).toMatchObject({ y: 0.7, shape: 'ring' });
    expect(rocCurve(sampleFigures).marks[0]?.x).toBeCloseTo(0.2);
  });

  it('says its area with the interval', () => {
    expect(rocCurve(sampleFigures).note).toBe('AUC 0.81, 0.67 to 0.90');
  });
});

describe('shares on one axis', () => {
  it('stand with the run first, its interval drawn, the paper last', () => {
    const figure = sharesOnOneAxis(sampleFigures);
    expect(figure.y.ticks.map(({ text }) => text)).toEqual([
      'This run',
      'Always answering “whole”',
      'The paper, on other films',
    ]);
    expect(figure.series[0]?.points.map(({ x }) => x)).toEqual([0.626, 0.857]);
    expect(figure.labels.map(({ text }) => text)).toEqual(['76.0 %', '60.0 %', '73.13 %']);
  });

  it('name the class that is commoner', () => {
    const matrix = { ...sampleFigures.matrix, fractureFound: 40 };
    expect(sharesOnOneAxis({ ...sampleFigures, matrix }).y.ticks[1]?.text).toBe('Always answering “fracture”');
  });

  it('hold an interval that reaches far down', () => {
    expect(sharesOnOneAxis({ ...sampleFigures, interval95: [0.12, 0.6] }).x.min).toBe(0.1);
  });
});

it('words times no finer than they are known', () => {
  expect([0.4, 7.3, 22, 58, 250, 3600 * 2.5].map(aboutSpan)).toEqual([
    'about a second',
    'about 7 s',
    'about 20 s',
    'about 1 min',
    'about 4 min',
    'about 2.5 h',
  ]);
});

it('words ranges and small numbers', () => {
  expect(percentRange([0.628, 0.796])).toBe('62.8 to 79.6 %');
  expect(percentRange([0.628, 0.796], false)).toBe('62.8 to 79.6');
  expect([0.001, 0.19812, 1e-7].map((value) => plainNumber(value))).toEqual(['0.001', '0.198', '1e-7']);
});
