// A file opened for its films, whatever format it has: how many there are, and each one decoded.
// Must not write anything.
import { Problem } from '#core/problem.ts';
import { decodeDicomFrame } from './dicom/film.ts';
import { framesOf } from './dicom/frames.ts';
import { openDicom, pixelClaims } from './dicom/open.ts';
import type { Dicom } from './dicom/open.ts';
import type { Film, MediaType } from './film.ts';
import { openFile } from './opened-file.ts';
import type { OpenedFile } from './opened-file.ts';
import { decodePicture, isTurned, openPicture } from './picture/decode.ts';

/** A film and the colourfulness of its source (Hasler and Suesstrunk; 0 grey, 15 slightly colourful). */
export interface DecodedFilm {
  film: Film;
  colour: number;
}

export interface FilmSource {
  file: string;
  bytes: Buffer;
  mediaType: MediaType;
  frames: number;
  /** The opened DICOM file; null for pictures. */
  dicom: Dicom | null;
  /** Decodes one frame whole. Colour is reckoned only when asked for: it takes a second look at the picture. */
  decode(frame: number, withColour?: boolean): Promise<DecodedFilm>;
  /** Whether decoding turns or mirrors the frame from how it is stored: what was marked on it elsewhere may lie otherwise. */
  turned(frame: number): Promise<boolean>;
}

/** Opens a file and checks all it claims. Throws FILE_UNREADABLE, NOT_A_FILM and what is wrong with it. */
export async function openSource(path: string): Promise<FilmSource> {
  return sourceOf(await openFile(path));
}

/** An opened file as a source of films. Throws what is wrong with it. */
export function sourceOf(opened: OpenedFile): FilmSource {
  return opened.mediaType === 'application/dicom' ? dicomSource(opened) : pictureSource(opened);
}

/** Decodes one frame of a file. Throws FILM_DAMAGED where the file has no such frame. */
export async function decodeFrame(path: string, frame: number, withColour = false): Promise<DecodedFilm> {
  const source = await openSource(path);
  if (frame < 0 || frame >= source.frames) throw new Problem('FILM_DAMAGED', { file: source.file });
  return source.decode(frame, withColour);
}

function pictureSource({ file, bytes, mediaType }: OpenedFile): FilmSource {
  const picture = openPicture({ file, bytes, mediaType });
  return {
    file,
    bytes,
    mediaType,
    frames: picture.frames.length,
    dicom: null,
    decode: (frame, withColour = false) => decodePicture(picture, frame, withColour),
    turned: (frame) => isTurned(picture, frame),
  };
}

function dicomSource({ file, bytes, mediaType }: OpenedFile): FilmSource {
  const dicom = openDicom({ file, bytes });
  const claims = pixelClaims(dicom);
  const frames = framesOf(dicom, claims);
  return {
    file,
    bytes,
    mediaType,
    frames: frames.length,
    dicom,
    decode: async (frame) => ({ film: await decodeDicomFrame(dicom, claims, frames[frame] ?? []), colour: 0 }),
    turned: () => Promise.resolve(false),
  };
}
