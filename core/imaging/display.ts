// A film as a window shows it: 8-bit brightness, thumbnails, and the description its raw values travel with.
// Must not read files.
import type { PixelDescription } from '#api/images.ts';
import type { Film } from './film.ts';
import type { GreyPicture } from './grey-picture.ts';
import { rawFrom } from './libvips.ts';
import { averageAreas, everySecondRow, fitInside } from './resample.ts';
import { autoWindow, brightness, histogram, storedRange } from './window.ts';

/** The whole film as 8-bit brightness, by its window, its VOI table or the automatic window; bone is white. */
export function toDisplay(film: Film): GreyPicture {
  const { width, height } = film;
  if (isShownAsStored(film)) return { width, height, pixels: film.pixels };
  const { first } = storedRange(film);
  const table = Uint8Array.from(brightness(film), (bright) => Math.round(255 * bright));
  const pixels = new Uint8Array(film.pixels.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = table[(film.pixels[at] as number) - first] as number;
  return { width, height, pixels };
}

/** An 8-bit film without window or table of its own: its values are its brightness. */
function isShownAsStored(film: Film): film is Film & { pixels: Uint8Array } {
  const plain = film.slope === 1 && film.intercept === 0 && !film.inverted;
  return plain && film.bits === 8 && film.pixels instanceof Uint8Array && film.windows.length === 0 && !film.voiLut;
}

/** The film as 8-bit brightness, its longer side at most `side` px. */
export function reduced(film: Film, side: number): GreyPicture {
  const size = fitInside(film.width, film.height, side);
  if (size.width === film.width && size.height === film.height) return toDisplay(film);
  const rows = film.height >= 4 * size.height ? everySecondRow(film) : film;
  const means = averageAreas(rows, brightness(film), storedRange(film).first, size);
  const pixels = new Uint8Array(means.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.round(255 * (means[at] as number));
  return { ...size, pixels };
}

/** WebP of a grey picture: small and quick rather than smallest. */
export function webp({ pixels, width, height }: GreyPicture): Promise<Buffer> {
  return rawFrom(pixels, width, height).webp({ quality: 82, effort: 0 }).toBuffer();
}

/** Grey 8-bit PNG. */
export function png({ pixels, width, height }: GreyPicture): Promise<Buffer> {
  return rawFrom(pixels, width, height).toColourspace('b-w').png({ compressionLevel: 6 }).toBuffer();
}

/** How to read and to show the bytes of `describedBytes`. */
export function describePixels(film: Film): PixelDescription {
  const { pixels } = film;
  const counts = histogram(film);
  const { first } = storedRange(film);
  let min = Infinity;
  let max = -Infinity;
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    width: film.width,
    height: film.height,
    bits: film.bits,
    type: first < 0 ? 'int16' : pixels instanceof Uint8Array ? 'uint8' : 'uint16',
    slope: film.slope,
    intercept: film.intercept,
    inverted: film.inverted,
    min,
    max,
    windows: film.windows,
    windowFunction: film.windowFunction ?? 'linear',
    table: film.voiLut && { first: film.voiLut.first, bits: film.voiLut.bits, entries: film.voiLut.values.length },
    autoWindow: autoWindow(film, counts),
    pixelSpacingMm: film.pixelSpacingMm,
    pixelSpacingSource: film.pixelSpacingSource,
  };
}

/** What the description of a film describes: its stored values, then its VOI table where it has one. */
export function describedBytes(film: Film): Buffer {
  return film.voiLut ? Buffer.concat([pixelBytes(film), littleEndian(film.voiLut.values)]) : pixelBytes(film);
}

/** Stored values as bytes, little-endian whatever the machine. */
export function pixelBytes({ pixels }: Film): Buffer {
  return littleEndian(pixels);
}

function littleEndian(values: Film['pixels']): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (values.BYTES_PER_ELEMENT === 1 || LITTLE_ENDIAN) return bytes;
  return Buffer.from(bytes).swap16();
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
