// Where the window stood when it was last closed. A place on a screen that is gone is not used.
import { readFileSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

const place = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
  maximized: z.boolean(),
});
export type Place = z.infer<typeof place>;

/** How much of the title bar must lie on a screen to be caught with the mouse, px. */
const GRIP = { width: 100, height: 30 };

/** The remembered place; null where there is none, or none that can be seen on these screens. */
export function readPlace(path: string, screens: Rectangle[]): Place | null {
  try {
    const remembered = place.parse(JSON.parse(readFileSync(path, 'utf8')));
    return screens.some((screen) => isReachable(remembered, screen)) ? remembered : null;
  } catch {
    return null;
  }
}

/** Writes down where the window stands, each time it is closed. */
export function rememberPlace(window: BrowserWindow, path: string): void {
  window.on('close', () => {
    const remembered: Place = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(path, JSON.stringify(remembered));
    } catch {
      // The next window opens in the middle of the screen: nothing worth a word.
    }
  });
}

function isReachable({ x, y, width }: Place, screen: Rectangle): boolean {
  const overlap = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return overlap >= GRIP.width && y >= screen.y && y + GRIP.height <= screen.y + screen.height;
}
