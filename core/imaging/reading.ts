// Reads a file as an import needs it: every frame decoded whole, its hash, its fingerprint, its small copy.
// Must not keep anything but small copies, and those only once a frame is whole.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { edgeSpread } from './blur.ts';
import { staysInFile } from './dicom/deidentify.ts';
import { factsOf, identifyingNames, mayHoldText } from './dicom/facts.ts';
import { reduced, webp } from './display.ts';
import type { FileReading, Film, FilmFacts, FrameReading } from './film.ts';
import { fingerprint } from './fingerprint.ts';
import { pixelSha256 } from './pixel-hash.ts';
import { plainFilm } from './plain-film.ts';
import { partsNamingPatient } from './dicom/path-names.ts';
import { openSource } from './source.ts';
import type { FilmSource } from './source.ts';
import { writeWhole } from './write-whole.ts';

/** Longer side of the copy that blur and likeness are judged on. */
const JUDGED_SIDE = 512;
export const SMALL_SIDE = 160;

/**
 * Spread of the sharpest edges, in pixels of a film 512 px long, from which it counts as blurred. Of 458 films of FracAtlas none
 * lies above (at most 0.84); blurred by 1 px one in ten does, by 1.5 px 97 in 100, by 2 px all. A film moved in one direction
 * only keeps its edges along that direction and may pass.
 */
const BLURRED_FROM = 1;

const NO_FACTS: FilmFacts = {
  patient: null,
  study: null,
  studyDate: null,
  bodyPart: null,
  projection: null,
  laterality: null,
};

export interface ReadRequest {
  path: string;
  /** Of the library: pseudonyms are made with it. */
  salt: string;
  keepIdentity: boolean;
  /** Folder for small copies, `<sha256>-<frame>-160.webp`. */
  thumbnails: string;
}

/** Decodes every frame of a file. Throws why it cannot be a film; nothing is written for a file that is refused. */
export async function readFilms({ path, salt, keepIdentity, thumbnails }: ReadRequest): Promise<FileReading> {
  const source = await openSource(path);
  const sha256 = createHash('sha256').update(source.bytes).digest('hex');
  const frames: FrameReading[] = [];
  const copies: Promise<Buffer>[] = [];
  let spacing: Pick<Film, 'pixelSpacingMm' | 'pixelSpacingSource'> | null = null;
  for (let frame = 0; frame < source.frames; frame++) {
    const { film } = await source.decode(frame);
    const { reading, copy } = look(film, frame);
    frames.push({ ...reading, turned: await source.turned(frame) });
    copies.push(copy);
    spacing ??= film;
    await copy;
  }
  for (const [frame, copy] of copies.entries()) {
    await writeWhole(join(thumbnails, `${sha256}-${frame}-${SMALL_SIDE}.webp`), await copy);
  }
  return {
    mediaType: source.mediaType,
    bytes: source.bytes.length,
    sha256,
    frames,
    pixelSpacingMm: spacing?.pixelSpacingMm?.[0] ?? null,
    pixelSpacingSource: spacing?.pixelSpacingSource ?? null,
    ...saysOfItself(source, path, salt, keepIdentity),
  };
}

function saysOfItself({ dicom }: FilmSource, path: string, salt: string, keepIdentity: boolean) {
  if (!dicom) return { facts: NO_FACTS, burnedIn: false, identifying: [], naming: [] };
  return {
    facts: factsOf(dicom.data, salt, keepIdentity),
    burnedIn: mayHoldText(dicom.data),
    identifying: keepIdentity ? [] : identifyingNames(dicom.data, staysInFile),
    naming: keepIdentity ? [] : partsNamingPatient(dicom.data, path),
  };
}

/** All that is reckoned from one frame. The small copy is packed meanwhile. */
function look(film: Film, frame: number): { reading: Omit<FrameReading, 'turned'>; copy: Promise<Buffer> } {
  const judged = reduced(film, JUDGED_SIDE);
  const small = reduced(plainFilm(judged.width, judged.height, 8, judged.pixels), SMALL_SIDE);
  const copy = webp(small);
  const reading = {
    frame,
    width: film.width,
    height: film.height,
    bits: film.bits,
    pixelSha256: pixelSha256(film),
    fingerprint: fingerprint(small),
    blurred: edgeSpread(judged) >= BLURRED_FROM,
  };
  return { reading, copy };
}
