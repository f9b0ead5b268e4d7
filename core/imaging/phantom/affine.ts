// Maps of the plane: from a bone's own millimetres to the limb's, and on to pixels of the film.
// Arithmetic only.

/** (u, z) becomes (a + b u + c z, d + e u + f z). */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

/** First `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a + outer.b * inner.a + outer.c * inner.d,
    b: outer.b * inner.b + outer.c * inner.e,
    c: outer.b * inner.c + outer.c * inner.f,
    d: outer.d + outer.e * inner.a + outer.f * inner.d,
    e: outer.e * inner.b + outer.f * inner.e,
    f: outer.e * inner.c + outer.f * inner.f,
  };
}

export function invert({ a, b, c, d, e, f }: Affine): Affine {
  const area = b * f - c * e;
  return {
    a: (c * d - f * a) / area,
    b: f / area,
    c: -c / area,
    d: (e * a - b * d) / area,
    e: -e / area,
    f: b / area,
  };
}

/**
 * Turns by `angle` (radians, so that +z leans to +u) about (u, z), stretches z by `stretch` before and moves by
 * (moveU, moveZ) after.
 */
export function pose(angle: number, u: number, z: number, moveU: number, moveZ: number, stretch = 1): Affine {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    a: u + moveU - cos * u - sin * z * stretch,
    b: cos,
    c: sin * stretch,
    d: z + moveZ + sin * u - cos * z * stretch,
    e: -sin,
    f: cos * stretch,
  };
}
