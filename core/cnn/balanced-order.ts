// The order of an epoch whose batches hold as many films of one class as of the other.
// Must not know batches or settings.
import type { Random } from '#core/random.ts';

/**
 * Every film of the commoner class once, and beside each a film of the rarer one, which come again as often as it takes,
 * each as often as the others or once more. Two and two stand together, in random order: batches of an even size are balanced.
 * @param labels of all films, by place: 1 fracture, 0 whole
 */
export function balancedOrder(places: Uint32Array, labels: Uint8Array, draw: Random): Uint32Array {
  const [few, many] = [0, 1]
    .map((label) => places.filter((place) => labels[place] === label))
    .sort((a, b) => a.length - b.length) as [Uint32Array, Uint32Array];
  draw.shuffle(many);
  if (few.length === 0) return many;
  const again = new Uint32Array(many.length);
  for (let from = 0; from < many.length; from += few.length) {
    draw.shuffle(few);
    again.set(few.subarray(0, many.length - from), from);
  }
  const order = new Uint32Array(2 * many.length);
  for (let pair = 0; pair < many.length; pair++) {
    const first = draw.below(2);
    order[2 * pair + first] = many[pair] as number;
    order[2 * pair + 1 - first] = again[pair] as number;
  }
  return order;
}
