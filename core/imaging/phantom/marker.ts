// The side marker: a lead letter, L or R, drawn by strokes of our own. It says the side and nothing of the bone.
// Must not know the label.
import type { Film } from './plan.ts';

type Stroke = readonly (readonly [x: number, y: number])[];

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
export function drawMarker(film: Film, side: 'left' | 'right', tau: Float32Array): void {
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
      const letter = Math.min(1, Math.max(0, (stroke - distance(letters[side], u, v)) * size + 0.5));
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
      const [ax, ay] = stroke[i - 1] as readonly [number, number];
      const [bx, by] = stroke[i] as readonly [number, number];
      const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
      const t = Math.min(1, Math.max(0, along));
      nearest = Math.min(nearest, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
    }
  }
  return nearest;
}
