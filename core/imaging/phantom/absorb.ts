// From millimetres in bone, flesh and plaster to optical depth, with the grain of each.
// Must not know shapes or views. The inner loops: no allocation in them.
import type { Layer } from './layer.ts';
import { clean } from './layer.ts';
import type { FilmPlan } from './plan.ts';
import { tiles, tileSize } from './texture.ts';

/** Absorption a millimetre near 40 keV effective (NIST tables, rounded); bone beyond the muscle it displaces. */
export const perMm = { muscle: 0.024, fat: 0.0195, cortex: 0.078, spongy: 0.03 };

const mask = tileSize - 1;

/** Adds a bone, times `sign`, to `tau` (and to `also`), and cleans the layer. */
export function absorbBone(paths: Layer, film: FilmPlan, tau: Float32Array, sign: number, also?: Float32Array): void {
  const { outer, inner, spongy, width, touched } = paths;
  const tile = tiles().spongy;
  const { x: left, y: top, spongy: contrast } = film.texture;
  const scale = film.mmPerPixel / 0.35;
  for (let y = touched.top; y <= touched.bottom; y++) {
    const line = ((y * scale + top) & mask) * tileSize;
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const grain = tile[line + ((x * scale + left) & mask)] as number;
      const threads = perMm.spongy * (spongy[pixel] as number);
      const hollow = inner[pixel] as number;
      const wall = path > hollow ? path - hollow : 0;
      const depth = sign * (perMm.cortex * wall * (1 + 0.025 * grain) + threads * (1 + contrast * grain));
      tau[pixel] = (tau[pixel] as number) + depth;
      if (also) also[pixel] = (also[pixel] as number) + depth;
    }
  }
  clean(paths);
}

/** Adds flesh: fat between skin and muscle, fibres in the muscle. */
export function absorbFlesh(paths: Layer, film: FilmPlan, tau: Float32Array): void {
  const { outer, inner, width, touched } = paths;
  const tile = tiles().muscle;
  const { x: left, y: top, muscle: contrast } = film.texture;
  const scale = film.mmPerPixel * 0.9;
  for (let y = touched.top; y <= touched.bottom; y++) {
    const line = ((y * scale + top) & mask) * tileSize;
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const muscle = inner[pixel] as number;
      // Fibres lie side by side, not one behind another: past some depth they even out.
      const fibres = contrast * (muscle < 55 ? muscle : 55) * (tile[line + ((x * scale + left) & mask)] as number);
      tau[pixel] = (tau[pixel] as number) + perMm.fat * (path - muscle) + perMm.muscle * (muscle + fibres);
    }
  }
  clean(paths);
}

/** Adds plaster, `density` a millimetre of wall, in lumps. */
export function absorbPlaster(paths: Layer, film: FilmPlan, tau: Float32Array, density: number): void {
  const { outer, inner, width, touched } = paths;
  const { rough } = tiles();
  for (let y = touched.top; y <= touched.bottom; y++) {
    const line = ((y + film.texture.x) & mask) * tileSize;
    for (let pixel = y * width + touched.left, x = touched.left; x <= touched.right; x++, pixel++) {
      const wall = (outer[pixel] as number) - (inner[pixel] as number);
      if (wall <= 0) continue;
      const lumps = 0.12 * (rough[line + ((x + film.texture.y) & mask)] as number);
      tau[pixel] = (tau[pixel] as number) + density * wall * (1 + lumps);
    }
  }
  clean(paths);
}
