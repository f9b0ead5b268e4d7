// Who is on which film: patients stay together, both classes get the same limbs, ages and exposures.
import { describe, expect, it } from 'vitest';
import { patientOf } from '#core/imaging/phantom/patient.ts';
import { entryOf } from '#core/imaging/phantom/roster.ts';

const entries = (seed: number, count: number) => Array.from({ length: count }, (_, index) => entryOf(seed, index));

describe('entryOf', () => {
  it('breaks half of the films, patient by patient', () => {
    for (const seed of [1, 2, 3]) {
      const films = entries(seed, 600);
      expect(films.filter((film) => film.broken).length).toBe(300);
      const fates = new Map<number, Set<boolean>>();
      for (const { patient, broken } of films) fates.set(patient, (fates.get(patient) ?? new Set()).add(broken));
      for (const fate of fates.values()) expect(fate.size).toBe(1);
    }
  });

  it('gives every patient two or four films side by side, frontal and lateral in turn', () => {
    const films = entries(1, 200);
    const counts = new Map<number, number>();
    films.forEach(({ patient, projection, study }, index) => {
      const place = counts.get(patient) ?? 0;
      counts.set(patient, place + 1);
      expect(projection).toBe(place % 2 === 0 ? 'frontal' : 'lateral');
      expect(study).toBe(place >> 1);
      if (index > 0) expect(patient - films[index - 1]!.patient).toBe(place === 0 ? 1 : 0);
    });
    expect([...new Set(counts.values())].sort()).toEqual([2, 4]);
  });

  it('shuffles otherwise for another seed and refuses what is no number of a film', () => {
    expect(entries(1, 60)).toEqual(entries(1, 60));
    expect(entries(1, 60)).not.toEqual(entries(2, 60));
    expect(() => entryOf(1, -1)).toThrow(RangeError);
    expect(() => entryOf(1, 0.5)).toThrow(RangeError);
  });
});

describe('patientOf', () => {
  it('deals limbs, ages and sides alike to broken and whole', () => {
    const patients = new Map(entries(5, 600).map((entry) => [entry.patient, entry]));
    const counts = { true: new Map<string, number>(), false: new Map<string, number>() };
    for (const entry of patients.values()) {
      const patient = patientOf(5, entry);
      expect(patient.fractures.length > 0).toBe(entry.broken);
      const seen = counts[entry.broken ? 'true' : 'false'];
      for (const word of [patient.bodyPart, patient.side, patient.traits.child ? 'child' : 'grown'])
        seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    expect([...counts.true.keys()].sort()).toEqual([...counts.false.keys()].sort());
    for (const [word, broken] of counts.true)
      // Packs of cards make limbs and ages equal; sides are tossed, so theirs is a wide margin.
      expect(Math.abs(broken - counts.false.get(word)!), word).toBeLessThan(/left|right/.test(word) ? 30 : 4);
  });

  it('is the same on all films of a patient: bones, side and break', () => {
    const [frontal, lateral, later] = [entryOf(1, 10), entryOf(1, 11), entryOf(1, 12)];
    expect([lateral.patient, later.patient]).toEqual([frontal.patient, frontal.patient]);
    expect(later.study).toBe(1);
    expect(patientOf(1, lateral)).toEqual(patientOf(1, frontal));
    expect(patientOf(1, later)).toEqual(patientOf(1, frontal));
  });
});
