// Transfer syntaxes: how data elements are written and how pixels are packed (PS3.5 section 10, PS3.6 A).
// Must not decode.

export type Packing = 'native' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export interface TransferSyntax {
  explicit: boolean;
  little: boolean;
  deflated: boolean;
  packing: Packing;
}

const native = { explicit: true, little: true, deflated: false, packing: 'native' } as const;
const packed = (packing: Packing): TransferSyntax => ({ ...native, packing });

const KNOWN: Record<string, TransferSyntax> = {
  '1.2.840.10008.1.2': { ...native, explicit: false },
  '1.2.840.10008.1.2.1': native,
  '1.2.840.10008.1.2.1.99': { ...native, deflated: true },
  '1.2.840.10008.1.2.2': { ...native, little: false },
  '1.2.840.10008.1.2.5': packed('rle'),
  '1.2.840.10008.1.2.4.50': packed('jpeg'),
  '1.2.840.10008.1.2.4.51': packed('jpeg'),
  '1.2.840.10008.1.2.4.57': packed('jpeg-lossless'),
  '1.2.840.10008.1.2.4.70': packed('jpeg-lossless'),
  '1.2.840.10008.1.2.4.80': packed('jpeg-ls'),
  '1.2.840.10008.1.2.4.81': packed('jpeg-ls'),
  '1.2.840.10008.1.2.4.90': packed('jpeg-2000'),
  '1.2.840.10008.1.2.4.91': packed('jpeg-2000'),
};

/** Beginnings of the identifiers of what is named but not decoded, the longest match first. */
const NAMED: [start: string, name: string][] = [
  ['1.2.840.10008.1.2.4.92', 'JPEG 2000 part 2'],
  ['1.2.840.10008.1.2.4.93', 'JPEG 2000 part 2'],
  ['1.2.840.10008.1.2.4.94', 'JPIP'],
  ['1.2.840.10008.1.2.4.95', 'JPIP'],
  ['1.2.840.10008.1.2.4.100', 'MPEG-2 video'],
  ['1.2.840.10008.1.2.4.101', 'MPEG-2 video'],
  ['1.2.840.10008.1.2.4.102', 'MPEG-4 video'],
  ['1.2.840.10008.1.2.4.103', 'MPEG-4 video'],
  ['1.2.840.10008.1.2.4.104', 'MPEG-4 video'],
  ['1.2.840.10008.1.2.4.105', 'MPEG-4 video'],
  ['1.2.840.10008.1.2.4.106', 'MPEG-4 video'],
  ['1.2.840.10008.1.2.4.107', 'HEVC video'],
  ['1.2.840.10008.1.2.4.108', 'HEVC video'],
  ['1.2.840.10008.1.2.4.110', 'JPEG XL'],
  ['1.2.840.10008.1.2.4.111', 'JPEG XL'],
  ['1.2.840.10008.1.2.4.112', 'JPEG XL'],
  ['1.2.840.10008.1.2.4.201', 'high-throughput JPEG 2000'],
  ['1.2.840.10008.1.2.4.202', 'high-throughput JPEG 2000'],
  ['1.2.840.10008.1.2.4.203', 'high-throughput JPEG 2000'],
];

/** How a transfer syntax is read; null where Osteon does not. */
export function syntaxOf(uid: string): TransferSyntax | null {
  return KNOWN[uid] ?? null;
}

/** A transfer syntax in words, for a refusal. */
export function nameOfSyntax(uid: string): string {
  const name = NAMED.find(([start]) => uid === start || uid.startsWith(`${start}.`))?.[1];
  if (name) return name;
  return /^[0-9.]{1,64}$/.test(uid) ? `transfer syntax ${uid}` : 'a transfer syntax without a valid name';
}
