// Ellipsoids: the heads, condyles and small bones that are no tubes, and splinters.
// Must not know what absorbs how much. An inner loop: no allocation in it.
import type { Affine } from './affine.ts';
import { invert } from './affine.ts';
import type { Box, Layer } from './layer.ts';
import { stretch, touch, window } from './layer.ts';
import type { Disc } from './project.ts';

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
    touch(layer, y, pixels.left, pixels.right);
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
}
