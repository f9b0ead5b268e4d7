// Pseudonyms and replaced identifiers: the same input and salt give the same result, and nobody without the salt gets back.
// Must not keep or log what goes in.
import { createHmac } from 'node:crypto';

/** 32 signs that cannot be mistaken for one another (Crockford's base32). */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 60 bits: among 100,000 patients two share a pseudonym with a chance of one in 200 million. */
const LENGTH = 12;

/** `P-` and 12 signs; null for an id that is empty or blank. */
export function pseudonym(salt: string, kind: 'patient' | 'study', id: Buffer | null): string | null {
  const bare = id?.toString('latin1').replace(/^[\s\0]+|[\s\0]+$/g, '') ?? '';
  if (bare === '') return null;
  const digest = createHmac('sha256', salt).update(`${kind}\0`).update(bare, 'latin1').digest();
  const signs = Array.from({ length: LENGTH }, (_, index) => SIGNS[fiveBits(digest, 5 * index)]).join('');
  return `${kind === 'patient' ? 'P' : 'S'}-${signs}`;
}

function fiveBits(digest: Buffer, from: number): number {
  const pair = digest.readUInt16BE(from >> 3);
  return (pair >> (11 - (from & 7))) & 31;
}

/** A UID from a UID: `2.25.` and 128 bits as a decimal number (PS3.5 B.2). */
export function replacedUid(salt: string, uid: string): string {
  const digest = createHmac('sha256', salt).update('uid\0').update(uid, 'latin1').digest();
  return `2.25.${BigInt(`0x${digest.toString('hex', 0, 16)}`)}`;
}
