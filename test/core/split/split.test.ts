import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Part } from '#api/xrays.ts';
import { problems } from '#api/problems.ts';
import { Problem } from '#core/problem.ts';
import { leakCheck } from '#core/split/leak-check.ts';
import { splitFilms } from '#core/split/split.ts';
import type { Split, SplitFilm } from '#core/split/split.ts';

function films(count: number, change: (place: number) => Partial<SplitFilm> = () => ({})): SplitFilm[] {
  return Array.from({ length: count }, (_, place) => ({
    id: place + 1,
    label: place % 2 === 0 ? 'fracture' : 'whole',
    patient: null,
    study: null,
    fileSha256: `file ${place}`,
    twinGroup: null,
    pixelSha256: `sha ${place}`,
    part: null,
    ...change(place),
  }));
}

function counts(split: Split, of: SplitFilm[]) {
  const count = (part: Part, label: string) =>
    of.filter((film) => film.label === label && split.parts.get(film.id) === part).length;
  return (['learn', 'choose', 'judge'] as const).map((part) => [count(part, 'fracture'), count(part, 'whole')]);
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'none';
};

describe('splitFilms', () => {
  it('leaves the split of the others as it is when more films come only to be learned from, and those tied to it out', () => {
    const own = films(100);
    const more = films(60, (place) => ({
      id: 1001 + place,
      fileSha256: `more ${place}`,
      // The first forty are copies of an own film each.
      pixelSha256: place < 40 ? `sha ${place}` : `more ${place}`,
    }));
    const learnOnly = new Set(more.map(({ id }) => id));
    const [alone, joined] = [splitFilms(own, 1), splitFilms([...more, ...own], 1, learnOnly)];
    for (const { id } of own) expect(joined.parts.get(id)).toBe(alone.parts.get(id));
    const tied = more.filter((_, place) => place < 40 && alone.parts.get(place + 1) !== 'learn').map(({ id }) => id);
    expect(tied.length).toBeGreaterThan(5);
    expect(joined.tied.toSorted((a, b) => a - b)).toEqual(tied);
    for (const { id } of more) expect(joined.parts.get(id)).toBe(tied.includes(id) ? undefined : 'learn');
    leakCheck([...more, ...own], joined.parts);
  });

  it('gives 70, 15 and 15 of a hundred, each class alike', () => {
    const some = films(200);
    expect(counts(splitFilms(some, 1), some)).toEqual([
      [70, 70],
      [15, 15],
      [15, 15],
    ]);
  });

  it('keeps each class in proportion when one is rare and patients have many films', () => {
    const some = films(1000, (place) => ({
      label: place % 14 === 0 ? 'fracture' : 'whole',
      patient: `p${Math.floor(place / (1 + (place % 5)))}`,
    }));
    const [learn, choose, judge] = counts(splitFilms(some, 3), some);
    expect(Math.abs(learn![0]! - 50)).toBeLessThanOrEqual(2);
    expect(Math.abs(choose![0]! - 11)).toBeLessThanOrEqual(2);
    expect(Math.abs(judge![1]! - 139)).toBeLessThanOrEqual(5);
  });

  it('is the same for a seed, whatever the order of the films, and another for another', () => {
    const some = films(100);
    const sorted = (split: Split) => [...split.parts].sort(([a], [b]) => a - b);
    expect(sorted(splitFilms(some.toReversed(), 5))).toEqual(sorted(splitFilms(some, 5)));
    expect(sorted(splitFilms(some, 6))).not.toEqual(sorted(splitFilms(some, 5)));
  });

  it('leaves pixel-identical films with both labels out and names them', () => {
    const some = films(60, (place) => (place === 10 || place === 11 ? { pixelSha256: 'same' } : {}));
    const split = splitFilms(some, 1);
    expect(split.contradictory).toEqual([11, 12]);
    expect(split.parts.size).toBe(58);
  });

  it('keeps stored parts and fills up so that the shares stay', () => {
    const first = films(100);
    const before = splitFilms(first, 1);
    const more = films(200, (place) => ({ part: before.parts.get(place + 1) ?? null }));
    const after = splitFilms(more, 1);
    for (const [id, part] of before.parts) expect(after.parts.get(id)).toBe(part);
    expect(counts(after, more)).toEqual([
      [70, 70],
      [15, 15],
      [15, 15],
    ]);
    expect(after.moved).toEqual([]);
  });

  it('moves a group that came to stand on two sides to the most seen one and says so', () => {
    const before = splitFilms(films(100), 1);
    const judged = [...before.parts].find(([, part]) => part === 'judge')![0];
    const learned = [...before.parts].find(([, part]) => part === 'learn')![0];
    const joined = films(100, (place) => ({
      part: before.parts.get(place + 1) ?? null,
      patient: [judged, learned].includes(place + 1) ? 'one person' : null,
    }));
    const after = splitFilms(joined, 1);
    expect(after.moved).toEqual([{ id: judged, from: 'judge', to: 'learn' }]);
    expect(after.parts.get(judged)).toBe('learn');
  });

  it('refuses what cannot be judged honestly, each with its code', () => {
    expect(codeOf(() => splitFilms(films(19), 1))).toBe('TOO_FEW_FILMS');
    expect(codeOf(() => splitFilms([], 1))).toBe('TOO_FEW_FILMS');
    expect(codeOf(() => splitFilms(films(1), 1))).toBe('TOO_FEW_FILMS');
    expect(
      codeOf(() =>
        splitFilms(
          films(50, () => ({ label: 'whole' })),
          1,
        ),
      ),
    ).toBe('ONE_CLASS_ONLY');
    expect(
      codeOf(() =>
        splitFilms(
          films(50, (place) => ({ patient: `p${place % 2}` })),
          1,
        ),
      ),
    ).toBe('TOO_FEW_GROUPS');
    expect(
      codeOf(() =>
        splitFilms(
          films(50, () => ({ part: 'learn' })),
          1,
        ),
      ),
    ).toBe('PART_WITHOUT_BOTH');
    expect(codeOf(() => splitFilms(films(20), 1))).toBe('none');
  });

  it('never puts a patient, twins or one picture on two sides, whatever the films', () => {
    const part = fc.constantFrom<Part | null>('learn', 'choose', 'judge', null, null, null);
    const film = fc.record({
      label: fc.constantFrom<SplitFilm['label']>('fracture', 'whole'),
      patient: fc.option(fc.integer({ min: 0, max: 40 }).map(String), { freq: 3 }),
      study: fc.option(fc.integer({ min: 0, max: 60 }).map(String), { freq: 3 }),
      fileSha256: fc.integer({ min: 0, max: 300 }).map(String),
      twinGroup: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 3 }),
      pixelSha256: fc.integer({ min: 0, max: 200 }).map(String),
      part,
    });
    let made = 0;
    fc.assert(
      fc.property(fc.array(film, { minLength: 20, maxLength: 120 }), fc.nat(), (list, seed) => {
        const some = list.map((one, place) => ({ ...one, id: place + 1 }));
        let split: Split;
        try {
          split = splitFilms(some, seed);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          return;
        }
        made++;
        const inParts = some.filter((one) => split.parts.has(one.id));
        expect(inParts.length + split.contradictory.length).toBe(some.length);
        for (const a of inParts) {
          for (const b of inParts) {
            const tied =
              a.pixelSha256 === b.pixelSha256 ||
              a.fileSha256 === b.fileSha256 ||
              (a.patient === null && b.patient === null && a.study !== null && a.study === b.study) ||
              (a.patient !== null && a.patient === b.patient) ||
              (a.twinGroup !== null && a.twinGroup === b.twinGroup);
            if (tied) expect(split.parts.get(a.id)).toBe(split.parts.get(b.id));
          }
        }
        leakCheck(some, split.parts);
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(made).toBeGreaterThan(40);
  });
});

describe('leakCheck', () => {
  it.each([
    ['patient', { patient: 'a' }],
    ['study, the patient unknown,', { study: 's' }],
    ['file of several frames', { fileSha256: 'same' }],
    ['twins', { twinGroup: 4 }],
    ['pixels', { pixelSha256: 'same' }],
  ])('refuses a split with one %s on two sides', (_, tie) => {
    const two = films(2, () => tie);
    const parts = new Map<number, Part>([
      [1, 'learn'],
      [2, 'judge'],
    ]);
    expect(codeOf(() => leakCheck(two, parts))).toBe('SPLIT_LEAKS');
    expect(problems.SPLIT_LEAKS.next).toContain('seed');
    expect(codeOf(() => leakCheck(two, new Map([[1, 'learn'] as const])))).toBe('none');
  });

  it('does not take the first study of one patient for the first study of another', () => {
    const two = films(2, (place) => ({ patient: `p${place}`, study: '1' }));
    const parts = new Map<number, Part>([
      [1, 'learn'],
      [2, 'judge'],
    ]);
    expect(codeOf(() => leakCheck(two, parts))).toBe('none');
  });

  it('lets films without a tie stand anywhere', () => {
    const parts = new Map<number, Part>([
      [1, 'learn'],
      [2, 'judge'],
    ]);
    expect(codeOf(() => leakCheck(films(2), parts))).toBe('none');
  });
});
