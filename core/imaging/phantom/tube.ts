// Tubes of elliptical slices, whole or cut by a break: shafts of bones, skin, plaster.
// Must not know what absorbs how much. The inner loops: no allocation in them.
import type { Affine } from './affine.ts';
import { invert } from './affine.ts';
import type { Piece } from './fracture.ts';
import { surfaceCells } from './fracture.ts';
import type { Box, Layer } from './layer.ts';
import { stretch, touch, window } from './layer.ts';
import type { Profile, View } from './project.ts';
import { capSteps, Row } from './project.ts';
import { extent, spansOf } from './spans.ts';

// Imported bindings are looked up at every use where a bundler or test runner rewrites them: not in the inner loops.
const stride = Row.width;
const steps = capSteps;
const cells = surfaceCells;

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

/** Adds a tube, or one piece of it; `film` maps the bone's frame to pixels. */
export function drawTube(layer: Layer, profile: Profile, film: Affine, cut: Cutting | null): void {
  if (profile.count === 0) return;
  const { rows, start, count, ends, bend } = profile;
  const back = invert(film);
  const reach = cut ? cut.zone + 2 : 0;
  const from = cut?.piece.upper ? cut.z - reach : ends[0] - 8;
  const to = cut?.piece.lower ? cut.z + reach : ends[1] + 8;
  const [u0, u1] = extent(profile, from, to);
  const pixels = window(layer, film, u0, u1, from, to);
  if (pixels.left > pixels.right || pixels.top > pixels.bottom) return;
  const { outer, inner, spongy, width } = layer;
  const perStep = 1 / profile.step;
  const [bendFrom, bendTo] = [ends[0] + bend, ends[1] - bend];
  const [cutFrom, cutTo] = cut ? [cut.z - reach, cut.z + reach] : [Infinity, Infinity];
  const { b: uStep, e: zStep } = back;
  const spans = spansOf(profile, back, pixels, from, to);
  for (let y = pixels.top; y <= pixels.bottom; y++) {
    const left = spans[2 * (y - pixels.top)] as number;
    const right = spans[2 * (y - pixels.top) + 1] as number;
    if (left > right) continue;
    touch(layer, y, left, right);
    const uLine = back.a + back.c * y;
    const zLine = back.d + back.f * y;
    for (let x = left, pixel = y * width + left; x <= right; x++, pixel++) {
      const u = uLine + uStep * x;
      const z = zLine + zStep * x;
      let row = ((z - start) * perStep + 0.5) | 0;
      if (row < 0) row = 0;
      else if (row >= count) row = count - 1;
      if (z < bendFrom || z > bendTo) {
        ray[0] = u;
        ray[1] = z;
        row = rowAtEnd(profile);
        if (row < 0) continue;
      }
      const o = row * stride;
      const off = u - (rows[o] as number);
      const t = off * (rows[o + 1] as number);
      const outside = 1 - t * t;
      if (!(outside > 0)) continue;
      let path = (rows[o + 2] as number) * Math.sqrt(outside);
      const innerT = (u - (rows[o + 3] as number)) * (rows[o + 4] as number);
      const inside = 1 - innerT * innerT;
      let hollow = inside > 0 ? (rows[o + 5] as number) * Math.sqrt(inside) : 0;
      if (hollow > path) hollow = path;
      if (z > cutFrom && z < cutTo && cut) {
        ray[0] = off;
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
      const solid = rows[o + 7] as number;
      path *= solid;
      hollow *= solid;
      if (path > (outer[pixel] as number)) outer[pixel] = path;
      if (hollow > (inner[pixel] as number)) inner[pixel] = hollow;
      const threads = hollow * (rows[o + 6] as number);
      if (threads > (spongy[pixel] as number)) spongy[pixel] = threads;
    }
  }
}

/** Joint surfaces bend the slices: the row of `ray` at the height where this ray would be on a flat end; -1 beyond the bone. */
function rowAtEnd({ rows, start, step, count, ends, bend, caps }: Profile): number {
  const u = ray[0] as number;
  const z = ray[1] as number;
  const first = ends[0];
  const last = ends[1];
  const inside = z < first + 4 ? first + 4 : z > last - 4 ? last - 4 : z;
  const wide = (((inside - start) / step) | 0) * stride;
  const t = (u - (rows[wide] as number)) * (rows[wide + 1] as number);
  if (t <= -1.05 || t >= 1.05) return -1;
  const proximal = z < first + bend;
  const cap = (proximal ? caps[0] : caps[1])[((t * 0.476 + 0.5) * steps) | 0] as number;
  const strength = Math.min(1, (proximal ? first + bend - z : z - last + bend) / bend);
  const row = Math.round(((proximal ? z + cap * strength : z - cap * strength) - start) / step);
  return row < count ? row : -1;
}

/**
 * What `cover` is told of a ray and what it answers, in an array so that no number is boxed on the way:
 * off the axis (or, for `rowAtEnd`, u and z), middle of the path in depth, path, hollow part of it, height over the break; then which part of the
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
