// Where the films of the strip stand: grouped by patient, only those in sight, around one film that is held in place.
// Arithmetic only, px. Nothing is known of films far away, so nothing is laid out from the first film on.

export interface StripTile {
  /** Place in the queue. */
  index: number;
  x: number;
}

export interface StripRequest {
  /** Films in the queue. */
  count: number;
  /** Film that is held, and where its left edge would stand. */
  anchor: number;
  x: number;
  /** Room for tiles. */
  width: number;
  /** Whether another patient begins with a film; false where it is not known yet. */
  begins: (index: number) => boolean;
}

export const TILE = 52;
const GAP = 4;
const PATIENT_GAP = 16;
/** Tiles laid out beyond either edge, so that they are there when they come in sight. */
const BEYOND = 4 * (TILE + GAP);

/** Tiles in sight, left to right. The queue's ends do not leave the edges of the strip while there are films to fill it. */
export function layStrip(request: StripRequest): StripTile[] {
  if (request.count === 0) return [];
  const held = { ...request, anchor: Math.min(request.count - 1, Math.max(0, request.anchor)) };
  const once = lay(held);
  const first = once[0]?.index === 0 ? Math.max(0, once[0].x) : 0;
  // Moved to the left edge first: only then can be seen whether the end leaves room.
  const left = lay({ ...held, x: held.x - first });
  const shift = roomAtEnd(left, request);
  return shift === 0 ? left : lay({ ...held, x: held.x - first + shift });
}

/** How far all tiles move to the right so that the last one stands at the edge; not so far that the first leaves it. */
function roomAtEnd(tiles: StripTile[], { count, width }: StripRequest): number {
  const [first] = tiles;
  const last = tiles.at(-1);
  if (!first || last?.index !== count - 1) return 0;
  const room = Math.max(0, width - TILE - last.x);
  return first.index === 0 ? Math.min(room, Math.max(0, -first.x)) : room;
}

function lay({ count, anchor, x: anchorX, width, begins }: StripRequest): StripTile[] {
  const gapBefore = (index: number) => (begins(index) ? PATIENT_GAP : GAP);
  const tiles: StripTile[] = [{ index: anchor, x: anchorX }];
  for (let index = anchor, x = anchorX; index > 0 && x > -BEYOND; index--) {
    x -= TILE + gapBefore(index);
    tiles.unshift({ index: index - 1, x });
  }
  for (let index = anchor + 1, x = anchorX; index < count && x < width + BEYOND; index++) {
    x += TILE + gapBefore(index);
    tiles.push({ index, x });
  }
  return tiles;
}

/** The tile nearest the middle: held from here on, so that films far away need not be known. */
export function nearestMiddle(tiles: StripTile[], width: number): StripTile | undefined {
  const distance = ({ x }: StripTile) => Math.abs(x + TILE / 2 - width / 2);
  return tiles.reduce<StripTile | undefined>(
    (best, tile) => (best && distance(best) <= distance(tile) ? best : tile),
    undefined,
  );
}

/** Where a film stands when it is put in the middle. */
export function middle(width: number): number {
  return (width - TILE) / 2;
}
