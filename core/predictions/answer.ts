// From a probability to an answer, and from the network's square back to the film. Pure.
import type { Box } from '#api/box.ts';
import type { Answer, ModelCard } from '#api/predictions.ts';
import { inBand } from '#core/evaluation/threshold.ts';

/** Fracture from the threshold on, whole below, "cannot tell" inside the band the checking films showed. */
export function answerOf(
  probability: number,
  { threshold, cannotTell }: Pick<ModelCard, 'threshold' | 'cannotTell'>,
): Answer {
  if (inBand(cannotTell, probability)) return 'cannot tell';
  return probability >= threshold ? 'fracture' : 'whole';
}

/** The square of a film that its prepared form covers: the longer side, the film centred in it (see prepare.ts). */
export function regionOf({ width, height }: { width: number; height: number }): { x: number; y: number; side: number } {
  const side = Math.max(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** A box in pixels of the input, in whole pixels of the film and inside it. */
export function boxOnFilm(box: Box, size: number, film: { width: number; height: number }): Box {
  const { x, y, side } = regionOf(film);
  const scale = side / size;
  const left = clamp(Math.floor(x + box.x * scale), 0, film.width - 1);
  const top = clamp(Math.floor(y + box.y * scale), 0, film.height - 1);
  const right = clamp(Math.ceil(x + (box.x + box.width) * scale), left + 1, film.width);
  const bottom = clamp(Math.ceil(y + (box.y + box.height) * scale), top + 1, film.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
