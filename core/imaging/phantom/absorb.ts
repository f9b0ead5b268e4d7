// From millimetres in bone, flesh and plaster to optical depth, with the grain of each.
// Must not know shapes or views. The inner loops: no allocation in them.
import type { Layer } from './layer.ts';
import { clean } from './layer.ts';
import type { FilmPlan } from './plan.ts';
import { tiles, tileSize } from './texture.ts';

/** Absorption a millimetre near 40 keV effective (NIST tables, rounded); bone beyond the muscle it displaces. */
export const perMm = { muscle: 0.024, fat: 0.0195, cortex: 0.078, spongy: 0.03 };

const mask = tileSize - 1;

/** A cell of the tile of spongy bone: its threads then stand about a millimetre apart, at the edge of what a film shows. */
const spongyMm = 0.2;

/** Where in a tile each column of the film lies. */
function columnsOf(width: number, scale: number, left: number): Int32Array {
  const columns = new Int32Array(width);
  for (let x = 0; x < width; x++) columns[x] = (x * scale + left) & mask;
  return columns;
}

/** Adds a bone, times `sign`, to `tau` (and to `also`), and cleans the layer. */
export function absorbBone(paths: Layer, film: FilmPlan, tau: Float32Array, sign: number, also?: Float32Array): void {
  const { outer, inner, spongy, width, top, bottom, from, to } = paths;
  const tile = tiles().spongy;
  const { x: left, y: down, spongy: contrast } = film.texture;
  const scale = film.mmPerPixel / spongyMm;
  const columns = columnsOf(width, scale, left);
  for (let y = top; y <= bottom; y++) {
    const line = ((y * scale + down) & mask) * tileSize;
    for (let x = from[y] as number, pixel = y * width + x; x < (to[y] as number); x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const grain = tile[line + (columns[x] as number)] as number;
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
  const { outer, inner, width, top, bottom, from, to } = paths;
  const tile = tiles().muscle;
  const { x: left, y: down, muscle: contrast } = film.texture;
  const scale = film.mmPerPixel * 0.9;
  const columns = columnsOf(width, scale, left);
  for (let y = top; y <= bottom; y++) {
    const line = ((y * scale + down) & mask) * tileSize;
    for (let x = from[y] as number, pixel = y * width + x; x < (to[y] as number); x++, pixel++) {
      const path = outer[pixel] as number;
      if (path === 0) continue;
      const muscle = inner[pixel] as number;
      // Fibres lie side by side, not one behind another: past some depth they even out.
      const fibres = contrast * (muscle < 55 ? muscle : 55) * (tile[line + (columns[x] as number)] as number);
      tau[pixel] = (tau[pixel] as number) + perMm.fat * (path - muscle) + perMm.muscle * (muscle + fibres);
    }
  }
  clean(paths);
}

/** Adds plaster, `density` a millimetre of wall, in lumps. */
export function absorbPlaster(paths: Layer, film: FilmPlan, tau: Float32Array, density: number): void {
  const { outer, inner, width, top, bottom, from, to } = paths;
  const { rough } = tiles();
  for (let y = top; y <= bottom; y++) {
    const line = ((y + film.texture.x) & mask) * tileSize;
    for (let x = from[y] as number, pixel = y * width + x; x < (to[y] as number); x++, pixel++) {
      const wall = (outer[pixel] as number) - (inner[pixel] as number);
      if (wall <= 0) continue;
      const lumps = 0.12 * (rough[line + ((x + film.texture.y) & mask)] as number);
      tau[pixel] = (tau[pixel] as number) + density * wall * (1 + lumps);
    }
  }
  clean(paths);
}
