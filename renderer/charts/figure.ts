// What a figure shows, free of any way to draw it: the canvas on screen, the SVG file, the CSV file and the table for
// screen readers are all made from this. Must not know a canvas, a document or a theme.

/** Part a colour plays; the theme says which colour that is. */
export type Tone = 'learn' | 'check' | 'ghost' | 'accent' | 'strong' | 'plain' | 'faint';

export interface Point {
  x: number;
  y: number;
  /** What the pointer is told here. */
  said?: string;
}

/** Points joined by straight lines, in the order given. */
export interface Series {
  name: string;
  tone: Tone;
  points: Point[];
  widthPx: number;
  dotted?: boolean;
  /** A dot on every point. */
  knots?: boolean;
  /** Words may lie over it. */
  quiet?: boolean;
  /** A wash between the line and the axis below. */
  wash?: boolean;
}

/** A single sign. A cap is the short stroke across the end of an interval. */
export interface Mark extends Point {
  shape: 'ring' | 'disc' | 'square' | 'diamond' | 'cap';
  tone: Tone;
}

export interface Tick {
  at: number;
  /** Empty: a line of the grid without a word. */
  text: string;
  tone?: Tone;
  bold?: boolean;
}

export interface Axis {
  min: number;
  max: number;
  ticks: Tick[];
  /** Lines across the plot at the ticks. */
  grid: boolean;
  title?: string;
  /** The words stand flush at the left edge of the figure: names of rows rather than numbers. */
  flush?: boolean;
}

/** Words beside a point, to its right; those that would overlap are moved apart. */
export interface EndLabel {
  x: number;
  y: number;
  text: string;
  tone: Tone;
  bold?: boolean;
  /** Distance from the point, px right and px down. */
  offsetPx?: [number, number];
  /** How far it may be moved to stand clear of lines, px. */
  reachPx?: number;
}

/** Distance from the edges of the figure to the plot, px. */
export interface Margins {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Figure {
  /** Part of a file name: letters, digits and dashes. */
  name: string;
  title: string;
  /** What must be known beside the title: of how many, which way is better. */
  note: string;
  /** The figure in a sentence, for those who do not see it. */
  summary: string;
  x: Axis;
  y: Axis;
  margins: Margins;
  series: Series[];
  marks: Mark[];
  labels: EndLabel[];
  /** Dotted line across, with a word above. */
  rule: { x: number; text: string } | null;
  /** Stretch of the plot that is shaded. */
  band: { from: number; to: number } | null;
  /** What the pointer tells: all values over one place of the axis below, or the point it is nearest to. */
  hover: 'column' | 'point';
  /** The numbers behind the figure. */
  table: Table;
}

export type Cell = string | number | null;

export interface Column {
  name: string;
  /** How a number of this column is said to a reader; files always get the whole number. */
  said?: (value: number) => string;
}

export interface Table {
  caption: string;
  columns: Column[];
  rows: Cell[][];
}
