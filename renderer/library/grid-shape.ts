// How a grid of films is laid out in a width: columns, size of a tile, height of a row. Sizes in px.
export const GAP = 8;
/** Films are drawn four wide, five high. */
const TILE_SHAPE = 5 / 4;
export const LIST_ROW = 44;

export interface GridShape {
  columns: number;
  tileWidth: number;
  tileHeight: number;
  /** Of a row with the space below it. */
  rowHeight: number;
}

/** `tile`: width of a tile, about; tiles grow or shrink a little to fill the row. */
export function gridShape(width: number, tile: number): GridShape {
  const columns = Math.max(1, Math.round((width + GAP) / (tile + GAP)));
  const tileWidth = Math.max(1, Math.floor((width - GAP * (columns - 1)) / columns));
  const tileHeight = Math.round(tileWidth * TILE_SHAPE);
  return { columns, tileWidth, tileHeight, rowHeight: tileHeight + GAP };
}

export const listShape: GridShape = { columns: 1, tileWidth: 0, tileHeight: LIST_ROW, rowHeight: LIST_ROW };

/** Where a key takes the focus; null where it is no key of movement. `page`: rows in sight. */
export function moved(key: string, from: number, total: number, columns: number, page: number): number | null {
  const last = total - 1;
  const to = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown:
      from + columns <= last || Math.floor(from / columns) === Math.floor(last / columns) ? from + columns : last,
    ArrowUp: from - columns,
    PageDown: from + columns * page,
    PageUp: from - columns * page,
    Home: 0,
    End: last,
  }[key];
  if (to === undefined || last < 0) return null;
  // A step up or down out of the grid stays where it is; a page goes to the end of its column.
  if ((key === 'ArrowUp' || key === 'ArrowDown') && (to < 0 || to > last)) return from;
  if (key === 'PageUp' && to < 0) return from % columns;
  return Math.min(last, Math.max(0, to));
}
