// Whether text over a film needs a plate behind it: where the film beneath shows light. Arithmetic only.
import type { Point, Size } from './view.ts';

export type Corner = 'tl' | 'tr' | 'bl' | 'br';

/** Room that text in a corner takes, CSS pixels, and places looked at in it. */
const TEXT: Size = { width: 240, height: 84 };
const ACROSS = 8;
const DOWN = 5;
/** From here on white text with a dark halo is hard to read, and this share of it spoils a line. */
const LIGHT = 0.55;
const SHARE = 0.12;

/** `brightnessAt` answers null beside the film, where it is black. */
export function needsPlate(corner: Corner, viewer: Size, brightnessAt: (place: Point) => number | null): boolean {
  const left = corner.endsWith('l') ? 0 : viewer.width - TEXT.width;
  const top = corner.startsWith('t') ? 0 : viewer.height - TEXT.height;
  let light = 0;
  for (let row = 0; row < DOWN; row++) {
    for (let column = 0; column < ACROSS; column++) {
      const x = left + ((column + 0.5) / ACROSS) * TEXT.width;
      const y = top + ((row + 0.5) / DOWN) * TEXT.height;
      if ((brightnessAt({ x, y }) ?? 0) > LIGHT) light++;
    }
  }
  return light / (ACROSS * DOWN) > SHARE;
}
