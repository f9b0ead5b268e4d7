// A DICOM file without what identifies: the attributes that may stay, identifiers replaced, pixels byte for byte.
// Must not decode pixels and must not take over an attribute that is not on the list.
import { deflateRawSync } from 'node:zlib';
import type { DataSet, DicomElement } from './elements.ts';
import { itemsOf } from './elements.ts';
import { OUR_METHOD, isOurs } from './facts.ts';
import { knownName } from './film.ts';
import { EMPTIED, KEPT, PIXEL_DATA } from './kept-attributes.ts';
import type { Keeping } from './kept-attributes.ts';
import { usualVr } from './dictionary.ts';
import type { Dicom } from './open.ts';
import { pseudonym, replacedUid } from './pseudonym.ts';
import { bytesOf, rawOf, safeCode, text, texts } from './values.ts';
import { element, sequence, textElement } from './write.ts';

/** UIDs below this root name classes and syntaxes of the standard, not patients. */
const STANDARD = /^1\.2\.840\.10008\.[0-9.]{1,49}$/;

/** PS3.3 C.11.1.1.2 and C.11.1.1.2.1; what is not among them becomes "US", unspecified. */
const RESCALE_TYPES = new Set('OD HU US MGML Z_EFF ED EDW HU_MOD PCT'.split(' '));

const META = { explicit: true, little: true };

/** Osteon as a writer of files: a root of its own under 2.25, which needs no registration (PS3.5 B.2). */
const IMPLEMENTATION = '2.25.232459188613041731943372963209462374018';

/** Attributes that say what was done to the file. */
const RECORD = new Set([0x00120062, 0x00120063, 0x00120064, 0x00280303]);

/** True for attributes whose values, or replacements of them, are in the kept file. */
export function staysInFile(tag: number): boolean {
  return tag in KEPT || tag === PIXEL_DATA || RECORD.has(tag);
}

/** The file without identity, in stretches to be written one behind the other. Its transfer syntax stays. */
export function deidentified(dicom: Dicom, salt: string): Buffer[] {
  const { data, syntax } = dicom;
  const parts = [...keptElements(data, KEPT, { salt, way: data, ours: isOurs(data) }), ...addedElements(dicom, salt)];
  const pixels = data.elements.get(PIXEL_DATA);
  if (pixels) parts.push({ tag: PIXEL_DATA, bytes: data.bytes.subarray(pixels.start, pixels.end) });
  parts.sort((a, b) => a.tag - b.tag);
  const body = parts.map(({ bytes }) => bytes);
  const head = fileHead(dicom, salt);
  return syntax.deflated ? [head, evenly(deflateRawSync(Buffer.concat(body)))] : [head, ...body];
}

interface Part {
  tag: number;
  bytes: Buffer;
}

/** The salt of the library, and how the file's elements are written: a sequence inside may be read in another way. */
interface Writing {
  salt: string;
  ours: boolean;
  way: { explicit: boolean; little: boolean };
}

function keptElements(data: DataSet, list: Record<number, Keeping>, writing: Writing): Part[] {
  const parts: Part[] = [];
  for (const found of data.elements.values()) {
    const keeping = list[found.tag];
    const bytes = keeping === undefined ? null : kept(data, found, keeping, writing);
    if (bytes) parts.push({ tag: found.tag, bytes });
  }
  return parts;
}

/** The element as it may stay, or null. The representation is the one of the standard where the attribute has only one. */
function kept(data: DataSet, found: DicomElement, keeping: Keeping, writing: Writing): Buffer | null {
  const { tag } = found;
  const { way } = writing;
  const vr = usualVr(tag) ?? found.vr;
  if (typeof keeping === 'object') {
    const items = itemsOf(data, tag).map((item) => joined(keptElements(item, keeping.items, writing)));
    return items.length > 0 ? sequence(way, tag, items) : null;
  }
  if (keeping === 'binary') {
    const asIs = BINARY.has(vr) && data.little === way.little;
    return asIs ? element(way, tag, vr, bytesOf(data, found)) : null;
  }
  const values = texts(data, tag).map((value) => safeText(value, keeping, writing));
  if (values.some((value) => value === null)) return null;
  return textElement(way, tag, vr, values.join('\\'));
}

const BINARY = new Set(['US', 'SS', 'UL', 'SL', 'OW', 'OB', 'OV', 'UN']);

/** One value as it may stay; null where the attribute has to go. */
function safeText(value: string, keeping: Exclude<Keeping, object | 'binary'>, { salt, ours }: Writing): string | null {
  if (keeping === 'code') return value === '' ? '' : safeCode(value);
  if (keeping === 'number') return /^[+\-0-9.eE]{0,16}$/.test(value) ? value : null;
  if (keeping === 'class') return STANDARD.test(value) ? value : null;
  if (keeping === 'uid') return value === '' ? null : replacedUid(salt, value, ours);
  if (keeping === 'window-name') return knownName(value);
  return RESCALE_TYPES.has(value) ? value : 'US';
}

/** Pseudonym, emptied attributes, and the record of what was done (PS3.15 E.1.1; code 113100 of PS3.16 CID 7050). */
function addedElements({ data }: Dicom, salt: string): Part[] {
  const patient = pseudonym(salt, 'patient', rawOf(data, 0x00100020), isOurs(data)) ?? '';
  const code = joined([
    { tag: 0x00080100, bytes: textElement(data, 0x00080100, 'SH', '113100') },
    { tag: 0x00080102, bytes: textElement(data, 0x00080102, 'SH', 'DCM') },
    { tag: 0x00080104, bytes: textElement(data, 0x00080104, 'LO', 'Basic Application Confidentiality Profile') },
  ]);
  const texts: [tag: number, vr: string, value: string][] = [
    [0x00100020, 'LO', patient],
    [0x00120062, 'CS', 'YES'],
    [0x00120063, 'LO', OUR_METHOD],
    [0x00280303, 'CS', 'REMOVED'],
    ...EMPTIED.map((tag): [number, string, string] => [tag, usualVr(tag) ?? 'LO', '']),
  ];
  return [
    ...texts.map(([tag, vr, value]) => ({ tag, bytes: textElement(data, tag, vr, value) })),
    { tag: 0x00120064, bytes: sequence(data, 0x00120064, [code]) },
  ];
}

/** Free bytes of zeros, the mark, and a file meta group of our own (PS3.10 7.1). */
function fileHead({ data, syntaxUid }: Dicom, salt: string): Buffer {
  const sopClass = text(data, 0x00080016) ?? '';
  const instance = text(data, 0x00080018) ?? '';
  const group = Buffer.concat([
    element(META, 0x00020001, 'OB', Buffer.of(0, 1)),
    textElement(META, 0x00020002, 'UI', STANDARD.test(sopClass) ? sopClass : ''),
    textElement(META, 0x00020003, 'UI', replacedUid(salt, instance, isOurs(data))),
    textElement(META, 0x00020010, 'UI', syntaxUid),
    textElement(META, 0x00020012, 'UI', IMPLEMENTATION),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(META, 0x00020000, 'UL', length), group]);
}

function joined(parts: Part[]): Buffer {
  return Buffer.concat(parts.sort((a, b) => a.tag - b.tag).map(({ bytes }) => bytes));
}

function evenly(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]);
}
