// Names and value representations of DICOM attributes, from dcmjs's data dictionary.
// Must not read files.
import { data } from 'dcmjs';

const { dictionary } = data.DicomMetaDictionary;

/** `0x00100010` as `(0010,0010)`, the way the standard writes it. */
export function written(tag: number): string {
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** Group numbers of manufacturers are odd (PS3.5 7.8). */
export function isPrivate(tag: number): boolean {
  return ((tag >>> 16) & 1) === 1;
}

/** Value representation of a public attribute; null where it depends on others or the attribute is unknown. */
export function usualVr(tag: number): string | null {
  const vr = isPrivate(tag) ? undefined : dictionary[written(tag)]?.vr;
  return vr !== undefined && /^[A-Z]{2}$/.test(vr) ? vr : null;
}

/** Name in words, "Patient Birth Date"; null for private and unknown attributes. */
export function nameOf(tag: number): string | null {
  const name = isPrivate(tag) ? undefined : dictionary[written(tag)]?.name;
  return name ? name.replace(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2 ') : null;
}
