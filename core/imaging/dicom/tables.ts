// Look-up tables of a DICOM file: modality LUT, VOI LUT and palette.
// Must not read past a table: values before its first and behind its last entry take its ends.
import { Problem } from '#core/problem.ts';
import type { Film, VoiLut } from '../film.ts';
import type { DataSet } from './elements.ts';
import { itemsOf } from './elements.ts';
import { rawOf, shorts } from './values.ts';

const LUT_DESCRIPTOR = 0x00283002;
const LUT_DATA = 0x00283006;

/** The first item of a modality or VOI LUT sequence (PS3.3 C.11.1.1, C.11.2.1.1); null where there is none. */
export function tableIn(data: DataSet, sequence: number, signed: boolean): VoiLut | null {
  const [item] = itemsOf(data, sequence);
  return item ? tableAt(item, LUT_DESCRIPTOR, LUT_DATA, signed) : null;
}

/** Descriptor: number of entries (0 means 65536), first value mapped, bits an entry. Throws FILM_DAMAGED where they lie. */
function tableAt(data: DataSet, descriptorTag: number, dataTag: number, signed: boolean): VoiLut {
  const damaged = () => new Problem('FILM_DAMAGED', { file: data.file });
  const [size = 0, first = 0, bits = 0] = shorts(data, descriptorTag, signed);
  const raw = rawOf(data, dataTag);
  const entries = size & 0xffff || 65536;
  if (!raw || bits < 1 || bits > 16) throw damaged();
  const narrow = bits <= 8 && raw.length < 2 * entries;
  if (raw.length < entries * (narrow ? 1 : 2)) throw damaged();
  const values = new Uint16Array(entries);
  for (let index = 0; index < entries; index++) {
    if (narrow) values[index] = raw[index] as number;
    else values[index] = data.little ? raw.readUInt16LE(2 * index) : raw.readUInt16BE(2 * index);
  }
  return { first, bits, values };
}

/** Stored values through a modality table. */
export function mapped(pixels: Film['pixels'], { first, bits, values }: VoiLut): Uint8Array | Uint16Array {
  const output = bits <= 8 ? new Uint8Array(pixels.length) : new Uint16Array(pixels.length);
  const last = values.length - 1;
  for (let at = 0; at < pixels.length; at++) {
    const index = Math.min(last, Math.max(0, (pixels[at] as number) - first));
    output[at] = values[index] as number;
  }
  return output;
}

/** A palette as grey, one byte an entry (PS3.3 C.7.6.3.1.5 and .6; luminance as in C.7.6.3.1.2). */
export function paletteGrey(data: DataSet): VoiLut {
  if (data.elements.has(0x00281221) && !data.elements.has(0x00281201)) {
    throw new Problem('UNSUPPORTED_ENCODING', { file: data.file, encoding: 'a palette in segments' });
  }
  const [red, green, blue] = [0, 1, 2].map((colour) => tableAt(data, 0x00281101 + colour, 0x00281201 + colour, false));
  if (
    !red ||
    !green ||
    !blue ||
    red.values.length !== green.values.length ||
    red.values.length !== blue.values.length
  ) {
    throw new Problem('FILM_DAMAGED', { file: data.file });
  }
  const scale = 255 / (2 ** red.bits - 1);
  const values = Uint16Array.from(red.values, (value, index) =>
    Math.min(
      255,
      Math.round(scale * (0.299 * value + 0.587 * (green.values[index] ?? 0) + 0.114 * (blue.values[index] ?? 0))),
    ),
  );
  return { first: red.first, bits: 8, values };
}
