// The figures of a run on its judging films, at the threshold that was fixed before.
// Pure statistics; must not choose anything: threshold and band come in.
import type { TestFigures } from '#api/runs.ts';
import { aucWithInterval, rocPoints } from './roc.ts';
import { shareOf } from './share.ts';
import { inBand } from './threshold.ts';
import type { Band } from './threshold.ts';

export type Label = 'fracture' | 'whole';

/** One film with its label and what the network answered. */
export interface JudgedFilm {
  label: Label;
  probability: number;
  /** null: unknown, counts as a patient of its own. */
  patient: string | null;
  bodyPart: string | null;
}

export interface Majority {
  label: Label;
  share: number;
}

/** The commoner class and the share of right answers of one who always gives it; "whole" of equals. */
export function majorityOf(labels: readonly Label[]): Majority {
  const fractures = labels.filter((label) => label === 'fracture').length;
  const wholes = labels.length - fractures;
  const label = fractures > wholes ? 'fracture' : 'whole';
  return { label, share: labels.length === 0 ? 0 : Math.max(fractures, wholes) / labels.length };
}

/**
 * All figures of the Results page. Films inside the cannot-tell band count like the others, by the threshold.
 * Body parts stand with the weakest first; films without one under "unknown".
 * With fewer than two films of a class the AUC is 0.5 with the interval [0, 1]: nothing is known.
 */
export function testFigures(films: readonly JudgedFilm[], threshold: number, band: Band | null): TestFigures {
  const answered = films.map((film) => ({ ...film, saysFracture: film.probability >= threshold }));
  const [fractures, wholes] = [
    answered.filter((f) => f.label === 'fracture'),
    answered.filter((f) => f.label === 'whole'),
  ];
  const found = fractures.filter((film) => film.saysFracture).length;
  const missed = fractures.filter((film) => !film.saysFracture);
  const falseAlarms = wholes.filter((film) => film.saysFracture);
  const wholeRight = wholes.length - falseAlarms.length;
  const labels = films.map((film) => (film.label === 'fracture' ? 1 : 0));
  const probabilities = films.map((film) => film.probability);
  const shares = {
    accuracy: shareOf(found + wholeRight, films.length),
    sensitivity: shareOf(found, fractures.length),
    specificity: shareOf(wholeRight, wholes.length),
    ppv: shareOf(found, found + falseAlarms.length),
    npv: shareOf(wholeRight, wholeRight + missed.length),
  };
  const area = aucWithInterval(labels, probabilities);
  return {
    n: films.length,
    patients: patientsIn(films),
    threshold,
    accuracy: shares.accuracy.value,
    interval95: shares.accuracy.interval95,
    auc: area?.value ?? 0.5,
    aucInterval95: area?.interval95 ?? [0, 1],
    sensitivity: shares.sensitivity.value,
    specificity: shares.specificity.value,
    majority: majorityOf(films.map((film) => film.label)).share,
    shares,
    matrix: {
      fractureFound: found,
      fractureMissed: missed.length,
      falseAlarm: falseAlarms.length,
      wholeRight,
      patientsMissed: patientsIn(missed),
      patientsFalseAlarm: patientsIn(falseAlarms),
    },
    roc: rocPoints(labels, probabilities),
    bodyParts: byBodyPart(answered),
    cannotTell: band && { ...band, films: films.filter((film) => inBand(band, film.probability)).length },
  };
}

/** Of the films answered fracture outside the cannot-tell band: how many, and how many are fractures. */
export function sureFractures(
  films: readonly Pick<JudgedFilm, 'label' | 'probability'>[],
  threshold: number,
  band: Band | null,
): { films: number; right: number } {
  const sure = films.filter(({ probability }) => probability >= threshold && !inBand(band, probability));
  return { films: sure.length, right: sure.filter((film) => film.label === 'fracture').length };
}

/** Different patients; a film without one counts as a patient of its own. */
function patientsIn(films: readonly Pick<JudgedFilm, 'patient'>[]): number {
  const known = films.filter((film) => film.patient !== null);
  return new Set(known.map((film) => film.patient)).size + films.length - known.length;
}

function byBodyPart(films: readonly (JudgedFilm & { saysFracture: boolean })[]): TestFigures['bodyParts'] {
  const parts = Map.groupBy(films, (film) => film.bodyPart ?? 'unknown');
  return [...parts]
    .map(([bodyPart, some]) => {
      const right = some.filter((film) => film.saysFracture === (film.label === 'fracture')).length;
      return { bodyPart, share: shareOf(right, some.length) };
    })
    .sort((a, b) => a.share.value - b.share.value || b.share.of - a.share.of);
}
