// Films made smaller (or larger) by area averaging: each new pixel is the mean of what it covers.
// Must not choose sizes or windows.

interface Plane {
  width: number;
  height: number;
  pixels: Uint8Array | Uint16Array | Int16Array;
  /** Values from the start of a row to the start of the next; the width where it is absent. */
  stride?: number;
}

interface Size {
  width: number;
  height: number;
}

/** Longer side becomes `side`; nothing is made larger. At least 1 x 1. */
export function fitInside(width: number, height: number, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Every second row of a film: enough where many are averaged into one, in half the time. */
export function everySecondRow({ pixels, width, height }: Plane): Plane {
  return { pixels, width, height: height >> 1, stride: 2 * width };
}

/**
 * Area-averages a film, each stored value first looked up in `table[stored - first]`. Gives `width * height` means, row by row.
 * A pixel on the border of two new ones counts for each with the share that lies in it.
 */
export function averageAreas(film: Plane, table: Float32Array, first: number, { width, height }: Size): Float32Array {
  const rows = spans(film.height, height);
  const columns = spans(film.width, width);
  const stride = film.stride ?? film.width;
  const summed = new Float64Array(film.width);
  const output = new Float32Array(width * height);
  const area = (film.width / width) * (film.height / height);
  for (let y = 0; y < height; y++) {
    summed.fill(0);
    const from = rows.from[y] as number;
    const to = rows.to[y] as number;
    for (let row = from; row <= to; row++) {
      const weight = row === from ? (rows.head[y] as number) : row === to ? (rows.tail[y] as number) : 1;
      addRow(film.pixels, row * stride, table, first, weight, summed);
    }
    averageRow(summed, columns, area, output, y * width);
  }
  return output;
}

/** The loop all the time goes into: one row of stored values, looked up and added. */
function addRow(
  pixels: Plane['pixels'],
  offset: number,
  table: Float32Array,
  first: number,
  weight: number,
  summed: Float64Array,
): void {
  if (pixels instanceof Uint8Array) {
    for (let x = 0; x < summed.length; x++) {
      summed[x] = (summed[x] as number) + weight * (table[pixels[offset + x] as number] as number);
    }
    return;
  }
  for (let x = 0; x < summed.length; x++) {
    summed[x] = (summed[x] as number) + weight * (table[(pixels[offset + x] as number) - first] as number);
  }
}

function averageRow(summed: Float64Array, columns: Spans, area: number, output: Float32Array, offset: number): void {
  for (let x = 0; x < columns.from.length; x++) {
    const from = columns.from[x] as number;
    const to = columns.to[x] as number;
    let sum = (columns.head[x] as number) * (summed[from] as number);
    for (let at = from + 1; at < to; at++) sum += summed[at] as number;
    if (to > from) sum += (columns.tail[x] as number) * (summed[to] as number);
    output[offset + x] = sum / area;
  }
}

/** For each new pixel the old ones it covers, from and to inclusive, and the covered share of the first and of the last. */
interface Spans {
  from: Uint32Array;
  to: Uint32Array;
  head: Float64Array;
  tail: Float64Array;
}

function spans(input: number, output: number): Spans {
  const result: Spans = {
    from: new Uint32Array(output),
    to: new Uint32Array(output),
    head: new Float64Array(output),
    tail: new Float64Array(output),
  };
  for (let index = 0; index < output; index++) {
    const start = (index * input) / output;
    const end = ((index + 1) * input) / output;
    const from = Math.min(input - 1, Math.floor(start));
    const to = Math.min(input - 1, Math.max(from, Math.ceil(end) - 1));
    result.from[index] = from;
    result.to[index] = to;
    result.head[index] = from === to ? end - start : from + 1 - start;
    result.tail[index] = from === to ? 0 : end - to;
  }
  return result;
}
