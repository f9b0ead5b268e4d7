// Where everything in a figure stands, in px: the plot, and every word. Used by the canvas and by the SVG file alike,
// so that what is saved is what was seen. Must not draw.
import type { Axis, Figure, Tone } from './figure.ts';
import { clearOfLines, placeLabels } from './place-labels.ts';

export interface PlacedText {
  text: string;
  /** Point the words are set from; y is the foot of the letters. */
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  tone: Tone;
  bold: boolean;
  /** Read from below upwards. */
  turned: boolean;
}

export interface Layout {
  width: number;
  height: number;
  plot: { left: number; top: number; right: number; bottom: number };
  x: (value: number) => number;
  y: (value: number) => number;
  texts: PlacedText[];
}

/** Size of all words in figures, px. */
export const FONT_PX = 12;
/** Width of the clear edge around words, px. */
export const HALO_PX = 4;
/** Radius of the dot on a point, and of a ring or disc, px. */
export const KNOT_PX = 2.4;
export const RING_PX = 6;
/** Dots of a line laid under, px: on, off. */
export const DOTS = [1, 4] as const;
/** Strength of the shade over a stretch that memorises. */
export const BAND_STRENGTH = 0.06;
/** From the middle of the letters to their foot, px. */
const HALF_LETTER_PX = 4;
/** Mean width of a letter in a sans-serif of that size, px: where words can only be guessed, not measured. */
const LETTER_PX = 6.4;

export function widthOfText(text: string): number {
  return text.length * LETTER_PX;
}

export function layOut(figure: Figure, width: number, height: number): Layout {
  const { margins } = figure;
  const plot = {
    left: margins.left,
    top: margins.top,
    right: Math.max(margins.left + 1, width - margins.right),
    bottom: Math.max(margins.top + 1, height - margins.bottom),
  };
  const x = linear(figure.x, plot.left, plot.right);
  const y = linear(figure.y, plot.bottom, plot.top);
  const layout: Layout = { width, height, plot, x, y, texts: [] };
  layout.texts = [
    ...tickTexts(figure, layout),
    ...titleTexts(figure, layout),
    ...ruleText(figure, layout),
    ...labelTexts(figure, layout),
  ];
  return layout;
}

function linear({ min, max }: Axis, from: number, to: number): (value: number) => number {
  const range = max - min || 1;
  return (value) => from + ((value - min) / range) * (to - from);
}

function tickTexts({ x: across, y: up }: Figure, { plot, width, x, y }: Layout): PlacedText[] {
  const below = across.ticks.map(({ at, text, tone, bold }): PlacedText => {
    const half = widthOfText(text) / 2;
    const anchor = x(at) + half > width ? 'end' : x(at) - half < 0 ? 'start' : 'middle';
    return { text, x: x(at), y: plot.bottom + 18, anchor, tone: tone ?? 'faint', bold: bold ?? false, turned: false };
  });
  const beside = up.ticks.map(({ at, text, tone, bold }): PlacedText => {
    const place = up.flush ? { x: 0, anchor: 'start' as const } : { x: plot.left - 8, anchor: 'end' as const };
    return { text, ...place, y: y(at) + HALF_LETTER_PX, tone: tone ?? 'faint', bold: bold ?? false, turned: false };
  });
  return [...below, ...beside].filter(({ text }) => text !== '');
}

function titleTexts(figure: Figure, { plot, height }: Layout): PlacedText[] {
  const texts: PlacedText[] = [];
  const common = { anchor: 'middle', tone: 'faint', bold: false } as const;
  if (figure.x.title)
    texts.push({ ...common, text: figure.x.title, x: (plot.left + plot.right) / 2, y: height - 2, turned: false });
  if (figure.y.title)
    texts.push({ ...common, text: figure.y.title, x: 10, y: (plot.top + plot.bottom) / 2, turned: true });
  return texts;
}

function ruleText({ rule }: Figure, { plot, x }: Layout): PlacedText[] {
  if (!rule) return [];
  // Not over the words of the axis, where the rule stands at its very beginning.
  const middle = Math.max(x(rule.x), plot.left + widthOfText(rule.text) / 2);
  return [
    { text: rule.text, x: middle, y: plot.top - 8, anchor: 'middle', tone: 'strong', bold: false, turned: false },
  ];
}

function labelTexts({ labels, series }: Figure, { plot, width, x, y }: Layout): PlacedText[] {
  const top = plot.top + HALF_LETTER_PX;
  const bottom = plot.bottom - HALF_LETTER_PX;
  const lines = series
    .filter(({ quiet }) => !quiet)
    .map(({ points }) => points.map((point) => ({ x: x(point.x), y: y(point.y) })));
  const boxes = labels.map((label) => {
    const [right, down] = label.offsetPx ?? [10, 0];
    const wide = widthOfText(label.text);
    const left = Math.max(plot.left, Math.min(x(label.x) + right, width - wide));
    const box = { left, width: wide, middle: y(label.y) + down };
    return { ...box, middle: clearOfLines(box, lines, top, bottom, label.reachPx) };
  });
  const middles = placeLabels(boxes, top, bottom);
  return labels.map((label, i) => ({
    text: label.text,
    x: boxes[i]?.left ?? 0,
    y: (middles[i] ?? 0) + HALF_LETTER_PX,
    anchor: 'start',
    tone: label.tone,
    bold: label.bold ?? false,
    turned: false,
  }));
}
