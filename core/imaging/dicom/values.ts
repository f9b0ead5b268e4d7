// Values of data elements: texts, numbers, tables.
// Must not guess: a value that is not what its attribute asks for is taken as absent.
import type { DataSet, DicomElement } from './elements.ts';

/** The bytes of a value, or null where the attribute is absent. */
export function rawOf(dataSet: DataSet, tag: number): Buffer | null {
  const element = dataSet.elements.get(tag);
  return element ? bytesOf(dataSet, element) : null;
}

export function bytesOf(dataSet: DataSet, element: DicomElement): Buffer {
  return dataSet.bytes.subarray(element.value, element.value + element.length);
}

/** Values of a text attribute, padding taken off (PS3.5 6.2). Only for attributes of the default repertoire. */
export function texts(dataSet: DataSet, tag: number): string[] {
  const raw = rawOf(dataSet, tag);
  if (!raw || raw.length === 0 || raw.length > 65536) return [];
  return raw
    .toString('latin1')
    .split('\\')
    .map((value) => value.replace(/^[\s\0]+|[\s\0]+$/g, ''));
}

/** The first value of a text attribute; null where there is none. */
export function text(dataSet: DataSet, tag: number): string | null {
  return texts(dataSet, tag)[0] || null;
}

/** A code string (PS3.5 6.2: capitals, digits, blank and underscore, up to 16 signs) in capitals; null for anything else. */
export function safeCode(value: string): string | null {
  const code = value.toUpperCase().replace(/-/g, '_');
  return /^[A-Z0-9_ ]{1,16}$/.test(code) ? code : null;
}

/** Values of a decimal or integer string (DS, IS). One that is no number makes the attribute absent. */
export function decimals(dataSet: DataSet, tag: number): number[] {
  const values = texts(dataSet, tag);
  const numbers = values.map((value) => (DECIMAL.test(value) ? Number(value) : Number.NaN));
  return numbers.every(Number.isFinite) ? numbers : [];
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export function decimal(dataSet: DataSet, tag: number): number | null {
  return decimals(dataSet, tag)[0] ?? null;
}

/** Values of a 16-bit attribute (US, SS, OW); `signed` for those that follow the pixel representation. */
export function shorts(dataSet: DataSet, tag: number, signed = false): number[] {
  const raw = rawOf(dataSet, tag);
  const vr = dataSet.elements.get(tag)?.vr;
  if (!raw || raw.length % 2 !== 0 || !(vr === 'US' || vr === 'SS' || vr === 'OW' || vr === 'UN')) return [];
  const asSigned = vr === 'SS' || (vr !== 'US' && signed);
  return Array.from({ length: raw.length / 2 }, (_, index) => {
    const at = 2 * index;
    if (asSigned) return dataSet.little ? raw.readInt16LE(at) : raw.readInt16BE(at);
    return dataSet.little ? raw.readUInt16LE(at) : raw.readUInt16BE(at);
  });
}

export function short(dataSet: DataSet, tag: number): number | null {
  return shorts(dataSet, tag)[0] ?? null;
}
