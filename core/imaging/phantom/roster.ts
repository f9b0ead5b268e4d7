// Who is on which film: patients with two or four films, half of them broken, shuffled in blocks of twenty films.
// Must not draw anything: the place of a film is known from its number alone.
import { dice } from './dice.ts';

/** Place of one film in the set. */
export interface Entry {
  /** Counted from 0 through the set. */
  patient: number;
  broken: boolean;
  /** Counted from 0 among the broken, or among the whole: both get the same limbs and ages in turn. */
  turn: number;
  /** Films are taken in studies of two, frontal and lateral. */
  study: number;
  projection: 'frontal' | 'lateral';
}

/** Films of the eight patients of a block; the same number of films broken as whole, as near as patients allow. */
const filmCounts = [2, 2, 2, 2, 2, 2, 4, 4] as const;
const filmsInBlock = 20;

export function entryOf(seed: number, index: number): Entry {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`film ${index} of the demo set`);
  const block = Math.floor(index / filmsInBlock);
  const chance = dice(seed, 'block', block);
  let twos = 0;
  let fours = 0;
  const patients = filmCounts.map((films) => ({
    films,
    broken: films === 2 ? twos++ < 3 : fours++ < 1,
  }));
  let film = index % filmsInBlock;
  let place = 0;
  let wholes = 0;
  for (const { films, broken } of chance.shuffle(patients)) {
    if (film < films) {
      const projection = film % 2 === 0 ? 'frontal' : 'lateral';
      const turn = (block * filmCounts.length) / 2 + (broken ? place - wholes : wholes);
      return { patient: block * filmCounts.length + place, broken, turn, study: film >> 1, projection };
    }
    film -= films;
    place++;
    if (!broken) wholes++;
  }
  throw new Error('a block has twenty films');
}
