// Writes figures as SVG: real lines and real words, from the same layout the screen has. Written here rather than caught
// from a canvas, so that words stay words, the size is the paper's and not the window's, and it runs without a window.
// Must not read the theme: colours come in.
import type { Figure, Mark, Series } from './figure.ts';
import { BAND_STRENGTH, DOTS, FONT_PX, HALO_PX, KNOT_PX, layOut, RING_PX } from './layout.ts';
import type { Layout, PlacedText } from './layout.ts';
import type { Palette } from './palette.ts';

export type Attributes = Record<string, string | number>;

/** One element; text inside is escaped, elements inside are given as already written. */
export function element(name: string, attributes: Attributes, inside: readonly string[] = []): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? short(value) : value)}"`,
  );
  return inside.length === 0 ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${inside.join('')}</${name}>`;
}

/** Text for SVG, without the control characters XML does not allow. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return Array.from(text)
    .filter((sign) => sign >= ' ' || '\t\n\r'.includes(sign))
    .map((sign) => entities[sign] ?? sign)
    .join('');
}

/** A hundredth of a px is finer than any print. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Colour and strength apart: programs that draw do not all read #rrggbbaa. */
export function colour(kind: 'fill' | 'stroke', value: string): Attributes {
  const alpha = /^#[0-9a-f]{8}$/i.exec(value) ? Number.parseInt(value.slice(7), 16) / 255 : 1;
  if (alpha === 1) return { [kind]: value };
  return { [kind]: value.slice(0, 7), [`${kind}-opacity`]: Math.round(alpha * 1000) / 1000 };
}

/** A figure without a document around it: its elements, for `width` x `height` px from 0, 0. */
export function figureElements(figure: Figure, width: number, height: number, palette: Palette): string[] {
  const layout = layOut(figure, width, height);
  return [
    ...grid(figure, layout, palette),
    ...band(figure, layout, palette),
    ...rule(figure, layout, palette),
    ...figure.series.flatMap((series) => line(series, figure, layout, palette)),
    ...figure.marks.map((mark) => sign(mark, layout, palette)),
    ...layout.texts.map((text) => words(text, palette)),
  ];
}

function grid({ x: across, y: up }: Figure, { plot, x, y }: Layout, palette: Palette): string[] {
  const stroke = { ...colour('stroke', palette.grid), fill: 'none' };
  const standing = across.grid
    ? across.ticks.map(({ at }) => `M${short(x(at))} ${short(plot.top)}V${short(plot.bottom)}`)
    : [];
  const lying = up.grid ? up.ticks.map(({ at }) => `M${short(plot.left)} ${short(y(at))}H${short(plot.right)}`) : [];
  return [...standing, ...lying].map((d) => element('path', { d, ...stroke }));
}

function band({ band: stretch }: Figure, { plot, x }: Layout, palette: Palette): string[] {
  if (!stretch) return [];
  const from = x(stretch.from);
  const place = { x: from, y: plot.top, width: x(stretch.to) - from, height: plot.bottom - plot.top };
  return [element('rect', { ...place, fill: palette.warn, 'fill-opacity': BAND_STRENGTH })];
}

function rule({ rule: at }: Figure, { plot, x }: Layout, palette: Palette): string[] {
  if (!at) return [];
  const d = `M${short(x(at.x))} ${short(plot.top)}V${short(plot.bottom)}`;
  return [element('path', { d, fill: 'none', stroke: palette.tones.plain, 'stroke-dasharray': '2 3' })];
}

function line(series: Series, { y: up }: Figure, { x, y }: Layout, palette: Palette): string[] {
  const { points, tone, widthPx, dotted, knots, wash } = series;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return [];
  const d = `M${points.map((point) => `${short(x(point.x))} ${short(y(point.y))}`).join('L')}`;
  const stroke = { ...colour('stroke', palette.tones[tone]), 'stroke-width': widthPx, 'stroke-linejoin': 'round' };
  const dots: Attributes = dotted ? { 'stroke-dasharray': DOTS.join(' '), 'stroke-linecap': 'round' } : {};
  const parts: string[] = [];
  if (wash) {
    const foot = short(y(up.min));
    parts.push(element('path', { d: `${d}V${foot}H${short(x(first.x))}Z`, ...colour('fill', palette.wash) }));
  }
  parts.push(element('path', { d, fill: 'none', ...stroke, ...dots }));
  if (knots)
    parts.push(
      ...points.map((point) =>
        element('circle', { cx: x(point.x), cy: y(point.y), r: KNOT_PX, fill: palette.tones[tone] }),
      ),
    );
  return parts;
}

function sign(mark: Mark, { x, y }: Layout, palette: Palette): string {
  const [cx, cy, paint] = [x(mark.x), y(mark.y), palette.tones[mark.tone]];
  switch (mark.shape) {
    case 'ring':
      return element('circle', { cx, cy, r: RING_PX, fill: palette.background, stroke: paint, 'stroke-width': 2.4 });
    case 'disc':
      return element('circle', { cx, cy, r: RING_PX, fill: paint });
    case 'square':
      return element('rect', { x: cx - 5, y: cy - 5, width: 10, height: 10, fill: paint });
    case 'diamond':
      return element('path', {
        d: `M${short(cx)} ${short(cy - 7)}l7 7-7 7-7-7z`,
        fill: 'none',
        stroke: paint,
        'stroke-width': 1.6,
      });
    case 'cap':
      return element('path', {
        d: `M${short(cx)} ${short(cy - 6)}v12`,
        fill: 'none',
        stroke: paint,
        'stroke-width': 2,
      });
  }
}

function words({ text, x, y, anchor, tone, bold, turned }: PlacedText, palette: Palette): string {
  const place: Attributes = turned ? { transform: `translate(${short(x)} ${short(y)}) rotate(-90)` } : { x, y };
  const weight: Attributes = bold ? { 'font-weight': 600 } : {};
  const halo = {
    'paint-order': 'stroke',
    stroke: palette.background,
    'stroke-width': HALO_PX,
    'stroke-linejoin': 'round',
  };
  return element('text', { ...place, 'text-anchor': anchor, fill: palette.tones[tone], ...weight, ...halo }, [
    escaped(text),
  ]);
}

export interface Sheet {
  title: string;
  summary: string;
  width: number;
  height: number;
  inside: readonly string[];
}

/** A whole SVG file. */
export function svgFile({ title, summary, width, height, inside }: Sheet, palette: Palette): string {
  const root = {
    // eslint-disable-next-line no-restricted-syntax -- the name of a language, not an address that is fetched
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${short(width)} ${short(height)}`,
    role: 'img',
    'font-family': palette.font,
    'font-size': FONT_PX,
    style: 'font-variant-numeric: tabular-nums',
  };
  const ground = element('rect', { width, height, fill: palette.background });
  const about = [element('title', {}, [escaped(title)]), element('desc', {}, [escaped(summary)])];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('svg', root, [...about, ground, ...inside])}\n`;
}
