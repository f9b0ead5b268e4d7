import { describe, expect, it } from 'vitest';
import { random, randomFrom, xoshiro128 } from '#core/random.ts';

describe('random', () => {
  it('gives the published numbers of xoshiro128**', () => {
    // Reference: the authors' C code with state 1, 2, 3, 4, version 1.1, compiled with gcc 12; the rand_xoshiro crate tests the same numbers.
    const { next } = xoshiro128(1, 2, 3, 4);
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597];
    expect(expected.map(() => next())).toEqual(expected);
  });

  it('goes on from where another stood', () => {
    const one = random(7);
    for (let drawn = 0; drawn < 5; drawn++) one.normal();
    const other = randomFrom(structuredClone(one.state()));
    const draw = (generator: typeof one) => [
      generator.normal(),
      generator.uniform(),
      generator.below(1000),
      generator.normal(),
    ];
    expect(draw(other)).toEqual(draw(one));
  });

  it('repeats itself from a seed and differs between seeds and streams', () => {
    const draw = (seed: number, stream?: number) => {
      const generator = random(seed, stream);
      return [generator.uniform(), generator.normal(), generator.below(1000)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7, 1)).not.toEqual(draw(7, 2));
  });

  it('is uniform and normal', () => {
    const generator = random(1);
    const n = 20_000;
    const uniforms = Array.from({ length: n }, () => generator.uniform());
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(mean(uniforms)).toBeCloseTo(0.5, 1.5);
    const normals = Array.from({ length: n }, () => generator.normal());
    expect(Math.abs(mean(normals))).toBeLessThan(0.03);
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(normals.filter((x) => Math.abs(x) > 1.96).length / n).toBeCloseTo(0.05, 1.5);
  });

  it('draws whole numbers evenly and refuses an empty range', () => {
    const generator = random(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 9000; i++) counts[generator.below(3)]! += 1;
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(200);
    expect(() => generator.below(0)).toThrow(RangeError);
    expect(generator.below(1)).toBe(0);
  });

  it('shuffles without losing anything, each order as likely', () => {
    const seen = new Map<string, number>();
    const generator = random(5);
    for (let i = 0; i < 6000; i++) {
      const key = generator.shuffle([1, 2, 3]).join('');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
