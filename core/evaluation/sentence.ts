// The test figure in a sentence that says neither more nor less than the interval does.
// Must not compute figures.
import type { TestFigures } from '#api/runs.ts';
import type { Majority } from './figures.ts';

/** Share of right answers the paper reached on its own films. */
const paperAccuracy = 0.7313;
/** Below this the interval is wider than 10 points, and the sentence says why. */
const few = 400;

/**
 * For instance: 77 of 107 films of 73 patients, none of them seen in training. With so few films the true figure lies
 * between 62.8 and 79.6 % (95 % interval): clearly better than always answering “whole” (49.5 %), and level with the
 * paper, whose 73.13 % was measured on other films.
 * @param patientsKnown whether the films' patients are known; else films alone are counted
 * @param synthetic all films are drawn
 */
export function resultSentence(
  figures: Pick<TestFigures, 'n' | 'patients' | 'shares'>,
  majority: Majority,
  { patientsKnown, synthetic }: { patientsKnown: boolean; synthetic: boolean },
): string {
  const { right, of, interval95 } = figures.shares.accuracy;
  const films = of === 1 ? 'film' : 'films';
  const patients = patientsKnown ? ` of ${figures.patients} ${figures.patients === 1 ? 'patient' : 'patients'}` : '';
  const start = `${right} of ${of} ${films}${patients}, none of them seen in training.`;
  const so = of < few ? 'With so few films the' : 'The';
  const between = `${so} true figure lies between ${percent(interval95[0])} and ${percent(interval95[1])} % (95 % interval)`;
  const drawn = synthetic ? ' All films are drawn: this says nothing about X-rays of people.' : '';
  return `${start} ${between}: ${besideMajority(interval95, majority)}, ${besidePaper(interval95)}.${drawn}`;
}

function besideMajority([low, high]: [number, number], { label, share }: Majority): string {
  const always = `always answering “${label}” (${percent(share)} %)`;
  if (low > share) return `clearly better than ${always}`;
  if (high < share) return `worse than ${always}`;
  return `not shown to be better than ${always}`;
}

function besidePaper([low, high]: [number, number]): string {
  const measured = 'was measured on other films';
  if (low > paperAccuracy) return `and above the paper, whose 73.13 % ${measured}`;
  if (high < paperAccuracy) return `and below the paper, whose 73.13 % ${measured}`;
  return `and level with the paper, whose 73.13 % ${measured}`;
}

const percent = (share: number) => (100 * share).toFixed(1);
