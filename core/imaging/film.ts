// A decoded film: one frame, grey, at its own depth.
// Must not hold anything but types: no decoding here.

/** A window in modality values (DICOM PS3.3 C.11.2.1.2). */
export interface ViewWindow {
  center: number;
  width: number;
  name: string;
}

/** A table from modality values to brightness (PS3.3 C.11.2.1.1): `values[0]` belongs to `first` and all below it. */
export interface VoiLut {
  first: number;
  bits: number;
  values: Uint16Array;
}

/**
 * Stored values of one frame after any modality LUT sequence, row by row, upright.
 * `slope * stored + intercept` gives modality values (DICOM PS3.3 C.11.1); 1 and 0 for pictures.
 */
export interface Film {
  width: number;
  height: number;
  /** Bits that carry grey, 8 to 16. */
  bits: number;
  pixels: Uint8Array | Uint16Array | Int16Array;
  slope: number;
  intercept: number;
  /** MONOCHROME1: the lowest value is white. */
  inverted: boolean;
  /** Windows the file gives, in modality values (PS3.3 C.11.2.1.2). */
  windows: ViewWindow[];
  /** How the file wants its windows drawn; absent means the linear function (PS3.3 C.11.2.1.3). */
  windowFunction?: 'exact' | 'sigmoid';
  /** VOI LUT sequence, where the file gives one instead of or beside windows. */
  voiLut: VoiLut | null;
  /** Stored values that stand for "no film here" (PS3.3 C.7.5.1.1.2), least and greatest. */
  padding?: [least: number, greatest: number];
  pixelSpacingMm: [row: number, column: number] | null;
  /** Where the millimetres come from, in words: "detector spacing", "patient spacing". */
  pixelSpacingSource: string | null;
}

export type MediaType = 'image/jpeg' | 'image/png' | 'image/tiff' | 'application/dicom';

/** What a film says of itself beyond its pixels; never anything that identifies a person. */
export interface FilmFacts {
  /** Pseudonym made from the library's salt and the file's patient id; null where the file gives none. */
  patient: string | null;
  study: string | null;
  studyDate: string | null;
  bodyPart: string | null;
  projection: string | null;
  laterality: string | null;
}

/** One frame as an import needs to know it. */
export interface FrameReading {
  frame: number;
  width: number;
  height: number;
  bits: number;
  /** SHA-256 of the upright stored values and their shape: the same film in another file has the same. */
  pixelSha256: string;
  /** 8 bytes of perceptual hash, then the film as 24 x 24 bytes of grey. */
  fingerprint: Uint8Array;
  blurred: boolean;
  /** Turned or mirrored as it was decoded. */
  turned: boolean;
}

/** One file, decoded whole. */
export interface FileReading {
  mediaType: MediaType;
  bytes: number;
  /** Of the file as it is. */
  sha256: string;
  frames: FrameReading[];
  facts: FilmFacts;
  pixelSpacingMm: number | null;
  pixelSpacingSource: string | null;
  /** Text may be burned into the pixels (DICOM says so, or does not say it is not). */
  burnedIn: boolean;
  /** Names of the identifying attributes the file carries and that are not kept. */
  identifying: string[];
  /** Parts of the file's path that name the patient; they must not be kept. */
  naming: string[];
}
