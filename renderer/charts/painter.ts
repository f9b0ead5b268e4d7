// Draws a figure on a canvas with Chart.js, in the places `layOut` gives, so that the screen and the saved file agree.
// The only file that knows Chart.js. Must not know what a figure is about.
import { Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js';
import type { ChartConfiguration, ChartDataset, ChartOptions, Plugin } from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import type { AnnotationPluginOptions } from 'chartjs-plugin-annotation';
import type { Axis, Figure, Mark, Point, Series } from './figure.ts';
import { BAND_STRENGTH, DOTS, FONT_PX, HALO_PX, KNOT_PX, layOut, RING_PX } from './layout.ts';
import type { PlacedText } from './layout.ts';
import type { Palette } from './palette.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler, Tooltip, annotation);

type Options = Required<NonNullable<ChartOptions<'line'>['plugins']>>;
type Lines = ChartDataset<'line', Point[]>;

/** Owns one Chart.js chart on one canvas. */
export class Painter {
  #chart: Chart<'line', Point[]>;
  #figure: Figure;
  #palette: Palette;

  constructor(canvas: HTMLCanvasElement, figure: Figure, palette: Palette) {
    this.#figure = figure;
    this.#palette = palette;
    const config: ChartConfiguration<'line', Point[]> = {
      type: 'line',
      data: { datasets: datasets(figure, palette) },
      options: options(figure, palette),
      plugins: [this.#words()],
    };
    this.#chart = new Chart(canvas, config);
  }

  /** Shows another state of the figure, at once: points never slide. */
  show(figure: Figure, palette: Palette): void {
    this.#figure = figure;
    this.#palette = palette;
    this.#chart.data = { datasets: datasets(figure, palette) };
    this.#chart.options = options(figure, palette);
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #words(): Plugin<'line'> {
    return {
      id: 'words',
      afterDatasetsDraw: ({ ctx, width, height }) => {
        for (const text of layOut(this.#figure, width, height).texts) write(ctx, text, this.#palette);
      },
    };
  }
}

function options(figure: Figure, palette: Palette): ChartOptions<'line'> {
  const { margins } = figure;
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    layout: { padding: { ...margins }, autoPadding: false },
    interaction: { mode: 'nearest', axis: figure.hover === 'column' ? 'x' : 'xy', intersect: false },
    scales: { x: scale(figure.x, palette), y: scale(figure.y, palette) },
    plugins: { tooltip: tooltip(figure, palette), annotation: annotations(figure, palette) },
  };
}

/** Chart.js draws the grid; the words beside it are ours, and take no room of its own. */
function scale({ min, max, ticks, grid }: Axis, palette: Palette): NonNullable<ChartOptions<'line'>['scales']>[string] {
  return {
    type: 'linear',
    min,
    max,
    border: { display: false },
    grid: { display: grid, color: palette.grid, drawTicks: false },
    ticks: { display: false },
    afterBuildTicks: (axis) => {
      axis.ticks = ticks.map(({ at, text }) => ({ value: at, label: text }));
    },
    afterFit: (axis) => {
      if (axis.isHorizontal()) axis.height = 0;
      else axis.width = 0;
    },
  };
}

function datasets({ series, marks }: Figure, palette: Palette): Lines[] {
  // Chart.js draws the first on top.
  return [
    ...marks.toReversed().map((mark) => signOf(mark, palette)),
    ...series.toReversed().map((one) => lineOf(one, palette)),
  ];
}

function lineOf({ name, tone, points, widthPx, dotted, knots, wash }: Series, palette: Palette): Lines {
  const paint = palette.tones[tone];
  return {
    label: name,
    data: points,
    borderColor: paint,
    borderWidth: widthPx,
    borderJoinStyle: 'round',
    ...(dotted ? { borderDash: [...DOTS], borderCapStyle: 'round' as const } : {}),
    fill: wash ? { target: 'start', above: palette.wash, below: palette.wash } : false,
    pointRadius: knots ? KNOT_PX : 0,
    pointHoverRadius: points.some(({ said }) => said) ? KNOT_PX + 1 : 0,
    pointBackgroundColor: paint,
    pointBorderWidth: 0,
    clip: 8,
  };
}

function signOf(mark: Mark, palette: Palette): Lines {
  const paint = palette.tones[mark.tone];
  const styles = {
    ring: {
      pointStyle: 'circle',
      pointRadius: RING_PX,
      pointBackgroundColor: palette.background,
      pointBorderWidth: 2.4,
    },
    disc: { pointStyle: 'circle', pointRadius: RING_PX, pointBackgroundColor: paint, pointBorderWidth: 0 },
    square: { pointStyle: 'rect', pointRadius: 7, pointBackgroundColor: paint, pointBorderWidth: 0 },
    diamond: { pointStyle: 'rectRot', pointRadius: 7, pointBackgroundColor: palette.background, pointBorderWidth: 1.6 },
    cap: { pointStyle: 'line', rotation: 90, pointRadius: RING_PX, pointBackgroundColor: paint, pointBorderWidth: 2 },
  } as const;
  const style = styles[mark.shape];
  return {
    data: [mark],
    showLine: false,
    pointBorderColor: paint,
    pointHoverBorderColor: paint,
    pointHoverBackgroundColor: style.pointBackgroundColor,
    pointHoverBorderWidth: style.pointBorderWidth,
    pointHoverRadius: style.pointRadius,
    clip: 8,
    ...style,
  };
}

function annotations({ rule, band }: Figure, palette: Palette): AnnotationPluginOptions {
  return {
    annotations: {
      ...(band && {
        band: {
          type: 'box' as const,
          drawTime: 'beforeDatasetsDraw' as const,
          xMin: band.from,
          xMax: band.to,
          backgroundColor: withStrength(palette.warn, BAND_STRENGTH),
          borderWidth: 0,
        },
      }),
      ...(rule && {
        rule: {
          type: 'line' as const,
          drawTime: 'beforeDatasetsDraw' as const,
          xMin: rule.x,
          xMax: rule.x,
          borderColor: palette.tones.plain,
          borderWidth: 1,
          borderDash: [2, 3],
        },
      }),
    },
  };
}

function tooltip({ x, hover }: Figure, palette: Palette): Options['tooltip'] {
  const column = hover === 'column';
  return {
    animation: false,
    mode: column ? 'index' : 'nearest',
    intersect: false,
    displayColors: false,
    filter: ({ raw }) => Boolean((raw as Point).said),
    backgroundColor: palette.plate,
    borderColor: palette.grid,
    borderWidth: 1,
    cornerRadius: 6,
    padding: 8,
    titleColor: palette.tones.strong,
    bodyColor: palette.tones.plain,
    titleFont: { family: palette.font, size: FONT_PX, weight: 600 },
    bodyFont: { family: palette.font, size: FONT_PX },
    callbacks: {
      title: (items) => (column && items[0] ? `${x.title ?? 'epoch'} ${(items[0].raw as Point).x}` : ''),
      label: ({ raw }) => (raw as Point).said ?? '',
    },
  };
}

/** #rrggbb with a strength of its own. */
function withStrength(hex: string, strength: number): string {
  return `${hex.slice(0, 7)}${Math.round(strength * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

function write(
  ctx: CanvasRenderingContext2D,
  { text, x, y, anchor, tone, bold, turned }: PlacedText,
  palette: Palette,
): void {
  ctx.save();
  ctx.font = `${bold ? 600 : 400} ${FONT_PX}px ${palette.font}`;
  ctx.textAlign = anchor === 'middle' ? 'center' : anchor;
  ctx.textBaseline = 'alphabetic';
  ctx.translate(x, y);
  if (turned) ctx.rotate(-Math.PI / 2);
  ctx.lineJoin = 'round';
  ctx.lineWidth = HALO_PX;
  ctx.strokeStyle = palette.background;
  ctx.strokeText(text, 0, 0);
  ctx.fillStyle = palette.tones[tone];
  ctx.fillText(text, 0, 0);
  ctx.restore();
}
