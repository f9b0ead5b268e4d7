// A plane at twice its size.
// Must not know what the plane holds.

/** Fills `to` from `half`, pixel centres between pixel centres: three parts of the nearest, one of the next, each way. */
export function enlarge(
  half: Float32Array,
  halfWidth: number,
  halfHeight: number,
  to: Float32Array,
  width: number,
  height: number,
): void {
  const line = new Float32Array(halfWidth);
  for (let y = 0; y < height; y++) {
    const near = y >> 1;
    const next = Math.min(halfHeight - 1, Math.max(0, near + (y & 1 ? 1 : -1)));
    const nearRow = near * halfWidth;
    const nextRow = next * halfWidth;
    for (let x = 0; x < halfWidth; x++) {
      line[x] = 0.75 * (half[nearRow + x] as number) + 0.25 * (half[nextRow + x] as number);
    }
    let before = line[0] as number;
    let here = before;
    for (let x = 0, pixel = y * width; x < width; x += 2, pixel += 2) {
      const after = line[Math.min(halfWidth - 1, (x >> 1) + 1)] as number;
      to[pixel] = 0.75 * here + 0.25 * before;
      if (x + 1 < width) to[pixel + 1] = 0.75 * here + 0.25 * after;
      before = here;
      here = after;
    }
  }
}
