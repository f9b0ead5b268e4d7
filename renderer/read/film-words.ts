// What stands in the corners of a film that is read, and which of it may stand there yet. Pure.
import type { LabelEvent } from '#api/labels.ts';
import type { Xray, XrayDetail } from '#api/xrays.ts';
import type { XrayFilter } from '#api/xrays.ts';
import { NOT_YET_READ, labelWord, viewOf } from '#renderer/words/films.ts';

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "Study of 14 Oct 2026"; its name where it has no date; null where it has neither. */
export function studyWords({ study, studyDate }: Pick<XrayDetail, 'study' | 'studyDate'>): string | null {
  const date = studyDate ? new Date(studyDate) : null;
  if (date && !Number.isNaN(date.getTime())) return `Study of ${dayFormat.format(date)}`;
  return study ? `Study ${study}` : null;
}

/** "Film 1 of 2" of its patient; null where the patient has no other. */
export function placeWords(film: XrayDetail): string | null {
  // The film itself is among the films of its patient.
  if (film.samePatient.length < 2) return null;
  const ids = film.samePatient.map(({ id }) => id).toSorted((a, b) => a - b);
  return `Film ${ids.indexOf(film.id) + 1} of ${ids.length}`;
}

/** What a queue holds, in few words: "not yet read, frontal, hand". `some`: it is not the whole library. */
export function queueWords(filter: XrayFilter, some: boolean): string {
  const labels = filter.label?.map((label) => (label === 'none' ? NOT_YET_READ : labelWord(label as 'fracture')));
  const parts = [
    ...(labels ?? []),
    ...(filter.projection ?? []),
    ...(filter.bodyPart ?? []),
    ...(filter.patient ?? []),
    ...(filter.source ?? []),
    ...(filter.search ? [`“${filter.search}”`] : []),
  ].filter((part) => part !== 'none');
  const more = [filter.part, filter.reader, filter.problem, filter.doubt, filter.import, filter.answered].some(
    (condition) => condition !== undefined,
  );
  if (parts.length === 0) return more ? 'under a filter' : some ? 'chosen films' : 'all films';
  return parts.map((part) => part.toLowerCase()).join(', ');
}

/** Who has a say on the page: the reader whose hands are on it, and all who are people. */
export interface Readers {
  me: string | null;
  people: ReadonlySet<string>;
}

/** Whether a reader has decided on a film and not taken that back; the newest decision comes first. */
export function hasDecided(history: LabelEvent[], me: string | null): boolean {
  let takenBack = 0;
  for (const { reader, why, after } of history) {
    if (reader !== me || why === 'import') continue;
    if (why === 'undo') takenBack++;
    else if (takenBack > 0) takenBack--;
    else return after !== null;
  }
  return false;
}

/** Whether a film's label may be shown: others' wait until one has decided, those that came with the film do not. */
export function mayShow(film: Pick<Xray, 'labelledBy'>, { me, people }: Readers): boolean {
  return film.labelledBy === null || film.labelledBy === me || !people.has(film.labelledBy);
}

/** Decisions on a film, parted into those that may be shown and those that wait. */
export function partHistory(history: LabelEvent[], readers: Readers): { shown: LabelEvent[]; hidden: LabelEvent[] } {
  if (hasDecided(history, readers.me)) return { shown: history, hidden: [] };
  const shown = history.filter(({ reader }) => mayShow({ labelledBy: reader }, readers));
  return { shown, hidden: history.filter((event) => !shown.includes(event)) };
}

/** What the model says, once one has decided; before that, that it waits. Null where no model has scored the film. */
export function modelWords(
  { probability, scoredBy, threshold }: Pick<XrayDetail, 'probability' | 'scoredBy' | 'threshold'>,
  decided: boolean,
): string | null {
  if (probability === null || scoredBy === null) return null;
  if (!decided) return `Run ${scoredBy} has an answer, shown after your label`;
  const limit = threshold === null ? '' : ` (threshold ${threshold.toFixed(2)})`;
  return `Run ${scoredBy} says ${probability.toFixed(2)} fracture${limit}, shown after your label`;
}

/** "Wrist, right, frontal", or that it is not known. */
export function viewWords(film: Pick<Xray, 'bodyPart' | 'laterality' | 'projection'>): string {
  return viewOf(film) ?? 'View not known';
}
