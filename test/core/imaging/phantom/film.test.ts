// A drawn film is a function of seed and number alone, its box holds its break, and nothing but the break tells the classes apart.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buffers } from '#core/imaging/phantom/exposure.ts';
import { drawFilm, drawPhantom } from '#core/imaging/phantom/film.ts';
import type { Phantom } from '#core/imaging/phantom/film.ts';
import { patientOf } from '#core/imaging/phantom/patient.ts';
import { planOf } from '#core/imaging/phantom/plan.ts';
import { render } from '#core/imaging/phantom/render.ts';
import { entryOf } from '#core/imaging/phantom/roster.ts';

const hash = (film: Phantom) => createHash('sha256').update(film.pixels).digest('hex').slice(0, 16);

/** Mean difference of grey between two films, in a box grown by `margin` and outside of it. */
function difference(a: Phantom, b: Phantom, box: NonNullable<Phantom['box']>, margin: number) {
  const sums = { inside: 0, outside: 0 };
  const counts = { inside: 0, outside: 0 };
  for (let y = 0; y < a.height; y++)
    for (let x = 0; x < a.width; x++) {
      const across = x >= box.x - margin && x < box.x + box.width + margin;
      const along = y >= box.y - margin && y < box.y + box.height + margin;
      const where = across && along ? 'inside' : 'outside';
      sums[where] += Math.abs(a.pixels[y * a.width + x]! - b.pixels[y * a.width + x]!);
      counts[where]++;
    }
  return { inside: sums.inside / counts.inside, outside: sums.outside / counts.outside };
}

describe('drawPhantom', () => {
  it('gives these very pixels', () => {
    const drawn = [
      [1, 0],
      [1, 36],
      [1, 49],
      [7, 3],
    ].map(([seed, index]) => hash(drawPhantom(seed!, index!)));
    expect(drawn).toEqual([]);
  });

  it('draws a film the same whatever was drawn before it', () => {
    const first = drawPhantom(1, 5);
    for (const index of [0, 49, 6]) drawPhantom(2, index);
    expect(drawPhantom(1, 5)).toEqual(first);
  });

  it('draws other films from another seed', () => {
    const films = [1, 2, 3, 2 ** 32 + 1].map((seed) => hash(drawPhantom(seed, 4)));
    expect(new Set(films).size).toBe(films.length);
  });

  it('keeps label, box and kind together, the box in whole pixels of the film', () => {
    const films = Array.from({ length: 40 }, (_, index) => drawPhantom(3, index));
    for (const film of films) {
      expect(film.pixels.length).toBe(film.width * film.height);
      expect(film.box === null).toBe(film.label === 'whole');
      expect(film.breakKind === null).toBe(film.label === 'whole');
      if (!film.box) continue;
      const { x, y, width, height } = film.box;
      for (const value of [x, y, width, height]) expect(Number.isInteger(value)).toBe(true);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(film.width);
      expect(y + height).toBeLessThanOrEqual(film.height);
      expect(width * height).toBeLessThan(0.35 * film.width * film.height);
    }
    const broken = films.filter((film) => film.label === 'fracture').length;
    expect(broken).toBeGreaterThanOrEqual(17);
    expect(broken).toBeLessThanOrEqual(20);
  });

  it('calls a film whole where its break does not show', () => {
    // A hairline: seen from the front, hidden from the side behind the other bone.
    const [front, side] = [drawPhantom(3, 38), drawPhantom(3, 39)];
    expect([entryOf(3, 38).broken, entryOf(3, 39).broken]).toEqual([true, true]);
    expect([front.patient, front.label, front.breakKind]).toEqual([side.patient, 'fracture', 'hairline']);
    expect([side.label, side.box, side.breakKind]).toEqual(['whole', null, null]);
  });
});

describe('the box of a break', () => {
  it('holds all that a hairline changes', () => {
    let seen = 0;
    for (const index of [36, 68, 69, 114, 115]) {
      const film = drawPhantom(1, index);
      if (!film.box) continue;
      seen++;
      const entry = entryOf(1, index);
      const patient = patientOf(1, entry);
      const plan = planOf(1, index, entry, patient);
      const { tau } = buffers(plan.width * plan.height);
      const change = render(patient, plan, patient.fractures, tau)!.change;
      const { x, y, width, height } = film.box;
      let most = 0;
      change.forEach((depth, pixel) => {
        const column = pixel % plan.width;
        const row = Math.floor(pixel / plan.width);
        if (column >= x && column < x + width && row >= y && row < y + height) return;
        most = Math.max(most, Math.abs(depth));
      });
      expect(most).toBeLessThan(1e-4);
    }
    expect(seen).toBeGreaterThan(2);
  });

  it('is where a film differs most from the same film without its break', () => {
    // Oblique, comminuted, transverse, spiral: the pieces lie askew, so all of the bone differs, but the break most.
    for (const index of [0, 1, 48, 78, 79, 10, 40, 112]) {
      const film = drawPhantom(1, index);
      expect(film.box, `film ${index}`).not.toBeNull();
      const whole = drawFilm(1, index, false);
      expect([whole.label, whole.box, whole.breakKind]).toEqual(['whole', null, null]);
      const { inside, outside } = difference(film, whole, film.box!, 0);
      expect(inside, `film ${index}`).toBeGreaterThan(2 * outside);
    }
  });
});
