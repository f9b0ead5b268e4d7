// What a DICOM file says of its film: body part, projection, side, spacing, and pseudonyms for patient and study.
// Must not give out what identifies a person.
import type { Film, FilmFacts } from '../film.ts';
import { nameOf } from './dictionary.ts';
import type { DataSet } from './elements.ts';
import { pseudonym } from './pseudonym.ts';
import { decimals, rawOf, safeCode, text } from './values.ts';

const PATIENT_ID = 0x00100020;
const STUDY_UID = 0x0020000d;

/** What Osteon writes as Deidentification Method (0012,0063). */
export const OUR_METHOD = 'Osteon: attributes on a list of those allowed';

/** The file is one that Osteon has de-identified. */
export function isOurs(data: DataSet): boolean {
  return text(data, 0x00120063) === OUR_METHOD;
}

/** View Position (0018,5101) -> projection, in the words of the window. PS3.3 C.8.1.2 and C.8.7.3 define the codes. */
const PROJECTIONS: Record<string, string> = {
  AP: 'frontal',
  PA: 'frontal',
  LL: 'lateral',
  RL: 'lateral',
  LAT: 'lateral',
  LATERAL: 'lateral',
  OBL: 'oblique',
  OBLIQUE: 'oblique',
  RAO: 'oblique',
  LAO: 'oblique',
  RPO: 'oblique',
  LPO: 'oblique',
  RLO: 'oblique',
  LLO: 'oblique',
};

const SIDES: Record<string, string> = { R: 'right', L: 'left', B: 'both' };

/** The study date only where the library keeps identities: PS3.15 takes it away otherwise. */
export function factsOf(data: DataSet, salt: string, keepIdentity: boolean): FilmFacts {
  const view = code(data, 0x00185101);
  const side = code(data, 0x00200062) ?? code(data, 0x00200060);
  return {
    patient: pseudonym(salt, 'patient', rawOf(data, PATIENT_ID), isOurs(data)),
    study: pseudonym(salt, 'study', rawOf(data, STUDY_UID), isOurs(data)),
    studyDate: keepIdentity ? date(data, 0x00080020) : null,
    bodyPart: code(data, 0x00180015)?.toLowerCase() ?? null,
    projection: view === null ? null : (PROJECTIONS[view] ?? view.toLowerCase()),
    laterality: side === null ? null : (SIDES[side] ?? null),
  };
}

function code(data: DataSet, tag: number): string | null {
  const value = text(data, tag);
  return value === null ? null : safeCode(value);
}

function date(data: DataSet, tag: number): string | null {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text(data, tag) ?? '');
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : null;
}

/**
 * Millimetres a pixel and where they come from (PS3.3 10.7): Pixel Spacing is at the patient only where it says how it was
 * found or differs from the detector's own.
 */
export function pixelSpacing(data: DataSet): Pick<Film, 'pixelSpacingMm' | 'pixelSpacingSource'> {
  const detector = pair(data, 0x00181164);
  const patient = pair(data, 0x00280030);
  const scanner = pair(data, 0x00182010);
  const calibration = text(data, 0x00280a02);
  if (patient && (calibration || !detector || !sameSpacing(patient, detector))) {
    const known = calibration === 'GEOMETRY' || calibration === 'FIDUCIAL';
    const how = known ? `by ${calibration.toLowerCase()}` : 'not said how found';
    return { pixelSpacingMm: patient, pixelSpacingSource: `patient spacing, ${how}` };
  }
  if (detector) return { pixelSpacingMm: detector, pixelSpacingSource: 'detector spacing' };
  if (scanner) return { pixelSpacingMm: scanner, pixelSpacingSource: 'film scanner spacing' };
  return { pixelSpacingMm: null, pixelSpacingSource: null };
}

function pair(data: DataSet, tag: number): [number, number] | null {
  const [row = 0, column = 0] = decimals(data, tag);
  return row > 0 && column > 0 && row < 100 && column < 100 ? [row, column] : null;
}

function sameSpacing(a: [number, number], b: [number, number]): boolean {
  return Math.abs(a[0] - b[0]) < 1e-6 * a[0] && Math.abs(a[1] - b[1]) < 1e-6 * a[1];
}

/** Text may be burned in unless the file says it is not (PS3.3 C.7.6.1, Burned In Annotation). */
export function mayHoldText(data: DataSet): boolean {
  return text(data, 0x00280301) !== 'NO';
}

/** Representations that hold names, dates, identifiers and free text. */
const TELLING = new Set(['PN', 'LO', 'SH', 'ST', 'LT', 'UT', 'UC', 'UR', 'DA', 'TM', 'DT', 'AS', 'AE']);

/** Names of the attributes that may identify and carry a value: what de-identification takes away. */
export function identifyingNames(data: DataSet, isKept: (tag: number) => boolean): string[] {
  const names: string[] = [];
  let privates = 0;
  for (const { tag, vr, length } of data.elements.values()) {
    if (length === 0 || isKept(tag) || (tag === PATIENT_ID && isOurs(data))) continue;
    const name = nameOf(tag);
    if (((tag >>> 16) & 1) === 1) privates++;
    else if (name && TELLING.has(vr)) names.push(name);
  }
  if (privates > 0) names.push('Private attributes');
  return names;
}
