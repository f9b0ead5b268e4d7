// The films a training would use: labelled, split by patient and likeness, contradictions left out.
// Must not write anything: the split is stored when a training starts.
import { createHash } from 'node:crypto';
import type { RunPlan, RunSettings } from '#api/runs.ts';
import type { Part } from '#api/xrays.ts';
import { candidates } from '#db/runs.ts';
import type { Candidate } from '#db/runs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { foldParts } from '#core/split/folds.ts';
import { leakCheck } from '#core/split/leak-check.ts';
import { splitFilms } from '#core/split/split.ts';
import type { Split, SplitFilm } from '#core/split/split.ts';

export interface RunFilm {
  id: number;
  sha256: string;
  frame: number;
  label: 'fracture' | 'whole';
  part: Part;
  patient: string | null;
  twinGroup: number | null;
  bodyPart: string | null;
  synthetic: boolean;
}

export interface FilmCounts {
  uncertain: number;
  unread: number;
  withoutPatient: number;
  twins: number;
  sources: RunPlan['sources'];
}

/** The settings that say which films stand where. */
export type SplitSettings = Pick<RunSettings, 'splitSeed' | 'sources' | 'fold'>;

/** All films that carry an answer to learn, of the sources that take part, and what is left out. */
export function labelledFilms(
  library: OpenLibrary,
  { splitSeed, sources }: SplitSettings,
): { films: Candidate[]; counts: FilmCounts } {
  const everything = candidates(library.db, splitSeed);
  const isLabelled = ({ label }: Candidate) => label === 'fracture' || label === 'whole';
  const all = everything.filter(({ source }) => sources[source ?? ''] !== 'none');
  const films = all.filter(isLabelled);
  return {
    films,
    counts: {
      uncertain: all.filter((film) => film.label === 'uncertain').length,
      unread: all.filter((film) => film.label === null).length,
      withoutPatient: films.filter((film) => film.patient === null).length,
      twins: films.filter((film) => film.twin_group !== null).length,
      sources: [...Map.groupBy(everything.filter(isLabelled), ({ source }) => source ?? '')]
        .map(([source, some]) => ({ source, films: some.length }))
        .toSorted((a, b) => b.films - a.films || a.source.localeCompare(b.source)),
    },
  };
}

/**
 * The split, and the films in their parts; with a fold the learning and choosing films are parted anew, the split is as it is.
 * @throws what splitting throws, SPLIT_LEAKS where a finished split is not clean, PART_WITHOUT_BOTH where a fold is one class only
 */
export function splitOf(
  films: Candidate[],
  { splitSeed, sources, fold }: SplitSettings,
): { split: Split; films: RunFilm[] } {
  const given = films.map(toSplitFilm);
  const learnOnly = new Set(films.filter(({ source }) => sources[source ?? ''] === 'learn').map(({ id }) => id));
  const split = splitFilms(given, splitSeed, learnOnly);
  leakCheck(given, split.parts);
  const parts = fold ? foldParts(given, split.parts, fold, splitSeed, learnOnly) : split.parts;
  if (fold) {
    leakCheck(given, parts);
    checkFold(films, parts);
  }
  const chosen = films.flatMap((film): RunFilm[] => {
    const part = parts.get(film.id);
    if (!part) return [];
    return [
      {
        id: film.id,
        sha256: film.sha256,
        frame: film.frame,
        label: film.label as RunFilm['label'],
        part,
        patient: film.patient,
        twinGroup: film.twin_group,
        bodyPart: film.body_part,
        synthetic: film.synthetic === 1,
      },
    ];
  });
  return { split, films: chosen };
}

function checkFold(films: Candidate[], parts: ReadonlyMap<number, Part>): void {
  for (const [part, word] of [
    ['learn', 'learning'],
    ['choose', 'choosing'],
  ] as const) {
    // prettier-ignore
    for (const label of ['fracture', 'whole'] as const) {
      if (!films.some((film) => film.label === label && parts.get(film.id) === part))
        throw new Problem('PART_WITHOUT_BOTH', { part: word, label });
    }
  }
}

export function partCounts(films: RunFilm[]): RunPlan['parts'] {
  return (['learn', 'choose', 'judge'] as const).map((part) => {
    const some = films.filter((film) => film.part === part);
    return {
      part,
      films: some.length,
      patients: countPatients(some),
      fracture: some.filter((film) => film.label === 'fracture').length,
      whole: some.filter((film) => film.label === 'whole').length,
    };
  });
}

/** Known patients, and each film without one counted on its own. */
export function countPatients(films: Pick<RunFilm, 'patient'>[]): number {
  const known = new Set(films.map((film) => film.patient).filter((patient) => patient !== null));
  return known.size + films.filter((film) => film.patient === null).length;
}

/** SHA-256 over the films and one fact of each, in one order: the same data have the same hash anywhere. */
export function hashFilms(films: RunFilm[], fact: (film: RunFilm) => string): string {
  const lines = films.map((film) => `${film.sha256}#${film.frame} ${fact(film)}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Films of each class and body part a network learned from, in words: "499 films of 340 patients, 58 % of the hand". */
export function learnedFrom(films: Pick<RunFilm, 'patient' | 'bodyPart' | 'synthetic'>[]): string {
  const parts = new Map<string, number>();
  for (const { bodyPart } of films) if (bodyPart) parts.set(bodyPart, (parts.get(bodyPart) ?? 0) + 1);
  const [commonest] = [...parts].sort(([, a], [, b]) => b - a);
  const people = films.some((film) => film.patient !== null) ? ` of ${countPatients(films)} patients` : '';
  const share = commonest
    ? `, ${Math.round((100 * commonest[1]) / films.length)} % of the ${commonest[0].toLowerCase()}`
    : '';
  const drawn = films.filter((film) => film.synthetic).length;
  const synthetic =
    drawn === 0 ? '' : drawn === films.length ? ', all drawn by Osteon' : `, ${drawn} of them drawn by Osteon`;
  return `${films.length} films${people}${share}${synthetic}`;
}

function toSplitFilm(film: Candidate): SplitFilm {
  return {
    id: film.id,
    label: film.label as SplitFilm['label'],
    patient: film.patient,
    study: film.study,
    fileSha256: film.sha256,
    twinGroup: film.twin_group,
    pixelSha256: film.pixel_sha256,
    part: film.part as Part | null,
  };
}
