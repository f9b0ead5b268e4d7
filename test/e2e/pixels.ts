// Films with known pixels, and the pixels of the screen: what was put in and what can be seen.
import { writeFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';

export interface Size {
  width: number;
  height: number;
}

/** Writes a 16-bit grey PNG; `value` is 0 to 65,535. */
export async function writePng16(path: string, { width, height }: Size, value: (x: number, y: number) => number) {
  const values = new Uint16Array(width * height);
  for (let at = 0; at < values.length; at++) values[at] = value(at % width, Math.floor(at / width));
  const png = sharp(values, { raw: { width, height, channels: 1 } })
    .toColourspace('grey16')
    .png();
  writeFileSync(path, await png.toBuffer());
}

/** Writes an 8-bit grey PNG. */
export async function writePng8(path: string, { width, height }: Size, value: (x: number, y: number) => number) {
  const values = new Uint8Array(width * height);
  for (let at = 0; at < values.length; at++) values[at] = value(at % width, Math.floor(at / width));
  writeFileSync(
    path,
    await sharp(values, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer(),
  );
}

/** What an element looks like now: brightness, 0 to 255, at a place in CSS pixels from its top left corner. */
export async function lookAt(element: Locator): Promise<(x: number, y: number) => number> {
  const { data, info } = await sharp(await element.screenshot())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const box = await element.boundingBox();
  const scale = info.width / (box?.width ?? info.width);
  return (x, y) => data[Math.floor(y * scale) * info.width + Math.floor(x * scale)] ?? -1;
}
