// Pseudonyms of what tables and folders name: the same as a DICOM file with the same id gets.
import { pseudonym } from '#core/imaging/dicom/pseudonym.ts';

export function patientPseudonym(id: string, salt: string): string | null {
  return pseudonym(salt, 'patient', Buffer.from(id));
}

export function studyPseudonym(id: string, salt: string): string | null {
  return pseudonym(salt, 'study', Buffer.from(id));
}
