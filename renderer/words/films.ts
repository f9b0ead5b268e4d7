// Films and labels in words: the same words on every page.
import type { Label } from '#api/labels.ts';
import type { Part, Xray, XrayProblem } from '#api/xrays.ts';

export const labels: Label[] = ['fracture', 'whole', 'uncertain'];

const labelWords: Record<Label, string> = { fracture: 'Fracture', whole: 'Whole', uncertain: 'Uncertain' };
export const NOT_YET_READ = 'Not yet read';

export function labelWord(label: Label | null): string {
  return label === null ? NOT_YET_READ : labelWords[label];
}

/** How a sentence about a film ends: "is a fracture". */
export function labelClause(label: Label | null, films = 1): string {
  const are = films === 1 ? 'is' : 'are';
  if (label === null) return `${are} not yet read`;
  return label === 'fracture' && films === 1 ? 'is a fracture' : `${are} ${label === 'fracture' ? 'fractures' : label}`;
}

const partWords: Record<Part, string> = { learn: 'Learn', choose: 'Choose', judge: 'Judge' };
export function partWord(part: Part | null): string {
  return part === null ? 'None yet' : partWords[part];
}

const problemWords: Record<XrayProblem, string> = {
  'near-duplicate': 'Near duplicate',
  'two-labels': 'Two labels',
  'no-patient': 'No patient',
  blurred: 'Blurred',
  'burned-in-text': 'Burned-in text',
};
export function problemWord(problem: XrayProblem): string {
  return problemWords[problem];
}

/** Worth a mark on the film itself; a film without a patient is too common to be one. */
export function warningsOf(film: Pick<Xray, 'problems'>): XrayProblem[] {
  return film.problems.filter((problem) => problem !== 'no-patient');
}

export function capital(word: string): string {
  return ABBREVIATIONS.has(word.toLowerCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1);
}

/** Views that are said by their letters (DICOM PS3.16 CID 4014). */
const ABBREVIATIONS = new Set(['ap', 'pa', 'll', 'rl', 'cc', 'ml', 'lm', 'lmo', 'mlo', 'xccl', 'xccm']);

/** "Wrist, right, frontal"; null where nothing is known. */
export function viewOf(film: Pick<Xray, 'bodyPart' | 'laterality' | 'projection'>): string | null {
  const words = [film.bodyPart, film.laterality, film.projection].flatMap((word) => (word ? [word.toLowerCase()] : []));
  const told = words.filter((word, at) => words.indexOf(word) === at);
  return told.length === 0 ? null : capital(told.map(spoken).join(', '));
}

function spoken(word: string): string {
  if (word === 'several') return 'several in one film';
  return ABBREVIATIONS.has(word) ? word.toUpperCase() : word;
}

/** Last part of a path as imported, with its frame where the file has several. */
export function fileName(film: Pick<Xray, 'file' | 'frame' | 'frames'>): string {
  const name = film.file.split(/[\\/]/).at(-1) ?? film.file;
  return film.frames > 1 ? `${name}, frame ${film.frame + 1}` : name;
}

/** What a screen reader says of a film. */
export function describeFilm(film: Xray): string {
  const parts = [
    film.synthetic ? 'synthetic film' : 'film',
    fileName(film),
    viewOf(film),
    labelWord(film.label).toLowerCase(),
    ...warningsOf(film).map((problem) => problemWord(problem).toLowerCase()),
  ];
  return parts.filter(Boolean).join(', ');
}
