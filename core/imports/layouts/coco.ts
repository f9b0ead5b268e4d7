// Boxes of a COCO file: where on a picture something was found.
// Must not know films; whoever asks fits a box to the film as it was read.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Box } from '#api/box.ts';

/** A box on a picture of that size, in its pixels. */
export interface PictureBox {
  picture: { width: number; height: number };
  box: [x: number, y: number, width: number, height: number];
}

const side = z.number().positive();
const coco = z.object({
  images: z.array(z.object({ id: z.number(), width: side, height: side, file_name: z.string() })),
  annotations: z.array(
    z.object({ image_id: z.number(), bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]) }),
  ),
});

/** By file name in small letters; null where there is no such file or it cannot be read as one. */
export function cocoBoxes(path: string): Map<string, PictureBox[]> | null {
  if (!existsSync(path)) return null;
  const read = coco.safeParse(parsed(readFileSync(path, 'utf8')));
  if (!read.success) return null;
  const { images, annotations } = read.data;
  const byId = new Map(images.map((image) => [image.id, image]));
  const boxes = new Map<string, PictureBox[]>();
  for (const { image_id: id, bbox: box } of annotations) {
    const image = byId.get(id);
    if (!image) continue;
    const name = image.file_name.toLowerCase();
    const { width, height } = image;
    boxes.set(name, [...(boxes.get(name) ?? []), { picture: { width, height }, box }]);
  }
  return boxes;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The box in whole pixels of a film of that size; null where the film has another shape than the picture that was marked
 * (turned since, or another film of the same name), so that no box lands beside its mark.
 */
export function boxOnFilm(
  { picture, box: [x, y, width, height] }: PictureBox,
  film: { width: number; height: number },
): Box | null {
  const [across, down] = [film.width / picture.width, film.height / picture.height];
  if (Math.abs(across / down - 1) > 0.01) return null;
  const [left, top] = [Math.max(0, Math.round(x * across)), Math.max(0, Math.round(y * down))];
  const right = Math.min(film.width, Math.round((x + width) * across));
  const bottom = Math.min(film.height, Math.round((y + height) * down));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}
