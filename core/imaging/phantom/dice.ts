// Chance for the drawn films: one stream for each thing that is drawn, named by kind and number.
// Must not read the clock: the same words give the same numbers.
import { random } from '#core/random.ts';

export interface Dice {
  range(low: number, high: number): number;
  normal(mean: number, deviation: number): number;
  chance(probability: number): boolean;
  below(count: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  shuffle<Item>(items: readonly Item[]): Item[];
}

/** The stream of, say, ('film', 17) of a seed: what one stream draws moves no other. */
export function dice(seed: number, kind: string, number: number): Dice {
  let word = mix(0x811c9dc5, seed % 0x100000000);
  word = mix(word, Math.floor(seed / 0x100000000));
  for (const character of kind) word = mix(word, character.charCodeAt(0));
  const stream = random(mix(word, number));
  return {
    range: (low, high) => low + (high - low) * stream.uniform(),
    normal: (mean, deviation) => mean + deviation * stream.normal(),
    chance: (probability) => stream.uniform() < probability,
    below: (count) => stream.below(count),
    pick: (items) => items[stream.below(items.length)] ?? items[0],
    shuffle: (items) => stream.shuffle([...items]),
  };
}

/** One round of MurmurHash3 (Appleby). */
function mix(word: number, value: number): number {
  let k = Math.imul(value >>> 0, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  let h = word ^ k;
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= h >>> 16;
  return Math.imul(h, 0x85ebca6b) >>> 0;
}
