// The smallest box on a grid that holds half of the evidence.
// Pure; must not know networks.
import type { Box } from '#api/box.ts';

/**
 * Among all boxes that hold at least half of the sum, the one with the smallest area; of those the one that holds most.
 * Exact: for each pair of rows a window slides over the columns, size^3 / 2 steps (6 million at 224).
 * null when there is nothing on the grid.
 */
export function boxOfHalf(heat: Uint8Array, size: number): Box | null {
  const half = heat.reduce((sum, value) => sum + value, 0) / 2;
  if (half === 0) return null;
  let best: Box = { x: 0, y: 0, width: size, height: size };
  let bestSum = 2 * half;
  const columns = new Float64Array(size);
  for (let top = 0; top < size; top++) {
    columns.fill(0);
    for (let bottom = top; bottom < size; bottom++) {
      for (let x = 0; x < size; x++) columns[x] = (columns[x] ?? 0) + (heat[bottom * size + x] ?? 0);
      const height = bottom - top + 1;
      const found = narrowest(columns, half, Math.floor((best.width * best.height) / height));
      if (!found) continue;
      const smaller = found.width * height < best.width * best.height;
      if (!smaller && found.sum <= bestSum) continue;
      best = { x: found.x, y: top, width: found.width, height };
      bestSum = found.sum;
    }
  }
  return best;
}

/** The narrowest run of columns that holds `least`, at most `widest` columns; of equals the fullest. */
function narrowest(
  columns: Float64Array,
  least: number,
  widest: number,
): { x: number; width: number; sum: number } | null {
  let best: { x: number; width: number; sum: number } | null = null;
  let [from, sum] = [0, 0];
  for (let to = 0; to < columns.length; to++) {
    sum += columns[to] ?? 0;
    while (sum - (columns[from] ?? 0) >= least) sum -= columns[from++] ?? 0;
    const width = to - from + 1;
    if (sum < least || width > widest) continue;
    if (!best || width < best.width || (width === best.width && sum > best.sum)) best = { x: from, width, sum };
  }
  return best;
}
