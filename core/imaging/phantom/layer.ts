// Path lengths through one bone, pixel by pixel: how much of each ray lies inside it, and inside its cortex.
// Must not know what absorbs how much. The inner loops: no allocation in them.
import type { Affine } from './affine.ts';
import { invert } from './affine.ts';
import type { Piece } from './fracture.ts';
import { surfaceCells } from './fracture.ts';
import type { Disc, Profile, View } from './project.ts';
import { capSteps, Row } from './project.ts';

// Imported bindings are looked up at every use where a bundler or test runner rewrites them: not in the inner loops.
const stride = Row.width;
const steps = capSteps;
const cells = surfaceCells;

/** Millimetres along each ray: the whole bone, the inside of its cortex, spongy bone there. Kept clean between bones. */
export interface Layer {
  width: number;
  height: number;
  outer: Float32Array;
  inner: Float32Array;
  spongy: Float32Array;
  /** Pixels touched since the last clearing; empty where left > right. */
  touched: Box;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const nowhere = (): Box => ({ left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });

export function stretch(box: Box, x: number, y: number): void {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.top) box.top = y;
  if (y > box.bottom) box.bottom = y;
}

export function layer(width: number, height: number): Layer {
  const make = (): Float32Array => new Float32Array(width * height);
  return { width, height, outer: make(), inner: make(), spongy: make(), touched: nowhere() };
}

/** Sets what was touched back to nothing. */
export function clean({ width, outer, inner, spongy, touched }: Layer): void {
  for (let y = touched.top; y <= touched.bottom; y++) {
    const from = y * width + touched.left;
    const to = y * width + touched.right + 1;
    outer.fill(0, from, to);
    inner.fill(0, from, to);
    spongy.fill(0, from, to);
  }
  Object.assign(touched, nowhere());
}

/** A piece of a broken tube: where the break is, and the box of pixels in which it shows. */
export interface Cutting {
  piece: Piece;
  z: number;
  zone: number;
  view: View;
  /** Over how many millimetres a cut is blurred: about a pixel. */
  soft: number;
  shows: Box;
}

/** Pixels that a rectangle of the bone's frame falls on, grown by one. */
function window(layer: Layer, film: Affine, u0: number, u1: number, z0: number, z1: number): Box {
  const box = nowhere();
  for (const u of [u0, u1])
    for (const z of [z0, z1]) stretch(box, film.a + film.b * u + film.c * z, film.d + film.e * u + film.f * z);
  return {
    left: Math.max(0, Math.floor(box.left) - 1),
    top: Math.max(0, Math.floor(box.top) - 1),
    right: Math.min(layer.width - 1, Math.ceil(box.right) + 1),
    bottom: Math.min(layer.height - 1, Math.ceil(box.bottom) + 1),
  };
}

/** Adds a tube, or one piece of it; `film` maps the bone's frame to pixels. */
export function drawTube(layer: Layer, profile: Profile, film: Affine, cut: Cutting | null): void {
  if (profile.count === 0) return;
  const { rows, start, step, count, caps, bend } = profile;
  const back = invert(film);
  const reach = cut ? cut.zone + 2 : 0;
  const from = cut?.piece.upper ? cut.z - reach : profile.ends[0] - 8;
  const to = cut?.piece.lower ? cut.z + reach : profile.ends[1] + 8;
  const [u0, u1] = extent(profile, from, to);
  const pixels = window(layer, film, u0, u1, from, to);
  if (pixels.left > pixels.right || pixels.top > pixels.bottom) return;
  const { outer, inner, spongy, width } = layer;
  const [first, last] = profile.ends;
  const perStep = 1 / step;
  const bendFrom = first + bend;
  const bendTo = last - bend;
  for (let y = pixels.top; y <= pixels.bottom; y++) {
    let u = back.a + back.c * y + back.b * pixels.left;
    let z = back.d + back.f * y + back.e * pixels.left;
    let pixel = y * width + pixels.left;
    for (let x = pixels.left; x <= pixels.right; x++, pixel++, u += back.b, z += back.e) {
      if (z < from || z > to || u < u0 || u > u1) continue;
      let row = ((z - start) * perStep + 0.5) | 0;
      if (row < 0) row = 0;
      else if (row >= count) row = count - 1;
      let o = row * stride;
      const near = z < bendFrom || z > bendTo;
      if (near) {
        // Joint surfaces bend the slices: the row is looked up where this ray would be on a flat end.
        const inside = z < first + 4 ? first + 4 : z > last - 4 ? last - 4 : z;
        const wide = (((inside - start) * perStep) | 0) * stride;
        const t = (u - (rows[wide] as number)) / (rows[wide + 1] as number);
        if (t <= -1.05 || t >= 1.05) continue;
        const proximal = z < bendFrom;
        const cap = (proximal ? caps[0] : caps[1])[((t * 0.476 + 0.5) * steps) | 0] as number;
        const strength = Math.min(1, (proximal ? bendFrom - z : z - bendTo) / bend);
        const flat = proximal ? z + cap * strength : z - cap * strength;
        row = Math.round((flat - start) * perStep);
        if (row < 0 || row >= count) continue;
        o = row * stride;
      }
      const half = rows[o + 1] as number;
      const t = (u - (rows[o] as number)) / half;
      if (!(t > -1 && t < 1)) continue;
      const solid = rows[o + 7] as number;
      let path = (rows[o + 2] as number) * Math.sqrt(1 - t * t);
      const innerHalf = rows[o + 4] as number;
      const innerT = (u - (rows[o + 3] as number)) / innerHalf;
      let hollow = innerT > -1 && innerT < 1 ? (rows[o + 5] as number) * Math.sqrt(1 - innerT * innerT) : 0;
      if (hollow > path) hollow = path;
      if (cut && z > cut.z - reach && z < cut.z + reach) {
        ray[0] = u - (rows[o] as number);
        ray[1] = t * (rows[o + 8] as number);
        ray[2] = path;
        ray[3] = hollow;
        ray[4] = z - cut.z;
        cover(cut);
        const part = ray[5] as number;
        if (path > 0.4 && part < 0.97 && part > 0.03) stretch(cut.shows, x, y);
        path = (ray[7] as number) * hollow + (ray[6] as number) * (path - hollow);
        hollow *= ray[7] as number;
      }
      path *= solid;
      hollow *= solid;
      if (path > (outer[pixel] as number)) outer[pixel] = path;
      if (hollow > (inner[pixel] as number)) inner[pixel] = hollow;
      const threads = hollow * (rows[o + 6] as number);
      if (threads > (spongy[pixel] as number)) spongy[pixel] = threads;
    }
  }
  stretch(layer.touched, pixels.left, pixels.top);
  stretch(layer.touched, pixels.right, pixels.bottom);
}

/** How wide the tube gets between two heights, either side. */
function extent(profile: Profile, from: number, to: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const first = Math.max(0, Math.floor((from - profile.start) / profile.step));
  const last = Math.min(profile.count - 1, Math.ceil((to - profile.start) / profile.step));
  for (let row = first; row <= last; row++) {
    const centre = profile.rows[row * stride] as number;
    const half = profile.rows[row * stride + 1] as number;
    if (centre - half < low) low = centre - half;
    if (centre + half > high) high = centre + half;
  }
  return low < high ? [low, high] : [0, 0];
}

/**
 * What `cover` is told of a ray and what it answers, in an array so that no number is boxed on the way:
 * off the axis, middle of the path in depth, path, hollow part of it, height over the break; then which part of the
 * path, of the wall and of the hollow belongs to the piece.
 */
const ray = new Float64Array(8);
const wallSamples = 8;
const hollowSamples = 7;

/** Samples along a ray through the surfaces of a piece: half of the wall's in front, half behind. */
function cover({ piece, view, soft }: Cutting): void {
  const u = ray[0] as number;
  const middle = ray[1] as number;
  const path = ray[2] as number;
  const hollow = ray[3] as number;
  const z = ray[4] as number;
  const lower = piece.lower ? piece.lower.heights : null;
  const upper = piece.upper ? piece.upper.heights : null;
  const reach = (piece.lower ?? piece.upper)?.reach ?? 1;
  const scale = (cells - 1) / (2 * reach);
  const x0 = (view.ux * u + reach) * scale + 0.5;
  const y0 = (view.uy * u + reach) * scale + 0.5;
  const wallStep = (path - hollow) / wallSamples;
  const hollowStep = hollow / hollowSamples;
  const samples = hollow > 0 ? wallSamples + hollowSamples : wallSamples;
  let walls = 0;
  let inside = 0;
  for (let i = 0; i < samples; i++) {
    let v = middle;
    if (i >= wallSamples) v += (i - wallSamples + 0.5) * hollowStep - 0.5 * hollow;
    else if (i < wallSamples / 2) v += (i + 0.5) * wallStep - 0.5 * path;
    else v += 0.5 * path - (i - wallSamples / 2 + 0.5) * wallStep;
    let column = (x0 - view.uy * v * scale) | 0;
    let row = (y0 + view.ux * v * scale) | 0;
    if (column < 0) column = 0;
    else if (column >= cells) column = cells - 1;
    if (row < 0) row = 0;
    else if (row >= cells) row = cells - 1;
    const cell = row * cells + column;
    let part = 1;
    if (lower) {
      const above = ((lower[cell] as number) - z) / soft + 0.5;
      part = above <= 0 ? 0 : above >= 1 ? 1 : above;
    }
    if (upper && part > 0) {
      const under = (z - (upper[cell] as number)) / soft + 0.5;
      part *= under <= 0 ? 0 : under >= 1 ? 1 : under;
    }
    if (i < wallSamples) walls += part;
    else inside += part;
  }
  const wall = walls / wallSamples;
  const filled = hollow > 0 ? inside / hollowSamples : wall;
  ray[5] = path > 0 ? (wall * (path - hollow) + filled * hollow) / path : 0;
  ray[6] = wall;
  ray[7] = filled;
}

/** Adds an ellipsoid; where it overlaps the bone's tube the longer path counts, so that no wall stays inside. */
export function drawDisc(layer: Layer, disc: Disc, film: Affine, shows: Box | null): void {
  const [three, four] = disc.corners;
  const limit = 1 / (1 - Math.abs(three) - Math.abs(four));
  const size = Math.max(disc.halfU, disc.halfZ) * Math.sqrt(limit);
  const pixels = window(layer, film, disc.u - size, disc.u + size, disc.z - size, disc.z + size);
  if (pixels.left > pixels.right || pixels.top > pixels.bottom) return;
  const back = invert(film);
  const cos = Math.cos(disc.tilt);
  const sin = Math.sin(disc.tilt);
  const shrink = (half: number): number => Math.max(half - disc.shell, 1e-3);
  const innerU = shrink(disc.halfU);
  const innerZ = shrink(disc.halfZ);
  const innerPath = Math.max(0, disc.path - 2 * disc.shell);
  for (let y = pixels.top; y <= pixels.bottom; y++) {
    for (let x = pixels.left; x <= pixels.right; x++) {
      const du = back.a + back.b * x + back.c * y - disc.u;
      const dz = back.d + back.e * x + back.f * y - disc.z;
      const u = cos * du - sin * dz;
      const z = sin * du + cos * dz;
      const p = u / disc.halfU;
      const q = z / disc.halfZ;
      const square = p * p + q * q;
      if (square > limit) continue;
      // cos 3θ and cos 4θ about the middle; there the outline is of no account.
      const third = three * ((p * p * p - 3 * p * q * q) / (square * Math.sqrt(square) + 1e-9));
      const bent = 1 + third + four * ((p * p * p * p - 6 * p * p * q * q + q * q * q * q) / (square * square + 1e-9));
      const off = square * bent;
      if (off >= 1) continue;
      const pixel = y * layer.width + x;
      const path = disc.path * Math.sqrt(1 - off);
      const innerOff = ((u / innerU) ** 2 + (z / innerZ) ** 2) * bent;
      const hollow = innerOff < 1 ? innerPath * Math.sqrt(1 - innerOff) : 0;
      if (path > (layer.outer[pixel] as number)) layer.outer[pixel] = path;
      if (hollow > (layer.inner[pixel] as number)) layer.inner[pixel] = hollow;
      if (hollow * disc.spongy > (layer.spongy[pixel] as number)) layer.spongy[pixel] = hollow * disc.spongy;
      if (shows) stretch(shows, x, y);
    }
  }
  stretch(layer.touched, pixels.left, pixels.top);
  stretch(layer.touched, pixels.right, pixels.bottom);
}
