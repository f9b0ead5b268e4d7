// Lines of equal height over a grid: marching squares (Lorensen and Cline 1987, in the plane), linear between points.
// Pure geometry; places are in cells, 0 being the first point.

export interface Point {
  x: number;
  y: number;
}
type Segment = [Point, Point];

/** Pieces of the line at `level`; squares with a corner that is no number are left out. */
export function contour(grid: readonly (readonly (number | null)[])[], level: number): Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < grid.length; row++) {
    for (let column = 0; column + 1 < (grid[row]?.length ?? 0); column++) {
      const corners = [
        grid[row]?.[column],
        grid[row]?.[column + 1],
        grid[row + 1]?.[column + 1],
        grid[row + 1]?.[column],
      ];
      if (corners.some((corner) => corner === null || corner === undefined)) continue;
      segments.push(...throughSquare(corners as number[], level, column, row));
    }
  }
  return segments;
}

/** Corners clockwise from the upper left one. */
function throughSquare(corners: number[], level: number, x: number, y: number): Segment[] {
  const places: Point[] = [
    { x, y },
    { x: x + 1, y },
    { x: x + 1, y: y + 1 },
    { x, y: y + 1 },
  ];
  const crossings = places.flatMap((from, i): Point[] => {
    const next = (i + 1) % 4;
    const [a, b, to] = [corners[i] ?? 0, corners[next] ?? 0, places[next]];
    if (!to || a >= level === b >= level) return [];
    const share = (level - a) / (b - a);
    return [{ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }];
  });
  const [a, b, c, d] = crossings;
  if (a && b && c && d) {
    // A saddle: the mean of the corners says which two belong together.
    const middle = corners.reduce((sum, corner) => sum + corner, 0) / 4;
    const firstApart = (corners[0] ?? 0) >= level === middle >= level;
    return firstApart ? [[a, b], [c, d]] : [[d, a], [b, c]]; // prettier-ignore
  }
  return a && b ? [[a, b]] : [];
}
