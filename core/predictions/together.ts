// What several models answer on one film together: their pooled probability, and the mean of where they looked.
// Pure: what each answered comes in.
import type { Answered } from '#core/cnn/answer.ts';
import { boxOfHalf } from '#core/cnn/evidence-box.ts';
import { pool } from '#core/evaluation/pool.ts';

/**
 * Whoever turns the film away does so for all: they learned from the same films. The maps, each from nothing to the most
 * its member found, are averaged cell by cell and stretched so that the most is 255 again; the box is that of the mean.
 * @param size side of the input, px
 */
export function answerTogether(members: Answered[], size: number): Answered {
  const [only] = members;
  if (!only) throw new Error('nobody answers');
  const explained = members.filter((member) => member.refusal === null);
  if (explained.length < members.length) return members.find(({ refusal }) => refusal !== null) ?? only;
  if (members.length === 1) return only;
  const [first] = explained;
  if (!first) throw new Error('nobody answers');
  const [probability = Number.NaN] = pool(explained.map((member) => [member.probability]));
  const heat = meanMap(explained.map((member) => member.heat));
  return { ...first, probability, heat, box: boxOfHalf(heat, size) };
}

/** Cell by cell, stretched so that the most is 255; nothing where none has any. */
function meanMap(maps: Uint8Array[]): Uint8Array {
  const sums = Float64Array.from(maps[0] ?? [], (_, cell) => maps.reduce((sum, map) => sum + (map[cell] ?? 0), 0));
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  return Uint8Array.from(sums, (sum) => (most > 0 ? Math.round((255 * sum) / most) : 0));
}
