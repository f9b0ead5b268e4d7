// The side marker: a lead letter, L or R, drawn by strokes of our own. It says the side and nothing of the bone.
// Must not know the label.
import type { FilmPlan } from './plan.ts';

type Point = readonly [x: number, y: number];
type Stroke = readonly Point[];

/** Strokes on a square of 1, y down. */
const arc: Stroke = Array.from({ length: 9 }, (_, i) => {
  const angle = -Math.PI / 2 + (Math.PI * i) / 8;
  return [0.42 + 0.3 * Math.cos(angle), 0.25 + 0.25 * Math.sin(angle)] as const;
});
const letters: Record<'left' | 'right', readonly Stroke[]> = {
  left: [
    [
      [0.2, 0],
      [0.2, 1],
    ],
    [
      [0.2, 1],
      [0.75, 1],
    ],
  ],
  right: [
    [
      [0.2, 0],
      [0.2, 1],
    ],
    [
      [0.2, 0],
      [0.42, 0],
    ],
    arc,
    [
      [0.2, 0.5],
      [0.42, 0.5],
    ],
    [
      [0.42, 0.5],
      [0.76, 1],
    ],
  ],
};

/** Adds lead to the optical depth `tau`: white letters, or dark ones cut out of a white plate. */
export function drawMarker(film: FilmPlan, side: 'left' | 'right', tau: Float32Array): void {
  const { marker } = film;
  if (!marker) return;
  const { size, x: left, y: top, angle, plate, depth } = marker;
  const stroke = 0.085;
  const cos = Math.cos(angle) / size;
  const sin = Math.sin(angle) / size;
  const reach = Math.ceil(size * 1.2);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const x = Math.round(left) + dx;
      const y = Math.round(top) + dy;
      if (x < 0 || y < 0 || x >= film.width || y >= film.height) continue;
      const u = cos * dx + sin * dy + 0.47;
      const v = cos * dy - sin * dx + 0.5;
      if (u < -0.4 || u > 1.35 || v < -0.4 || v > 1.4) continue;
      const near = u > 0 && u < 0.95 && v > -0.2 && v < 1.2;
      const letter = near ? Math.min(1, Math.max(0, (stroke - distance(letters[side], u, v)) * size + 0.5)) : 0;
      const inside = Math.min(u + 0.3, 1.24 - u, v + 0.3, 1.3 - v) * size;
      const frame = plate ? Math.min(1, Math.max(0, inside + 0.5)) : 0;
      tau[y * film.width + x] = (tau[y * film.width + x] ?? 0) + depth * (plate ? frame * (1 - letter) : letter);
    }
  }
}

function distance(strokes: readonly Stroke[], x: number, y: number): number {
  let nearest = Infinity;
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i++) {
      const from = stroke[i - 1] as Point;
      const to = stroke[i] as Point;
      const dx = to[0] - from[0];
      const dy = to[1] - from[1];
      const along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy);
      const t = along < 0 ? 0 : along > 1 ? 1 : along;
      const awayX = x - from[0] - t * dx;
      const awayY = y - from[1] - t * dy;
      nearest = Math.min(nearest, awayX * awayX + awayY * awayY);
    }
  }
  return Math.sqrt(nearest);
}
