// Pseudonyms: the same identifier in the same library gives the same name, and no one can go back without the salt.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** 10 letters of 32: among 100,000 patients two share a name with a chance below one in 200,000. */
const LETTERS = 10;

/** `kind` keeps a patient and a study of the same number apart. */
export function pseudonym(kind: 'P' | 'S', identifier: string, salt: string): string {
  const digest = createHmac('sha256', salt).update(`${kind}\n${identifier.trim()}`).digest();
  let letters = '';
  for (let i = 0; i < LETTERS; i++) letters += ALPHABET.charAt((digest[i] ?? 0) % ALPHABET.length);
  return `${kind}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}
