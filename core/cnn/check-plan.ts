// Whether a training plan can be trained at all; the last look before an engine gets it.
// Must not know patients or duplicates: the split answers for those.
import { Problem } from '#core/problem.ts';
import { partCodes } from './trainer.ts';
import type { TrainingPlan } from './trainer.ts';

/** Places of the films of a part. */
export function placesOf({ parts }: Pick<TrainingPlan, 'parts'>, part: keyof typeof partCodes): Uint32Array {
  const places: number[] = [];
  parts.forEach((code, place) => {
    if (code === partCodes[part]) places.push(place);
  });
  return Uint32Array.from(places);
}

/**
 * @throws Problem ONE_CLASS_ONLY, TOO_FEW_FILMS or FILMS_EMPTY when the learning films cannot teach, PART_WITHOUT_BOTH when the
 *   choosing films cannot choose. Anything else that is wrong with a plan is a fault of ours.
 */
export function checkPlan(plan: TrainingPlan): void {
  const { settings, pixels, labels, parts } = plan;
  const films = labels.length;
  if (parts.length !== films || pixels.length !== films * settings.size * settings.size) {
    throw new Error(
      `the plan does not fit together: ${films} labels, ${parts.length} parts, ${pixels.length} bytes of pixels`,
    );
  }
  const learn = count(plan, 'learn');
  if (learn.fracture + learn.whole < 2) throw new Problem('TOO_FEW_FILMS', { needed: 1, ...learn });
  if (learn.fracture === 0 || learn.whole === 0) {
    throw new Problem('ONE_CLASS_ONLY', { label: learn.fracture === 0 ? 'whole' : 'fracture' });
  }
  if (showNothing(plan)) throw new Problem('FILMS_EMPTY', { films: learn.fracture + learn.whole });
  const choose = count(plan, 'choose');
  for (const label of ['fracture', 'whole'] as const) {
    if (choose[label] === 0) throw new Problem('PART_WITHOUT_BOTH', { part: 'choosing', label });
  }
}

/** Whether no learning film holds more than one grey. */
function showNothing(plan: TrainingPlan): boolean {
  const area = plan.settings.size ** 2;
  return placesOf(plan, 'learn').every((place) => {
    const from = place * area;
    for (let at = from + 1; at < from + area; at++) if (plan.pixels[at] !== plan.pixels[from]) return false;
    return true;
  });
}

function count(plan: TrainingPlan, part: 'learn' | 'choose'): { fracture: number; whole: number } {
  const places = placesOf(plan, part);
  const fracture = places.reduce((sum, place) => sum + (plan.labels[place] === 1 ? 1 : 0), 0);
  return { fracture, whole: places.length - fracture };
}
