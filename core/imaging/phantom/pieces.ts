// Where a piece of broken bone lies in a view.
// Geometry only.
import type { Affine } from './affine.ts';
import { pose } from './affine.ts';
import type { Piece } from './fracture.ts';
import type { View } from './project.ts';
import type { Shape } from './shape.ts';
import { Slice, sliceAt } from './shape.ts';

/** A piece's turn and way as the view shows them; turned out of the plane it looks shorter. */
export function pieceMap(shape: Shape, { pivot, tilt, move }: Piece, { ux, uy }: View): Affine {
  const slice = sliceAt(shape, pivot);
  const u = ux * (shape.slices[slice + Slice.x] ?? 0) + uy * (shape.slices[slice + Slice.y] ?? 0);
  const angle = ux * tilt[0] + uy * tilt[1];
  const away = ux * tilt[1] - uy * tilt[0];
  return pose(angle, u, pivot, ux * move[0] + uy * move[1], move[2], Math.cos(away));
}
