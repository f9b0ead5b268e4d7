// The decoding child: opens files nobody vouches for, so that a bad one takes down nothing but this process.
// Must not know of libraries or labels: paths in, films and files out.
import { describePixels, describedBytes, png, reduced, toDisplay, webp } from '#core/imaging/display.ts';
import type { GreyPicture } from '#core/imaging/grey-picture.ts';
import { keepFile } from '#core/imaging/keep.ts';
import type { KeepRequest } from '#core/imaging/keep.ts';
import { phantomMethods } from '#core/imaging/phantom/methods.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { readFilms } from '#core/imaging/reading.ts';
import type { ReadRequest } from '#core/imaging/reading.ts';
import { decodeFrame } from '#core/imaging/source.ts';
import { straighten } from '#core/imaging/straighten.ts';
import type { Corner } from '#core/imaging/straighten.ts';
import { writeWhole } from '#core/imaging/write-whole.ts';
import { Problem } from '#core/problem.ts';
import { work } from './work.ts';
import type { Method } from './work.ts';

interface FilmPlace {
  path: string;
  frame: number;
}

type Context = Parameters<Method>[1];

const methods = {
  read: (request: ReadRequest) => readFilms(request),
  keep: (request: KeepRequest) => keepFile(request),

  async thumbnail({ path, frame, side, to }: FilmPlace & { side: number; to: string }) {
    const { film } = await decodeFrame(path, frame);
    await writeWhole(to, await webp(reduced(film, side)));
  },

  async pixels({ path, frame }: FilmPlace) {
    const { film } = await decodeFrame(path, frame);
    return { description: describePixels(film), bytes: describedBytes(film) };
  },

  /** `size * size` bytes a film, and the colourfulness of each. */
  async inputs({ films, size }: { films: FilmPlace[]; size: number }, { emit, signal }: Context) {
    const pixels = new Uint8Array(films.length * size * size);
    const colour = new Float32Array(films.length);
    for (const [index, { path, frame }] of films.entries()) {
      if (signal.aborted) throw new Problem('CANCELLED');
      const decoded = await decodeFrame(path, frame, true);
      pixels.set(prepare(decoded.film, size), index * size * size);
      colour[index] = decoded.colour;
      emit({ done: index + 1 });
    }
    return { pixels, colour };
  },

  async straighten({ path, corners, to }: { path: string; corners: Corner[]; to: string }) {
    const { film } = await decodeFrame(path, 0);
    const straight = straighten(toDisplay(film), corners);
    await writeWhole(to, await png(straight));
    return { width: straight.width, height: straight.height };
  },

  /** A grey picture as PNG bytes, for what the window draws beside an answer. */
  png: (picture: GreyPicture) => png(picture),

  ...phantomMethods,
};

work(methods);
