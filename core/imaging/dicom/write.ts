// Writes data elements in the way of a given transfer syntax (PS3.5 7.1, 7.5).
// Must not choose what is written.

interface Way {
  explicit: boolean;
  little: boolean;
}

/** Explicit representations whose length takes four bytes (PS3.5 7.1.2). */
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** One element; a value of odd length is padded, UIDs and bytes with 0, text with a blank (PS3.5 6.2). */
export function element(way: Way, tag: number, vr: string, value: Buffer): Buffer {
  const padding = vr === 'UI' || vr.startsWith('O') || vr === 'UN' ? 0 : 0x20;
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.of(padding)]);
  return Buffer.concat([header(way, tag, vr, even.length), even]);
}

export function textElement(way: Way, tag: number, vr: string, value: string): Buffer {
  return element(way, tag, vr, Buffer.from(value, 'latin1'));
}

/** A sequence of items, each already a run of elements; lengths are given. */
export function sequence(way: Way, tag: number, items: Buffer[]): Buffer {
  const parts = items.flatMap((item) => [tagAndLength(way, 0xfffee000, item.length), item]);
  return element(way, tag, 'SQ', Buffer.concat(parts));
}

function header(way: Way, tag: number, vr: string, length: number): Buffer {
  if (!way.explicit) return tagAndLength(way, tag, length);
  const bytes = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  tagAndLength(way, tag, 0).copy(bytes, 0, 0, 4);
  bytes.write(vr, 4, 'latin1');
  if (LONG.has(vr)) number(bytes, way, length, 8, 4);
  else number(bytes, way, length, 6, 2);
  return bytes;
}

function tagAndLength(way: Way, tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  number(bytes, way, tag >>> 16, 0, 2);
  number(bytes, way, tag & 0xffff, 2, 2);
  number(bytes, way, length, 4, 4);
  return bytes;
}

function number(bytes: Buffer, { little }: Way, value: number, at: number, size: number): void {
  if (little) bytes.writeUIntLE(value, at, size);
  else bytes.writeUIntBE(value, at, size);
}
