// JPEG, PNG and TIFF to films: checked whole, turned upright, made grey at their own depth.
// Must not window or resize, and must not take a fault of the decoder for a picture.
import type { OutputInfo, Sharp } from 'sharp';
import { Problem } from '#core/problem.ts';
import type { Film } from '../film.ts';
import { plainFilm } from '../plain-film.ts';
import { STEP_SECONDS, pictureFrom, rawFrom } from '../libvips.ts';
import type { OpenedFile } from '../opened-file.ts';
import { checkSize } from '../size.ts';
import { colourfulness } from './colour.ts';
import { checkJpeg } from './jpeg.ts';
import { checkPng } from './png.ts';
import { checkTiff } from './tiff.ts';

/** A picture file that is there to its last byte; each frame decodes by itself. */
export interface Picture {
  file: string;
  decodable: Buffer;
  /** For each frame its page in the file and what the file claims of it. */
  frames: { page: number; width: number; height: number; bits: number; coloured: boolean }[];
}

/** Looks through a file and its claims before anything is decoded. Throws what is wrong with it. */
export function openPicture(opened: OpenedFile): Picture {
  const { file, bytes } = opened;
  const picture = { file, decodable: bytes, frames: [] as Picture['frames'] };
  if (opened.mediaType === 'image/jpeg') {
    const { width, height, components } = checkJpeg(opened);
    picture.frames.push({ page: 0, width, height, bits: 8, coloured: components > 1 });
  } else if (opened.mediaType === 'image/png') {
    const { width, height, bits, coloured, decodable } = checkPng(opened);
    picture.decodable = decodable;
    picture.frames.push({ page: 0, width, height, bits, coloured });
  } else {
    picture.frames.push(...checkTiff(opened));
  }
  for (const { width, height } of picture.frames) checkSize(file, width, height);
  return picture;
}

/** Decodes one frame whole. `colour`, its colourfulness, is reckoned only when asked for. */
export async function decodePicture(
  picture: Picture,
  frame: number,
  withColour = false,
): Promise<{ film: Film; colour: number }> {
  const claims = picture.frames[frame];
  if (!claims) throw new Problem('FILM_DAMAGED', { file: picture.file });
  try {
    const source = pictureFrom(picture.decodable, claims.page).autoOrient();
    if (claims.bits > 8) return { film: await grey16(source), colour: 0 };
    if (!withColour || !claims.coloured) return { film: await grey8(source), colour: 0 };
    const { data, info } = await source
      .flatten({ background: 'black' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const colour = colourfulness(data, info.width, info.height);
    return { film: await grey8(rawFrom(data, info.width, info.height, 3)), colour };
  } catch (error) {
    throw refusal(picture.file, error);
  }
}

/** Whether the file asks for the frame to be turned or mirrored (EXIF orientation other than 1). */
export async function isTurned(picture: Picture, frame: number): Promise<boolean> {
  const { orientation = 1 } = await pictureFrom(picture.decodable, picture.frames[frame]?.page ?? 0).metadata();
  return orientation !== 1;
}

/** The frame of a DICOM file as grey bytes. Colours are the ones of JFIF, whatever the file around it says. */
export async function decodeJpeg(file: string, bytes: Buffer): Promise<Uint8Array> {
  try {
    return (await grey8(pictureFrom(bytes))).pixels as Uint8Array;
  } catch (error) {
    throw refusal(file, error);
  }
}

async function grey8(source: Sharp): Promise<Film> {
  const { data, info } = await source
    .flatten({ background: 'black' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return pictureFilm(info, 8, new Uint8Array(data.buffer, data.byteOffset, data.length));
}

async function grey16(source: Sharp): Promise<Film> {
  const { data, info } = await source
    .flatten({ background: 'black' })
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return pictureFilm(info, 16, values);
}

function pictureFilm(info: OutputInfo, bits: number, pixels: Uint8Array | Uint16Array): Film {
  const { width, height } = info;
  if (pixels.length !== width * height) throw new Error(`libvips gave ${info.channels} bands where one was asked for`);
  return plainFilm(width, height, bits, pixels);
}

/** What libvips says, as an error the user can act on. */
function refusal(file: string, error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const says = error.message.toLowerCase();
  if (/premature end|not enough|end of file|read error|truncat|out of order read/.test(says)) {
    return new Problem('FILM_CUT_SHORT', { file }, { cause: error });
  }
  if (/timeout/.test(says)) return new Problem('FILM_TOO_SLOW', { file, seconds: STEP_SECONDS }, { cause: error });
  return new Problem('FILM_DAMAGED', { file }, { cause: error });
}
