// Random numbers that can be had again: the same seed gives the same numbers on every machine.
// Must not read the clock or Math.random. Not for secrets.

export interface Random {
  /** In [0, 1), with 53 bits. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** Whole number in [0, n), each as likely; n from 1 to 2^32. */
  below(n: number): number;
  /** Shuffles in place and gives the same array back. */
  shuffle<T extends { length: number; [place: number]: unknown }>(items: T): T;
  /** Where it stands: `randomFrom` goes on from there. */
  state(): RandomState;
}

/** Four words of 32 bits, and a normal number that was drawn but not asked for yet. */
export interface RandomState {
  words: [number, number, number, number];
  spare: number | null;
}

/**
 * A generator from a seed (whole number, 0 to 2^32 - 1). Different streams of one seed are independent: one each for
 * what must not move when something else draws more (order of the films, their augmentation, first weights).
 *
 * xoshiro128** 1.1 of Blackman and Vigna (ACM TOMS 47, 2021), its state filled by splitmix (Steele, Lea and Flood 2014)
 * in 32 bits, with the finaliser of Appleby's MurmurHash3.
 */
export function random(seed: number, stream = 0): Random {
  const mix = splitmix32((seed ^ Math.imul(stream, 0x9e3779b9)) >>> 0);
  // Four zeros are the one state the generator cannot leave; splitmix32 is a bijection, so at most one of four is zero.
  return randomFrom({ words: [mix(), mix(), mix(), mix()], spare: null });
}

/** A generator that goes on from where another stood. */
export function randomFrom(state: RandomState): Random {
  const { next, words } = xoshiro128(...state.words);
  let { spare } = state;
  const uniform = () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000;

  function normal(): number {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    // Marsaglia's polar method: no sine, whose last digit differs between machines.
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  }

  function below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) throw new RangeError(`no whole number below ${n}`);
    const limit = 0x100000000 - (0x100000000 % n); // values from here on would make small results likelier
    for (;;) {
      const value = next();
      if (value < limit) return value % n;
    }
  }

  function shuffle<T extends { length: number; [place: number]: unknown }>(items: T): T {
    const array: { [place: number]: unknown } = items;
    for (let last = items.length - 1; last > 0; last--) {
      const other = below(last + 1);
      [array[last], array[other]] = [array[other], array[last]];
    }
    return items;
  }

  return { uniform, normal, below, shuffle, state: () => ({ words: words(), spare }) };
}

/** 32 random bits a call, from four 32-bit words of state, not all zero. */
export function xoshiro128(
  a: number,
  b: number,
  c: number,
  d: number,
): { next(): number; words(): RandomState['words'] } {
  const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  return {
    next: () => {
      const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = rotl(d, 11);
      return result;
    },
    words: () => [a, b, c, d],
  };
}

function splitmix32(state: number): () => number {
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x85ebca6b);
    z ^= z >>> 13;
    z = Math.imul(z, 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}
