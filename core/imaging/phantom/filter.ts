// Small blurs of a plane, and the weights they take.
// Must not know what the plane holds. The inner loops: no allocation in them.

/** Weights of a symmetric filter of five taps: the middle, its neighbours, theirs. */
export type Taps = readonly [middle: number, near: number, far: number];

/** A Gaussian of `sigma` pixels, up to about 1.2. */
export function gaussian(sigma: number): Taps {
  const near = Math.exp(-1 / (2 * sigma * sigma));
  const far = Math.exp(-4 / (2 * sigma * sigma));
  const total = 1 + 2 * near + 2 * far;
  return [1 / total, near / total, far / total];
}

/** The same along rows and columns; `spare` is scratch. The two outermost rows and columns stay as they are. */
export function filter(plane: Float32Array, spare: Float32Array, width: number, height: number, taps: Taps): void {
  for (let y = 0; y < height; y++) filterAlong(plane, spare, y * width, width, taps);
  for (let y = 2; y < height - 2; y++) filterDown(spare, plane, y * width, width, taps);
}

function filterAlong(from: Float32Array, to: Float32Array, start: number, width: number, taps: Taps): void {
  const [c0, c1, c2] = taps;
  // Five neighbours slide along the row, so that each pixel is loaded once.
  let a = from[start] as number;
  let b = from[start + 1] as number;
  let c = from[start + 2] as number;
  let d = from[start + 3] as number;
  for (let i = start + 2; i < start + width - 2; i++) {
    const e = from[i + 2] as number;
    to[i] = c0 * c + c1 * (b + d) + c2 * (a + e);
    a = b;
    b = c;
    c = d;
    d = e;
  }
}

function filterDown(from: Float32Array, to: Float32Array, start: number, width: number, taps: Taps): void {
  const [c0, c1, c2] = taps;
  const w2 = 2 * width;
  for (let i = start + 2; i < start + width - 2; i++) {
    to[i] =
      c0 * (from[i] as number) +
      c1 * ((from[i - width] as number) + (from[i + width] as number)) +
      c2 * ((from[i - w2] as number) + (from[i + w2] as number));
  }
}
