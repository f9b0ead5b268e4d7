import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part } from '#api/xrays.ts';
import { foldParts } from '#core/split/folds.ts';
import { leakCheck } from '#core/split/leak-check.ts';
import { splitFilms } from '#core/split/split.ts';
import type { SplitFilm } from '#core/split/split.ts';

/** Films of patients with a few each, some of them copies of others' films. */
function tangled(seedOf: (place: number) => number, count = 120): SplitFilm[] {
  return Array.from({ length: count }, (_, place) => ({
    id: place + 1,
    label: seedOf(place) % 3 === 0 ? 'fracture' : 'whole',
    patient: seedOf(place) % 4 === 0 ? null : `p${seedOf(place) % 60}`,
    study: null,
    fileSha256: `file ${place}`,
    twinGroup: seedOf(place) % 11 === 0 ? seedOf(place) % 5 : null,
    pixelSha256: `sha ${place}`,
    part: null,
  }));
}

const placesOf = (parts: Map<number, Part>, part: Part) => [...parts].filter(([, p]) => p === part).map(([id]) => id);

it('each film that is not for judging is chosen by in one fold, and nobody stands on two sides', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 120, maxLength: 120 }),
      fc.integer({ min: 2, max: 5 }),
      (dice, of) => {
        const films = tangled((place) => dice[place] ?? 0);
        let parts: Map<number, Part>;
        try {
          ({ parts } = splitFilms(films, 1));
        } catch {
          return;
        }
        const judged = placesOf(parts, 'judge');
        const chosen: number[] = [];
        for (let number = 1; number <= of; number++) {
          const fold = foldParts(films, parts, { number, of }, 1);
          leakCheck(films, fold);
          expect(placesOf(fold, 'judge')).toEqual(judged);
          expect(fold.size).toBe(parts.size);
          chosen.push(...placesOf(fold, 'choose'));
        }
        const others = [...parts].filter(([, part]) => part !== 'judge').map(([id]) => id);
        expect(chosen.toSorted((a, b) => a - b)).toEqual(others.toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 60, seed: 5 },
  );
});

it('has as many of each class in each fold where films stand alone, and the same again by the same seed', () => {
  const films = tangled((place) => place, 100).map((film) => ({ ...film, patient: null, twinGroup: null }));
  const { parts } = splitFilms(films, 1);
  const folds = [1, 2, 3].map((number) => foldParts(films, parts, { number, of: 3 }, 7));
  const counts = folds.map((fold) => {
    const chosen = new Set(placesOf(fold, 'choose'));
    return films.filter(({ id, label }) => chosen.has(id) && label === 'fracture').length;
  });
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect(foldParts(films, parts, { number: 2, of: 3 }, 7)).toEqual(folds[1]);
  expect(foldParts(films, parts, { number: 2, of: 3 }, 8)).not.toEqual(folds[1]);
});

it('chooses by no film that is only learned from, and leaves out those tied to one it chooses by', () => {
  const own = tangled((place) => place, 100).map((film) => ({ ...film, patient: null, twinGroup: null }));
  const more = own.slice(0, 30).map((film) => ({ ...film, id: film.id + 1000, fileSha256: `more ${film.id}` }));
  const learnOnly = new Set(more.map(({ id }) => id));
  const films = [...own, ...more];
  const { parts } = splitFilms(films, 1, learnOnly);
  const learnable = more.filter(({ id }) => parts.get(id) === 'learn');
  for (const number of [1, 2, 3]) {
    const fold = foldParts(films, parts, { number, of: 3 }, 7, learnOnly);
    leakCheck(films, fold);
    expect(fold).toEqual(
      new Map([
        ...foldParts(own, splitFilms(own, 1).parts, { number, of: 3 }, 7),
        ...more.flatMap(({ id }) => (fold.has(id) ? [[id, 'learn'] as const] : [])),
      ]),
    );
    const out = learnable.filter(({ id }) => !fold.has(id));
    expect(out.length).toBeGreaterThan(0);
    for (const { id } of out) expect(fold.get(id - 1000)).toBe('choose');
  }
});
