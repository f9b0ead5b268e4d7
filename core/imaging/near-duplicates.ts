// Groups of films that are one film: re-saved, rescaled, cropped a little or made brighter. Turned or mirrored copies are not found.
// Pure: fingerprints in, groups out. Must not load what decodes films.
// How it judges, and what it finds on real films: docs/decisions/0005.
import { HASH_BYTES } from './fingerprint-layout.ts';
import { alignedCorrelation, correlation, structureOf } from './likeness.ts';

/** Bits of the hash in which two copies of a film may differ; the bands below find every pair up to 11. */
const MAX_DISTANCE = 10;

/** Correlation of fine structure from which two films are one: as they lie, and once laid on one another. */
const SAME = 0.86;
const SAME_ALIGNED = 0.87;

/** Below this even laying them on one another does not help. */
const WORTH_ALIGNING = 0.55;

const BANDS = 4;

/** All 16-bit patterns with at most two bits set: four bands within two bits each cover every distance up to 11. */
const NEARBY = Uint16Array.from(
  Array.from({ length: 65536 }, (_, pattern) => pattern).filter((pattern) => onesIn(pattern) <= 2),
);

/** Structures are kept as bytes: a hundred thousand films in 58 MB. */
const SCALE = 500;

/**
 * Gives groups of two and more, each the ascending places of its films, ordered by their first. Time grows with the number of
 * films and of pairs that look alike, not with the number of all pairs.
 */
export function nearDuplicates(fingerprints: Uint8Array[]): number[][] {
  const hashes = bandsOf(fingerprints);
  const structures = fingerprints.map((print) =>
    Int8Array.from(structureOf(print.subarray(HASH_BYTES)), (value) => Math.max(-127, Math.min(127, value * SCALE))),
  );
  const groups = new Groups(fingerprints.length);
  for (const [one, other] of nearbyPairs(hashes, fingerprints.length)) {
    if (groups.together(one, other)) continue;
    if (sameFilm(fingerprints, structures, one, other)) groups.join(one, other);
  }
  return groups.list();
}

function sameFilm(fingerprints: Uint8Array[], structures: Int8Array[], one: number, other: number): boolean {
  const alike = correlation(structures[one] as Int8Array, structures[other] as Int8Array) / (SCALE * SCALE);
  if (alike >= SAME) return true;
  if (alike < WORTH_ALIGNING) return false;
  const a = (fingerprints[one] as Uint8Array).subarray(HASH_BYTES);
  const b = (fingerprints[other] as Uint8Array).subarray(HASH_BYTES);
  return alignedCorrelation(a, b) >= SAME_ALIGNED;
}

/** Each hash as four numbers of 16 bits. */
function bandsOf(fingerprints: Uint8Array[]): Uint16Array {
  const bands = new Uint16Array(fingerprints.length * BANDS);
  for (const [film, print] of fingerprints.entries()) {
    for (let band = 0; band < BANDS; band++) {
      bands[film * BANDS + band] = (print[2 * band] as number) * 256 + (print[2 * band + 1] as number);
    }
  }
  return bands;
}

/** Pairs whose hashes differ in at most MAX_DISTANCE bits, each once. */
function* nearbyPairs(bands: Uint16Array, count: number): Generator<[number, number]> {
  const tables = Array.from({ length: BANDS }, (_, band) => tableOf(bands, band, count));
  const metBy = new Int32Array(count).fill(-1);
  for (let film = 0; film < count; film++) {
    for (const [band, { starts, films }] of tables.entries()) {
      const own = bands[film * BANDS + band] as number;
      for (const change of NEARBY) {
        const bucket = own ^ change;
        const end = starts[bucket + 1] as number;
        for (let at = starts[bucket] as number; at < end; at++) {
          const other = films[at] as number;
          if (other <= film || metBy[other] === film) continue;
          metBy[other] = film;
          if (distance(bands, film, other) <= MAX_DISTANCE) yield [film, other];
        }
      }
    }
  }
}

/** Films sorted by one band: those with value v stand from `starts[v]` to `starts[v + 1]`. */
function tableOf(bands: Uint16Array, band: number, count: number): { starts: Uint32Array; films: Uint32Array } {
  const starts = new Uint32Array(65537);
  for (let film = 0; film < count; film++) {
    const next = (bands[film * BANDS + band] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let value = 1; value <= 65536; value++)
    starts[value] = (starts[value] as number) + (starts[value - 1] as number);
  const free = starts.slice();
  const films = new Uint32Array(count);
  for (let film = 0; film < count; film++) {
    const value = bands[film * BANDS + band] as number;
    films[free[value] as number] = film;
    free[value] = (free[value] as number) + 1;
  }
  return { starts, films };
}

function distance(bands: Uint16Array, one: number, other: number): number {
  let bits = 0;
  for (let band = 0; band < BANDS; band++) {
    bits += onesIn((bands[one * BANDS + band] as number) ^ (bands[other * BANDS + band] as number));
  }
  return bits;
}

/** Bits set in a 16-bit number, counted two, four and eight at a time. */
function onesIn(value: number): number {
  const pairs = value - ((value >> 1) & 0x5555);
  const fours = (pairs & 0x3333) + ((pairs >> 2) & 0x3333);
  const eights = (fours + (fours >> 4)) & 0x0f0f;
  return (eights + (eights >> 8)) & 31;
}

/** Which films belong together: a forest in which every film points towards the first of its group. */
class Groups {
  readonly #towards: Int32Array;

  constructor(count: number) {
    this.#towards = Int32Array.from({ length: count }, (_, film) => film);
  }

  #first(film: number): number {
    let at = film;
    while (this.#towards[at] !== at) {
      const next = this.#towards[at] as number;
      this.#towards[at] = this.#towards[next] as number;
      at = next;
    }
    return at;
  }

  together(one: number, other: number): boolean {
    return this.#first(one) === this.#first(other);
  }

  join(one: number, other: number): void {
    const [a, b] = [this.#first(one), this.#first(other)];
    this.#towards[Math.max(a, b)] = Math.min(a, b);
  }

  list(): number[][] {
    const groups = new Map<number, number[]>();
    for (let film = 0; film < this.#towards.length; film++) {
      const first = this.#first(film);
      const members = groups.get(first);
      if (members) members.push(film);
      else groups.set(first, [film]);
    }
    return [...groups.values()].filter((members) => members.length > 1);
  }
}
