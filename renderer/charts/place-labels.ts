// Moves words at the ends of lines apart, as little as can be, so that none covers another.
// Pure arithmetic on boxes; must not know what the words say.

export interface LabelBox {
  left: number;
  width: number;
  /** Height it would like its middle at, px from the top. */
  middle: number;
}

/** Least distance between the middles of two lines of words, px. */
export const LINE_PX = 16;

/**
 * Heights of the middles, px, in the order given: within `top` to `bottom`, at least a line apart where two stand over
 * each other, and with the least sum of squared moves (pool adjacent violators, Barlow and others 1972). Where there are
 * more words than room the lines move closer together evenly.
 */
export function placeLabels(boxes: readonly LabelBox[], top: number, bottom: number): number[] {
  const middles = boxes.map(({ middle }) => middle);
  for (const group of overlapping(boxes)) {
    const order = group.toSorted((a, b) => (boxes[a]?.middle ?? 0) - (boxes[b]?.middle ?? 0) || a - b);
    const gap = Math.min(LINE_PX, (bottom - top) / Math.max(1, order.length - 1));
    const wished = order.map((box, i) => (boxes[box]?.middle ?? 0) - i * gap);
    const room = bottom - (order.length - 1) * gap;
    for (const [i, level] of neverFalling(wished).entries()) {
      const box = order[i];
      if (box !== undefined) middles[box] = Math.min(Math.max(level, top), Math.max(top, room)) + i * gap;
    }
  }
  return middles;
}

/** A line by its corners, px. */
export type Line = readonly { x: number; y: number }[];

/** Half the height words need to stay clear of a line, and the farthest they are moved for it, px. */
const CLEAR_PX = 9;
const FARTHEST_PX = 30;

/**
 * The height nearest to the wished one, px, at which no line runs through the words, within `top` to `bottom`; the wished
 * one where nothing near is free.
 */
export function clearOfLines(
  box: LabelBox,
  lines: readonly Line[],
  top: number,
  bottom: number,
  reachPx = FARTHEST_PX,
): number {
  const taken = lines
    .map((line) => heightsWithin(line, box.left, box.left + box.width))
    .filter((heights) => heights !== null)
    .map(({ from, to }) => ({ from: from - CLEAR_PX, to: to + CLEAR_PX }));
  const free = (middle: number) =>
    middle >= top && middle <= bottom && taken.every(({ from, to }) => middle <= from || middle >= to);
  const nearest = [box.middle, ...taken.flatMap(({ from, to }) => [from, to])]
    .filter((middle) => Math.abs(middle - box.middle) <= reachPx && free(middle))
    .sort((a, b) => Math.abs(a - box.middle) - Math.abs(b - box.middle));
  return nearest[0] ?? box.middle;
}

/** Highest and lowest point of the part of a line over `left` to `right`; null where it does not run there. */
function heightsWithin(line: Line, left: number, right: number): { from: number; to: number } | null {
  const heights: number[] = [];
  line.forEach(({ x, y }, i) => {
    if (x >= left && x <= right) heights.push(y);
    const next = line[i + 1];
    if (!next) return;
    for (const edge of [left, right]) {
      if (x < edge && next.x > edge) heights.push(y + ((edge - x) / (next.x - x)) * (next.y - y));
    }
  });
  return heights.length === 0 ? null : { from: Math.min(...heights), to: Math.max(...heights) };
}

/** Boxes that stand in one another's column, directly or through a third. */
function overlapping(boxes: readonly LabelBox[]): number[][] {
  const order = boxes.map((_, i) => i).sort((a, b) => (boxes[a]?.left ?? 0) - (boxes[b]?.left ?? 0));
  const groups: number[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    const { left, width } = boxes[i] ?? { left: 0, width: 0 };
    if (left > right) groups.push([]);
    groups.at(-1)?.push(i);
    right = Math.max(right, left + width);
  }
  return groups;
}

/** The nearest never-falling row to `values`, by least squares. */
function neverFalling(values: readonly number[]): number[] {
  const pools: { sum: number; size: number }[] = [];
  for (const value of values) {
    pools.push({ sum: value, size: 1 });
    for (
      let last = pools.at(-1), before = pools.at(-2);
      last && before && before.sum / before.size > last.sum / last.size;
    ) {
      pools.splice(-2, 2, { sum: before.sum + last.sum, size: before.size + last.size });
      last = pools.at(-1);
      before = pools.at(-2);
    }
  }
  return pools.flatMap(({ sum, size }) => Array.from({ length: size }, () => sum / size));
}
