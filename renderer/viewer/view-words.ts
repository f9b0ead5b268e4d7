// What the viewer shows, in words: corner text and what a screen reader says. Must not know labels.
import type { PixelDescription } from '#api/images.ts';
import { count } from '#renderer/words/figures.ts';
import type { Orientation } from './view.ts';
import type { GreyWindow, Preset } from './window.ts';

export const presetWords: Record<Preset, string> = {
  file: 'from the file',
  bone: 'bone',
  soft: 'soft tissue',
  full: 'full range',
  auto: 'automatic',
};

const curveWords = { exact: '', sigmoid: ', sigmoid', table: ', VOI table' };

/** "Window 180, level 118"; a fine window keeps the digits it needs, one that is no straight line says so. */
export function windowWords({ center, width, curve }: GreyWindow): string {
  const digits = width < 10 ? 1 : 0;
  const round = (value: number) => count(Number(value.toFixed(digits)));
  return `Window ${round(width)}, level ${round(center)}${curve ? curveWords[curve] : ''}`;
}

/** "Zoom 92 %", of screen pixels a film pixel. */
export function zoomWords(zoom: number): string {
  return `Zoom ${zoom < 0.1 ? (zoom * 100).toFixed(1) : Math.round(zoom * 100)} %`;
}

/** "Turned right by 90°"; null for an upright film. */
export function turnWords({ quarters }: Orientation): string | null {
  if (quarters === 0) return null;
  return quarters === 2 ? 'Turned by 180°' : `Turned ${quarters === 1 ? 'right' : 'left'} by 90°`;
}

/** "2,304 × 2,880 px, 8 bit". */
export function sizeWords({ width, height, bits }: Pick<PixelDescription, 'width' | 'height' | 'bits'>): string {
  return `${count(width)} × ${count(height)} px, ${bits} bit`;
}

/** Millimetres never without where they come from. */
export function spacingWords({ pixelSpacingMm, pixelSpacingSource }: PixelDescription): string {
  if (!pixelSpacingMm) return 'Lengths in px: the file gives no spacing';
  const [down, across] = pixelSpacingMm.map((mm) => Number(mm.toFixed(4)));
  const spacing = down === across ? `${across ?? ''} mm a px` : `${across ?? ''} × ${down ?? ''} mm a px`;
  return pixelSpacingSource ? `${spacing}, ${pixelSpacingSource}` : spacing;
}
