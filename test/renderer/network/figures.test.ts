// Figures and words of the page Network: numbers as they are written, curves, contours, the grid with its trained point.
import { describe, expect, it } from 'vitest';
import type { ActivationCurve, Slice } from '#api/networks.ts';
import type { Palette } from '#renderer/charts/palette.ts';
import { activationFigure, valuesSentence } from '#renderer/network/activation-figure.ts';
import { contour } from '#renderer/network/contour.ts';
import { gridPlace, lossCurve, lossGrid, sliceSentence } from '#renderer/network/loss-figure.ts';
import {
  costSentence,
  fromWords,
  rangeWords,
  seesSentence,
  tickWords,
  value,
} from '#renderer/network/network-words.ts';

describe('words', () => {
  it('write numbers with the digits that count', () => {
    const numbers = [0, 1.5, -0.03124, 123.4, 5678, 1234567, 0.00001234];
    expect(numbers.map((one) => value(one))).toEqual(['0', '1.50', '−0.0312', '123', '5678', '1.2e6', '1.2e−5']);
    expect([value(-0.1234, 2), value(345, 2)]).toEqual(['−0.12', '345']);
    expect([0, 0.5, 2, -1, 100, 0.25].map(tickWords)).toEqual(['0', '0.5', '2', '−1', '100', '0.25']);
    expect([rangeWords([0, 0]), rangeWords([-1, 2.5])]).toEqual(['0 all over', '−1.00 to 2.50']);
  });

  it('say what a unit sees, where a layer takes from and what a network takes', () => {
    expect(seesSentence({ x: 0, y: 0, width: 28, height: 28 }, 28)).toBe('It can see the whole of the film.');
    expect(seesSentence({ x: 4, y: 4, width: 3, height: 3 }, 28)).toBe('It sees 3 × 3 of the 28 × 28 pixels.');
    expect(seesSentence({ x: 0, y: 4, width: 2, height: 3 }, 28)).toContain('cut by the edge');
    const cost = { parameters: 92737, macs: 2793664, weightBytes: 370948, filmBytes: 283000 };
    expect(costSentence(cost)).toBe(
      '371 kB of weights, 283 kB of outputs for one film, 2.8 million multiplications a film.',
    );
    const named = (index: number, from: number[]) =>
      ({ index, from, name: `layer ${index}` }) as Parameters<typeof fromWords>[0];
    const layers = [named(0, []), named(1, [0]), named(2, [0, 1])];
    expect(layers.map((layer) => fromWords(layer, layers))).toEqual([null, null, 'from layer 0 and layer 1']);
  });
});

describe('the figure of an activation', () => {
  const curve: ActivationCurve = {
    name: 'ReLU, max(0, x)',
    layers: ['a', 'b'],
    x: [-4, 0, 4],
    y: [0, 0, 4],
    derivative: [0, 0, 1],
    values: { count: 10, bins: [1, 2, 6, 0], below: 0, above: 1 },
  };

  it('has function, derivative, and a bar for each bin that stands on the axis', () => {
    const figure = activationFigure(curve, 0);
    const [bars, derivative, function_] = figure.series;
    expect([figure.title, figure.note, figure.x.min, figure.x.max]).toEqual(['ReLU', '2 layers', -4, 4]);
    expect(function_?.points.map(({ y }) => y)).toEqual([0, 0, 4]);
    expect(derivative?.points.map(({ y }) => y)).toEqual([0, 0, 1]);
    const heights = bars?.points.filter((_, i) => i % 2 === 0).map(({ y }) => y / (bars.points[4]?.y ?? 1));
    expect(heights?.map((height) => Math.round(height * 6))).toEqual([1, 2, 6, 0]);
    expect(bars?.points.map(({ x }) => x)).toEqual([-4, -2, -2, 0, 0, 2, 2, 4]);
    expect(activationFigure({ ...curve, values: null }, 0).series).toHaveLength(2);
  });

  it('says how many values lie above 0 and beyond', () => {
    expect(valuesSentence(curve)).toBe(
      'Shaded: the 10 values this film gave it, 70.0 % of them above 0; 1 lie beyond ±4.00.',
    );
    expect(valuesSentence({ ...curve, values: null })).toBeNull();
  });
});

describe('lines of equal height', () => {
  it('cut a slope where its level lies, and leave out squares without a number', () => {
    const slope = [
      [0, 1, 2],
      [0, 1, 2],
    ];
    expect(contour(slope, 1.5)).toEqual([[{ x: 1.5, y: 0 }, { x: 1.5, y: 1 }]]); // prettier-ignore
    expect(contour(slope, 5)).toEqual([]);
    expect(contour([[0, null], [0, 2]], 1)).toEqual([]); // prettier-ignore
  });

  it('go round a peak, and keep the sides of a saddle apart', () => {
    const peak = [
      [0, 0, 0],
      [0, 4, 0],
      [0, 0, 0],
    ];
    const ring = contour(peak, 2);
    expect(ring).toHaveLength(4);
    for (const { x, y } of ring.flat()) expect(Math.abs(x - 1) + Math.abs(y - 1)).toBeCloseTo(0.5, 9);
    const saddle = (level: number) =>
      contour([[4, 0], [0, 4]], level).map(([a, b]) => Math.sign(a.x + b.x - (a.y + b.y))); // prettier-ignore
    // Below the mean the high corners are joined: the low ones are cut off, one on each side of the diagonal.
    expect(saddle(1).sort()).toEqual([-1, 1]);
    expect(saddle(3)).toEqual([0, 0]);
  });
});

describe('the loss around trained weights', () => {
  const slice: Slice = {
    run: 1,
    directions: 2,
    seed: 3,
    at: [-1, 0, 1],
    loss: [
      [4, 2, 4],
      [2, 1, null],
      [4, 2, 8],
    ],
    trained: 1,
    films: 32,
    of: 40,
  };
  const tones = { learn: '#111111', check: '#222222', ghost: '#333333', accent: '#444444', strong: '#555555', plain: '#666666', faint: '#777777' }; // prettier-ignore
  const palette: Palette = { tones, background: '#000000', plate: '#101010', grid: '#202020', wash: '#303030', warn: '#404040', font: 'sans-serif' }; // prettier-ignore

  it('is a grid in which strength is loss, with the trained network in the middle', () => {
    const drawing = lossGrid(slice, 420, 320);
    const elements = drawing.elements(palette);
    const cells = elements.slice(0, 9);
    const strength = cells.map((cell) => Number(/fill-opacity="([\d.]+)"/.exec(cell)?.[1] ?? NaN));
    expect(strength[4]).toBe(0.06);
    expect(strength[8]).toBe(0.9);
    expect(strength[1]).toBeCloseTo(0.06 + 0.84 / 3, 3);
    expect(cells[5]).toContain(palette.plate);
    const { left, top, side, cell, at } = gridPlace(slice, 420, 320);
    const ring = elements.find((element) => element.startsWith('<circle'))!;
    expect(Number(/cx="([\d.]+)"/.exec(ring)![1])).toBeCloseTo(left + side / 2, 1);
    // The second direction goes upwards.
    expect(at(left + 1, top + 1)).toEqual({ row: 2, column: 0 });
    expect(at(left + 2.5 * cell, top + side - 1)).toEqual({ row: 0, column: 2 });
    expect(at(left - 1, top + 1)).toBeNull();
    expect(drawing.table.rows[5]).toEqual([1, 0, null]);
    expect(elements.join('')).not.toMatch(/NaN|undefined/);
  });

  it('is a curve along one direction', () => {
    const figure = lossCurve({ ...slice, directions: 1, loss: [[3, 1, 2]] });
    expect(figure.series[0]?.points.map(({ x, y }) => [x, y])).toEqual([[-1, 3], [0, 1], [1, 2]]); // prettier-ignore
    expect(figure.marks).toMatchObject([{ x: 0, y: 1, shape: 'ring' }]);
  });

  it('is said with its films, its least and its greatest', () => {
    expect(sliceSentence(slice)).toBe(
      'Loss on 32 of 40 checking films: 1.00 as trained; of 9 points 1.00 at the least, 8.00 at the most.',
    );
  });

  it('draws an even surface without dividing by nothing', () => {
    const even = { ...slice, loss: [[1, 1, 1], [1, 1, 1], [1, 1, 1]] }; // prettier-ignore
    expect(lossGrid(even, 420, 320).elements(palette).join('')).not.toMatch(/NaN|Infinity/);
  });
});
