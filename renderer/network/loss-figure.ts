// The loss around trained weights as a drawing: a curve along one direction, a grid with lines of equal loss along two.
// Must not compute a loss; the trained network is always marked.
import type { Slice } from '#api/networks.ts';
import { FONT_PX } from '#renderer/charts/layout.ts';
import type { Figure, Table } from '#renderer/charts/figure.ts';
import type { Palette } from '#renderer/charts/palette.ts';
import type { Drawing } from '#renderer/charts/save-figure.ts';
import { lossAxis } from '#renderer/charts/scale.ts';
import { colour, element, escaped, short } from '#renderer/charts/svg.ts';
import { contour } from './contour.ts';
import { tickWords, value } from './network-words.ts';

const LINES = 8;
const [LEFT_PX, TOP_PX, BELOW_PX, LEGEND_PX] = [44, 8, 40, 92];

/** "Loss on 32 checking films; 0.694 as trained, 0.612 at the least of 121 points, 2.31 at the most." */
export function sliceSentence({ films, of, trained, loss }: Slice): string {
  const known = loss.flat().filter((one) => one !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const some = films < of ? `${films} of ${of}` : String(films);
  return `Loss on ${some} checking films: ${value(trained)} as trained; of ${loss.flat().length} points ${value(least)} at the least, ${value(most)} at the most.`;
}

function tableOf({ at, loss, directions }: Slice): Table {
  const rows = loss.flatMap((row, i) => row.map((one, j) => [at[j] ?? 0, directions === 2 ? (at[i] ?? 0) : 0, one]));
  return {
    caption: 'Loss around the trained weights',
    columns: [
      { name: 'first direction', said: value },
      { name: 'second direction', said: value },
      { name: 'loss', said: value },
    ],
    rows,
  };
}

const named = (slice: Slice) => ({
  name: 'loss-slice',
  title: 'Loss around the trained weights',
  note: `seed ${slice.seed}`,
  summary: sliceSentence(slice),
  table: tableOf(slice),
});

export function lossCurve(slice: Slice): Figure {
  const points = (slice.loss[0] ?? []).flatMap((one, i) =>
    one === null ? [] : [{ x: slice.at[i] ?? 0, y: one, said: `${value(slice.at[i] ?? 0)}: loss ${value(one)}` }],
  );
  const reach = slice.at.at(-1) ?? 1;
  return {
    ...named(slice),
    x: {
      min: -reach,
      max: reach,
      ticks: ticksOf(reach),
      grid: true,
      title: 'along a random direction, in lengths of the weights',
    },
    y: lossAxis(points.map(({ y }) => y)),
    margins: { left: LEFT_PX, top: 24, right: 24, bottom: BELOW_PX },
    series: [{ name: 'loss', tone: 'check', widthPx: 2, knots: true, points }],
    marks: [{ x: 0, y: slice.trained, shape: 'ring', tone: 'strong', said: `as trained: ${value(slice.trained)}` }],
    labels: [{ x: 0, y: slice.trained, text: 'as trained', tone: 'strong', offsetPx: [12, -14], reachPx: 80 }],
    rule: null,
    band: null,
    hover: 'point',
  };
}

const ticksOf = (reach: number) => [-reach, -reach / 2, 0, reach / 2, reach].map((at) => ({ at, text: tickWords(at) }));

/** Where the grid lies in a drawing of that size, and which point is at a place of it. */
export function gridPlace(slice: Slice, width: number, height: number) {
  const points = slice.at.length;
  const side = Math.max(1, Math.min(width - LEFT_PX - LEGEND_PX, height - TOP_PX - BELOW_PX));
  const cell = side / points;
  return {
    left: LEFT_PX,
    top: TOP_PX,
    side,
    cell,
    at(x: number, y: number): { row: number; column: number } | null {
      const [column, row] = [Math.floor((x - LEFT_PX) / cell), points - 1 - Math.floor((y - TOP_PX) / cell)];
      return column < 0 || row < 0 || column >= points || row >= points ? null : { row, column };
    },
  };
}

/** Darker is a lower loss on paper and on a light window, brighter a higher one on a dark window: strength is loss. */
export function lossGrid(slice: Slice, width: number, height: number): Drawing {
  return { ...named(slice), width, height, elements: (palette) => gridElements(slice, width, height, palette) };
}

function gridElements(slice: Slice, width: number, height: number, palette: Palette): string[] {
  const place = gridPlace(slice, width, height);
  const { left, top, side, cell } = place;
  const points = slice.at.length;
  const known = slice.loss.flat().filter((one) => one !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  // The second direction goes upwards, as axes do.
  const y = (row: number) => top + side - (row + 0.5) * cell;
  const x = (column: number) => left + (column + 0.5) * cell;
  const strength = (one: number) => (most > least ? Math.log(one / least) / Math.log(most / least) : 0);
  const cells = slice.loss.flatMap((row, i) =>
    row.map((one, j) =>
      element('rect', {
        x: x(j) - cell / 2,
        y: y(i) - cell / 2,
        width: cell + 0.3,
        height: cell + 0.3,
        ...(one === null ? { fill: palette.plate } : { ...shade(palette, strength(one)) }),
      }),
    ),
  );
  const lines = Array.from({ length: LINES - 1 }, (_, i) => least * (most / least) ** ((i + 1) / LINES)).map(
    (level) => {
      const d = contour(slice.loss, level)
        .map(([a, b]) => `M${short(x(a.x))} ${short(y(a.y))}L${short(x(b.x))} ${short(y(b.y))}`)
        .join('');
      return element('path', { d, fill: 'none', ...colour('stroke', palette.tones.strong), 'stroke-opacity': 0.45 });
    },
  );
  const middle = (points - 1) / 2;
  const ring = {
    cx: x(middle),
    cy: y(middle),
    r: 6,
    fill: palette.background,
    stroke: palette.tones.strong,
    'stroke-width': 2.4,
  };
  const reach = slice.at.at(-1) ?? 1;
  const ticks = ticksOf(reach).flatMap(({ at, text }) => {
    const share = (at + reach) / (2 * reach);
    const along = left + cell / 2 + share * (side - cell);
    const up = top + side - cell / 2 - share * (side - cell);
    return [words(text, along, top + side + 16, palette, 'middle'), words(text, left - 8, up + 4, palette, 'end')];
  });
  return [
    ...cells,
    ...lines,
    element('circle', ring),
    words('as trained', x(middle) + 12, y(middle) + 4, palette, 'start', true),
    ...ticks,
    words('two random directions, in lengths of the weights', left + side / 2, top + side + 34, palette, 'middle'),
    ...legend(left + side + 20, top, side, [least, most], palette),
  ];
}

function shade(palette: Palette, strength: number) {
  return { ...colour('fill', palette.tones.accent), 'fill-opacity': Number((0.06 + 0.84 * strength).toFixed(3)) };
}

/** Steps of equal ratio, as the lines are. */
function legend(left: number, top: number, side: number, [least, most]: [number, number], palette: Palette): string[] {
  const height = side / LINES;
  const steps = Array.from({ length: LINES }, (_, i) =>
    element('rect', {
      x: left,
      y: top + side - (i + 1) * height,
      width: 12,
      height: height + 0.3,
      ...shade(palette, (i + 0.5) / LINES),
    }),
  );
  const marks = [0, LINES / 2, LINES].map((i) => {
    const level = least * (most / least) ** (i / LINES);
    const y = top + side - i * height + (i === 0 ? 0 : i === LINES ? FONT_PX - 2 : 4);
    return words(value(level), left + 20, y, palette, 'start');
  });
  return [...steps, ...marks];
}

function words(text: string, x: number, y: number, palette: Palette, anchor: string, strong = false): string {
  const halo = strong
    ? { 'paint-order': 'stroke', stroke: palette.background, 'stroke-width': 4, 'stroke-linejoin': 'round' }
    : {};
  return element('text', { x, y, 'text-anchor': anchor, fill: palette.tones[strong ? 'strong' : 'faint'], ...halo }, [
    escaped(text),
  ]);
}
