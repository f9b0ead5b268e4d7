// Boxes on films as a training takes them: in pixels of the prepared film, and whether there are any to learn from.
// Must not know networks.
import type { Box } from '#api/box.ts';
import type { RunSettings } from '#api/runs.ts';
import { boxesOnFilms } from '#db/xrays.ts';
import { placeInSquare } from '#core/imaging/prepare.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { RunFilm } from './films.ts';

/** The settings as they can be met: where no fracture to learn from carries a box, marks teach nothing. */
export function withMarksThere(library: OpenLibrary, settings: RunSettings, films: RunFilm[]): RunSettings {
  if (!settings.marks) return settings;
  const learned = films.filter(({ part, label }) => part === 'learn' && label === 'fracture');
  const some = boxesOf(library, learned, settings.size).some((boxes) => boxes.length > 0);
  return some ? settings : { ...settings, marks: false };
}

/** Boxes on each film, prepared as its pixels are: in pixels of a square of that size. */
export function boxesOf({ db }: OpenLibrary, films: RunFilm[], size: number): Box[][] {
  const byFilm = new Map<number, Box[]>();
  const rows = boxesOnFilms(
    db,
    films.map(({ id }) => id),
  );
  for (const { film, filmWidth, filmHeight, x, y, width, height } of rows) {
    const inner = placeInSquare({ width: filmWidth, height: filmHeight }, size);
    const [across, down] = [inner.width / filmWidth, inner.height / filmHeight];
    const box = {
      x: inner.left + x * across,
      y: inner.top + y * down,
      width: width * across,
      height: height * down,
    };
    byFilm.set(film, [...(byFilm.get(film) ?? []), box]);
  }
  return films.map(({ id }) => byFilm.get(id) ?? []);
}
