// Pseudonyms and replaced identifiers: the same input and salt give the same result, and nobody without the salt gets back.
// Must not keep or log what goes in.
import { createHash, createHmac } from 'node:crypto';

/** 32 signs that cannot be mistaken for one another (Crockford's base32). */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 60 bits: among 100,000 patients two share a pseudonym with a chance of one in 200 million. */
const LENGTH = 12;

const PSEUDONYM = /^P-[0-9A-HJKMNP-TV-Z]{12}$/;
const REPLACED_UID = /^2\.25\.\d{1,39}$/;

/**
 * `P-` or `S-` and 12 signs; null for an id that is empty or blank. In a file Osteon has de-identified already (`ours`) what
 * stands there is a pseudonym and is taken as it is, so that a kept file tells the same as the file it was made from.
 */
export function pseudonym(salt: string, kind: 'patient' | 'study', id: Buffer | null, ours = false): string | null {
  const bare = id?.toString('latin1').replace(/^[\s\0]+|[\s\0]+$/g, '') ?? '';
  if (bare === '') return null;
  if (kind === 'study') {
    const hash = createHash('sha256').update(replacedUid(salt, bare, ours));
    return `S-${signs(hash.digest())}`;
  }
  if (ours && PSEUDONYM.test(bare)) return bare;
  const hash = createHmac('sha256', salt).update('patient\0').update(bare, 'latin1');
  return `P-${signs(hash.digest())}`;
}

/** A UID from a UID: `2.25.` and 128 bits as a decimal number (PS3.5 B.2). One of our own stays. */
export function replacedUid(salt: string, uid: string, ours: boolean): string {
  if (ours && REPLACED_UID.test(uid)) return uid;
  const digest = createHmac('sha256', salt).update('uid\0').update(uid, 'latin1').digest();
  return `2.25.${BigInt(`0x${digest.toString('hex', 0, 16)}`)}`;
}

function signs(digest: Buffer): string {
  return Array.from({ length: LENGTH }, (_, index) => SIGNS[fiveBits(digest, 5 * index)]).join('');
}

function fiveBits(digest: Buffer, from: number): number {
  return (digest.readUInt16BE(from >> 3) >> (11 - (from & 7))) & 31;
}
