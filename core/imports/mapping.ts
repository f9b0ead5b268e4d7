// What the words of folders and tables become: fracture, whole, uncertain, or not yet read. A guess is marked as one.
import type { Label } from '#api/labels.ts';
import type { Mapping } from '#api/imports.ts';

const FRACTURE = ['fracture', 'fractured', 'fractures', 'fx', 'broken', 'break', '1', 'true', 'yes', 'frac'];
const WHOLE = [
  'whole',
  'normal',
  'healthy',
  'intact',
  'negative',
  'non_fractured',
  'not_fractured',
  'nonfractured',
  'non_fracture',
  'no_fracture',
  'no_fx',
  'unfractured',
  '0',
  'false',
  'no',
  'none',
];
const UNCERTAIN = ['uncertain', 'unsure', 'doubtful', 'equivocal', 'possible', '?', 'maybe'];
/** Says that something is wrong with the bone, not that it is broken. */
const ABNORMAL = ['positive', 'abnormal', 'pathologic', 'pathological'];

/** The label a word stands for; null where it says nothing; `sure` is false for a guess. */
export function guessLabel(value: string): { label: Label | null; sure: boolean } {
  const word = value
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (word === '') return { label: null, sure: true };
  if (FRACTURE.includes(word)) return { label: 'fracture', sure: true };
  if (WHOLE.includes(word)) return { label: 'whole', sure: true };
  if (UNCERTAIN.includes(word)) return { label: 'uncertain', sure: true };
  if (ABNORMAL.includes(word)) return { label: 'fracture', sure: false };
  if (/(^|_)(no|non|not|without|un)_?(fract|fx|break|broken)/.test(word)) return { label: 'whole', sure: false };
  if (/fract|(^|_)fx(_|$)|broken/.test(word)) return { label: 'fracture', sure: false };
  return { label: null, sure: false };
}

/** One row a value, the commonest first; the empty value last. */
export function guessMapping(values: string[]): Mapping[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => Number(a === '') - Number(b === '') || n - m)
    .map(([value, films]) => ({ value, films, ...guessLabel(value) }));
}
