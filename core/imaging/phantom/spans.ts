// Which pixels of each line a tube can fall on, so that no others are reckoned.
// Must not know the paths.
import type { Affine } from './affine.ts';
import type { Box } from './layer.ts';
import type { Profile } from './project.ts';
import { rowsInBlock } from './project.ts';

/** How far a joint surface may reach out along the bone, millimetres. */
const capMm = 12;

let kept = new Int32Array(0);

/**
 * First and last pixel of each line of a window on which the tube may lie between two heights, first beyond last where
 * there is none; `back` maps pixels to the tube's frame. Kept until the next call.
 */
export function spansOf(profile: Profile, back: Affine, pixels: Box, from: number, to: number): Int32Array {
  const lines = pixels.bottom - pixels.top + 1;
  if (kept.length < 2 * lines) kept = new Int32Array(2 * lines);
  const { reach, start, step, ends, bend } = profile;
  const perBlock = 1 / (step * rowsInBlock);
  const blocks = reach.length / 2 - 1;
  for (let line = 0; line < lines; line++) {
    const y = pixels.top + line;
    const uLine = back.a + back.c * y;
    const zLine = back.d + back.f * y;
    const first = firstOf(pixels.left, pixels.right, zLine, back.e, from, to);
    const last = lastOf(pixels.left, pixels.right, zLine, back.e, from, to);
    kept[2 * line] = 0;
    kept[2 * line + 1] = -1;
    if (first > last) continue;
    const one = zLine + back.e * first;
    const other = zLine + back.e * last;
    // The rows looked up lie on the line or, near an end, where its joint surface has bent them to; half a step beside.
    const least = Math.min(one, other);
    const most = Math.max(one, other);
    const more = least < ends[0] + bend || most > ends[1] - bend ? capMm : step;
    const block = Math.min(blocks, Math.max(0, Math.floor((least - more - start) * perBlock)));
    const end = Math.min(blocks, Math.max(0, Math.floor((most + more - start) * perBlock)));
    let low = Infinity;
    let high = -Infinity;
    for (let i = 2 * block; i <= 2 * end; i += 2) {
      if ((reach[i] as number) < low) low = reach[i] as number;
      if ((reach[i + 1] as number) > high) high = reach[i + 1] as number;
    }
    kept[2 * line] = firstOf(first, last, uLine, back.b, low, high);
    kept[2 * line + 1] = lastOf(first, last, uLine, back.b, low, high);
  }
  return kept;
}

/** First of the pixels `first` to `last` at which `at + step * x` lies between `low` and `high`; beyond `last` if none. */
function firstOf(first: number, last: number, at: number, step: number, low: number, high: number): number {
  if (step > -1e-9 && step < 1e-9) return at < low || at > high ? last + 1 : first;
  return Math.min(last + 1, Math.max(first, Math.ceil(((step > 0 ? low : high) - at) / step)));
}

function lastOf(first: number, last: number, at: number, step: number, low: number, high: number): number {
  if (step > -1e-9 && step < 1e-9) return at < low || at > high ? first - 1 : last;
  return Math.max(first - 1, Math.min(last, Math.floor(((step > 0 ? high : low) - at) / step)));
}

/** How wide the tube gets between two heights, either side. */
export function extent({ reach, start, step }: Profile, from: number, to: number): [number, number] {
  const blocks = reach.length / 2 - 1;
  const blockAt = (z: number): number => Math.max(0, Math.min(blocks, Math.floor((z - start) / (step * rowsInBlock))));
  let low = Infinity;
  let high = -Infinity;
  for (let block = blockAt(from - step); block <= blockAt(to + step); block++) {
    low = Math.min(low, reach[2 * block] as number);
    high = Math.max(high, reach[2 * block + 1] as number);
  }
  return [low, high];
}
