// Figures as files: SVG, PNG at twice the size, CSV. A file says what it shows, of which run, and that it is no diagnosis.
// Must not know where files go.
import { NOTICE } from '#api/notice.ts';
import { csvFile } from './csv.ts';
import type { Figure, Table, Tone } from './figure.ts';
import type { KeepFile } from './keep-file.ts';
import { paperPalette, themePalette } from './palette.ts';
import type { Palette } from './palette.ts';
import { colour, element, escaped, figureElements, svgFile } from './svg.ts';

export type Format = 'png' | 'svg' | 'csv';
export type Background = 'theme' | 'white';

/** A figure ready to be saved: what it shows on `width` x `height` px, whatever draws it. */
export interface Drawing {
  name: string;
  title: string;
  note: string;
  summary: string;
  width: number;
  height: number;
  elements: (palette: Palette) => string[];
  table: Table;
}

/** Which run a figure is of: "Run 12, Paper preset, 28 x 28", and the start of the file name. */
export interface Provenance {
  run: string;
  file: string;
}

const MARGIN_PX = 24;
const HEAD_PX = 32;
const FOOT_PX = 28;
/** Between figures that stand beside each other, and the width at which a new row begins. */
const BETWEEN_PX = 40;
const WIDEST_PX = 1384;
/** Px of the picture a px of the figure. */
const PNG_SCALE = 2;

export function drawingOf(figure: Figure, width: number, height: number): Drawing {
  const { name, title, note, summary, table } = figure;
  return {
    name,
    title,
    note,
    summary,
    width,
    height,
    table,
    elements: (palette) => figureElements(figure, width, height, palette),
  };
}

/** The SVG file of one figure, or of several: beside each other while there is room, then below. */
export function svgOf(drawings: readonly Drawing[], provenance: Provenance, palette: Palette): string {
  const inside: string[] = [];
  let [left, top, below, right] = [0, 0, 0, 0];
  for (const drawing of drawings) {
    if (left > 0 && left + drawing.width > WIDEST_PX) [left, top] = [0, below];
    inside.push(head(drawing, left, top, palette), moved(left, top + HEAD_PX, drawing.elements(palette)));
    below = Math.max(below, top + HEAD_PX + drawing.height + MARGIN_PX);
    right = Math.max(right, left + drawing.width);
    left += drawing.width + BETWEEN_PX;
  }
  inside.push(foot(provenance, below + 12, palette));
  const title = `${drawings.map((drawing) => drawing.title).join(', ')}: ${provenance.run}`;
  const summary = drawings.map((drawing) => drawing.summary).join(' ');
  const size = { width: right + 2 * MARGIN_PX, height: below + FOOT_PX + 2 * MARGIN_PX };
  return svgFile({ title, summary, ...size, inside: [moved(MARGIN_PX, MARGIN_PX, inside)] }, palette);
}

function head({ title, note, width }: Drawing, left: number, top: number, palette: Palette): string {
  return moved(left, top, [
    line(title, 0, 12, 'strong', palette, { 'font-weight': 600 }),
    line(note, width, 12, 'faint', palette, { 'text-anchor': 'end' }),
  ]);
}

function foot({ run }: Provenance, top: number, palette: Palette): string {
  return moved(0, top, [line(`Osteon, ${run}`, 0, 0, 'plain', palette), line(NOTICE, 0, 16, 'faint', palette)]);
}

function line(
  text: string,
  x: number,
  y: number,
  tone: Tone,
  palette: Palette,
  more: Record<string, string | number> = {},
): string {
  return element('text', { x, y, ...colour('fill', palette.tones[tone]), ...more }, [escaped(text)]);
}

function moved(x: number, y: number, inside: readonly string[]): string {
  return element('g', { transform: `translate(${x} ${y})` }, inside.length === 0 ? [''] : inside);
}

/** Saves figures in one file. A CSV file holds one table: the first one's. */
export async function saveFigures(
  drawings: readonly Drawing[],
  provenance: Provenance,
  format: Format,
  keep: KeepFile,
  background: Background = 'theme',
): Promise<void> {
  const name = `${provenance.file}-${drawings.length === 1 ? (drawings[0]?.name ?? 'figure') : 'figures'}.${format}`;
  if (format === 'csv') {
    const [first] = drawings;
    if (first) await saveTable(first.table, name, provenance, keep);
    return;
  }
  const palette = background === 'white' ? paperPalette() : themePalette();
  const svg = new Blob([svgOf(drawings, provenance, palette)], { type: 'image/svg+xml' });
  await keep(name, format === 'svg' ? svg : await pngOf(svg));
}

/** Each row says which run it is of and that it is no diagnosis: rows travel without their file name. */
export async function saveTable(
  table: Pick<Table, 'columns' | 'rows'>,
  name: string,
  provenance: Provenance,
  keep: KeepFile,
): Promise<void> {
  const columns = [...table.columns, { name: 'run' }, { name: 'notice' }];
  const rows = table.rows.map((row) => [...row, provenance.run, NOTICE]);
  await keep(name, new Blob([csvFile({ columns, rows })], { type: 'text/csv;charset=utf-8' }));
}

async function pngOf(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.naturalWidth * PNG_SCALE;
    canvas.height = picture.naturalHeight * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((take) => canvas.toBlob(take, 'image/png'));
    if (!png) throw new Error(`a picture of ${canvas.width} x ${canvas.height} px could not be made`);
    return png;
  } finally {
    URL.revokeObjectURL(address);
  }
}
