// Films made smaller (or larger) by area averaging: each new pixel is the mean of what it covers.
// Must not choose sizes or windows.

interface Plane {
  width: number;
  height: number;
  pixels: Uint8Array | Uint16Array | Int16Array;
}

/** A rectangle of a film in whole pixels. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Longer side becomes `side`; nothing is made larger. At least 1 x 1. */
export function fitInside(width: number, height: number, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Area-averages a region of a film, each stored value first looked up in `table[stored - first]`.
 * Gives `width * height` means, row by row. A border pixel counts with the share of it that is covered.
 */
export function averageAreas(
  film: Plane,
  table: Float32Array,
  first: number,
  size: { width: number; height: number },
  region: Region = { left: 0, top: 0, width: film.width, height: film.height },
): Float32Array {
  const { width, height } = size;
  const columns = spans(region.width, width);
  const rows = spans(region.height, height);
  const line = new Float64Array(width);
  const output = new Float32Array(width * height);
  const total = (region.width / width) * (region.height / height);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    const row = rows[y] as Span;
    for (let inside = row.from; inside <= row.to; inside++) {
      const weight = inside === row.from ? row.first : inside === row.to ? row.last : 1;
      addLine(film.pixels, (region.top + inside) * film.width + region.left, table, first, columns, weight, line);
    }
    for (let x = 0; x < width; x++) output[y * width + x] = (line[x] as number) / total;
  }
  return output;
}

function addLine(
  pixels: Plane['pixels'],
  offset: number,
  table: Float32Array,
  first: number,
  columns: Span[],
  weight: number,
  line: Float64Array,
): void {
  for (let x = 0; x < columns.length; x++) {
    const { from, to, first: head, last: tail } = columns[x] as Span;
    let sum = head * (table[(pixels[offset + from] as number) - first] as number);
    for (let at = from + 1; at < to; at++) sum += table[(pixels[offset + at] as number) - first] as number;
    if (to > from) sum += tail * (table[(pixels[offset + to] as number) - first] as number);
    line[x] = (line[x] as number) + weight * sum;
  }
}

/** Input pixels an output pixel covers: from and to inclusive, with the covered share of the first and the last. */
interface Span {
  from: number;
  to: number;
  first: number;
  last: number;
}

function spans(input: number, output: number): Span[] {
  const scale = input / output;
  return Array.from({ length: output }, (_, index) => {
    const start = index * scale;
    const end = Math.min(input, (index + 1) * scale);
    const from = Math.min(input - 1, Math.floor(start));
    const to = Math.min(input - 1, Math.max(from, Math.ceil(end) - 1));
    if (from === to) return { from, to, first: end - start, last: 0 };
    return { from, to, first: from + 1 - start, last: end - to };
  });
}
