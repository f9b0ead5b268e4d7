// Walks the data elements of a DICOM file: where each begins and ends. Every step moves on, so steps are bounded by bytes.
// Must not interpret values, and must not believe a length that reaches beyond what is there.
import { Problem } from '#core/problem.ts';
import { usualVr } from './dictionary.ts';

export interface DicomElement {
  tag: number;
  vr: string;
  /** The element in the file, its header and, where it has one, its end mark included. */
  start: number;
  end: number;
  /** Its value alone. */
  value: number;
  length: number;
  undefinedLength: boolean;
}

/** Bytes that hold data elements, and how they are written. */
export interface Stretch {
  file: string;
  bytes: Buffer;
  explicit: boolean;
  little: boolean;
}

export interface DataSet extends Stretch {
  elements: Map<number, DicomElement>;
}

export const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
const MAX_DEPTH = 16;

/** Explicit representations whose length takes four bytes (PS3.5 7.1.2). */
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** Reads elements from `from` to `to`, or to the first that `stop` names. The first of two equal tags counts. */
export function readElements(
  stretch: Stretch,
  from: number,
  to: number,
  stop: (tag: number) => boolean = () => false,
): { dataSet: DataSet; end: number } {
  const elements = new Map<number, DicomElement>();
  let at = from;
  while (at < to) {
    if (to - at < 8 || tagAt(stretch, at) === 0) {
      if (onlyZeros(stretch.bytes, at, to)) break;
      throw new Problem(to - at < 8 ? 'FILM_CUT_SHORT' : 'FILM_DAMAGED', { file: stretch.file });
    }
    if (stop(tagAt(stretch, at))) break;
    const element = readElement(stretch, at, to, 0);
    if (!elements.has(element.tag)) elements.set(element.tag, element);
    at = element.end;
  }
  return { dataSet: { ...stretch, elements }, end: at };
}

/** The items of a sequence, each as a data set. Not a sequence: no items. */
export function itemsOf(dataSet: DataSet, tag: number): DataSet[] {
  const element = dataSet.elements.get(tag);
  if (!element || !(element.vr === 'SQ' || element.vr === 'UN')) return [];
  const inside = insideOf(dataSet, element);
  return partsOf(inside, element).map(({ value, length }) => readElements(inside, value, value + length).dataSet);
}

/** The items of a sequence or the fragments of encapsulated pixels, by place; the sequence's own end mark is left out. */
export function partsOf(stretch: Stretch, element: DicomElement): { value: number; length: number }[] {
  const parts: { value: number; length: number }[] = [];
  const to = element.value + element.length;
  let at = element.value;
  while (at < to) {
    const item = readItem(stretch, at, to, 0);
    if (item.tag !== ITEM) throw new Problem('FILM_DAMAGED', { file: stretch.file });
    parts.push({ value: item.value, length: item.length });
    at = item.end;
  }
  return parts;
}

function readElement(stretch: Stretch, at: number, to: number, depth: number): DicomElement {
  const header = readHeader(stretch, at, to);
  const { tag, vr, value, length } = header;
  if (length !== UNDEFINED) {
    if (length > to - value) throw new Problem('FILM_CUT_SHORT', { file: stretch.file });
    return { tag, vr, start: at, end: value + length, value, length, undefinedLength: false };
  }
  if (depth >= MAX_DEPTH) throw new Problem('FILM_DAMAGED', { file: stretch.file });
  const inside = insideOf(stretch, header);
  for (let item = value; ;) {
    const part = readItem(inside, item, to, depth + 1);
    if (part.tag === SEQUENCE_END) {
      return { tag, vr, start: at, end: part.end, value, length: item - value, undefinedLength: true };
    }
    item = part.end;
  }
}

/** An unknown sequence of undefined length is written implicitly, little-endian (PS3.5 6.2.2, note 3). */
function insideOf(stretch: Stretch, element: { vr: string }): Stretch {
  return element.vr === 'UN' ? { ...stretch, explicit: false, little: true } : stretch;
}

/** One item or end mark of a sequence. */
function readItem(stretch: Stretch, at: number, to: number, depth: number) {
  const { file } = stretch;
  if (to - at < 8) throw new Problem('FILM_CUT_SHORT', { file });
  const tag = tagAt(stretch, at);
  const length = uint32(stretch, at + 4);
  const value = at + 8;
  if (tag === SEQUENCE_END && length === 0) return { tag, value, length, end: value };
  if (tag !== ITEM) throw new Problem('FILM_DAMAGED', { file });
  if (length !== UNDEFINED) {
    if (length > to - value) throw new Problem('FILM_CUT_SHORT', { file });
    return { tag, value, length, end: value + length };
  }
  let inside = value;
  for (;;) {
    if (to - inside < 8) throw new Problem('FILM_CUT_SHORT', { file });
    if (tagAt(stretch, inside) === ITEM_END) return { tag, value, length: inside - value, end: inside + 8 };
    inside = readElement(stretch, inside, to, depth).end;
  }
}

function readHeader(stretch: Stretch, at: number, to: number) {
  const { file, bytes, explicit, little } = stretch;
  const damaged = () => new Problem('FILM_DAMAGED', { file });
  const tag = tagAt(stretch, at);
  if (tag >>> 16 === 0xfffe) throw damaged();
  if (!explicit) return { tag, vr: usualVr(tag) ?? 'UN', value: at + 8, length: uint32(stretch, at + 4) };
  const vr = bytes.toString('latin1', at + 4, at + 6);
  if (!/^[A-Z]{2}$/.test(vr)) throw damaged();
  if (!LONG.has(vr)) {
    const length = little ? bytes.readUInt16LE(at + 6) : bytes.readUInt16BE(at + 6);
    return { tag, vr, value: at + 8, length };
  }
  if (to - at < 12) throw new Problem('FILM_CUT_SHORT', { file });
  return { tag, vr, value: at + 12, length: uint32(stretch, at + 8) };
}

function tagAt({ bytes, little }: Stretch, at: number): number {
  const group = little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const element = little ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2);
  return group * 0x10000 + element;
}

function uint32({ bytes, little }: Stretch, at: number): number {
  return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** Some writers pad the end of a file; a film is not damaged by that. */
function onlyZeros(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
