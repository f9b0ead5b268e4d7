// The picture of all maps of a layer, and drawing one of them. Must not smooth: a cell is what the network has.
import type { LayerMaps } from '#api/networks.ts';

export interface Sheet {
  maps: LayerMaps;
  bitmap: ImageBitmap;
}

export async function loadSheet(maps: LayerMaps): Promise<Sheet> {
  const response = await fetch(maps.picture);
  if (!response.ok) throw new Error(`the picture of layer ${maps.layer} answered ${response.status}`);
  return { maps, bitmap: await createImageBitmap(await response.blob()) };
}

/** Draws one map over the whole of a canvas, a pixel a cell; the page makes it larger. */
export function drawMap(canvas: HTMLCanvasElement, { maps, bitmap }: Sheet, channel: number): void {
  const { width, height, columns } = maps;
  canvas.width = width;
  canvas.height = height;
  const [left, top] = [(channel % columns) * width, Math.floor(channel / columns) * height];
  canvas.getContext('2d')?.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
}

/** The cell below a place within a drawn map. */
export function cellAt(event: MouseEvent, element: Element, maps: LayerMaps): { row: number; column: number } {
  const { left, top, width, height } = element.getBoundingClientRect();
  const inside = (at: number, length: number, cells: number) =>
    Math.min(cells - 1, Math.max(0, Math.floor((at / length) * cells)));
  return {
    row: inside(event.clientY - top, height, maps.height),
    column: inside(event.clientX - left, width, maps.width),
  };
}
