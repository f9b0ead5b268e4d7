// Four corners around a film in a picture: where they begin, how they move, whether they frame anything.
// Arithmetic only, in pixels of the picture; the first pixel reaches from 0 to 1.

export interface Corner {
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** In the order the core takes them: around the film, from its top left corner. */
export const cornerNames = ['top left', 'top right', 'bottom right', 'bottom left'] as const;

/** A film held before a camera seldom fills its picture. */
const MARGIN = 0.08;

export function startCorners({ width, height }: Size): Corner[] {
  const [left, top] = [Math.round(width * MARGIN), Math.round(height * MARGIN)];
  return [
    { x: left, y: top },
    { x: width - left, y: top },
    { x: width - left, y: height - top },
    { x: left, y: height - top },
  ];
}

/** One corner moved to a place, kept inside the picture, in whole pixels. */
export function movedCorner(corners: Corner[], at: number, to: Corner, { width, height }: Size): Corner[] {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return corners.map((corner, place) => (place === at ? { x: within(to.x, width), y: within(to.y, height) } : corner));
}

/** Whether the corners go once around a film, each turn to the same side: dragged across each other they frame nothing. */
export function framesFilm(corners: Corner[]): boolean {
  const turns = corners.map((corner, at) => {
    const next = corners[(at + 1) % 4];
    const after = corners[(at + 2) % 4];
    if (!next || !after) return 0;
    return (next.x - corner.x) * (after.y - next.y) - (next.y - corner.y) * (after.x - next.x);
  });
  return corners.length === 4 && (turns.every((turn) => turn > 0) || turns.every((turn) => turn < 0));
}

/** How far an arrow key moves a corner, in pixels of the picture: a thousandth of it, ten times that with Shift. */
export function arrowStep(key: string, fast: boolean, { width, height }: Size): Corner | null {
  const step = Math.max(1, Math.round(Math.max(width, height) / 1000)) * (fast ? 10 : 1);
  if (key === 'ArrowLeft') return { x: -step, y: 0 };
  if (key === 'ArrowRight') return { x: step, y: 0 };
  if (key === 'ArrowUp') return { x: 0, y: -step };
  return key === 'ArrowDown' ? { x: 0, y: step } : null;
}

/** The largest size a picture has inside a box, and where its corner lies in it: as `object-fit: contain` shows it. */
export function contained(picture: Size, box: Size): Size & Corner {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}
