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
/** Words of a report that speak of a break. */
const BREAK = /fract|(^|_)fx(_|$)|broken|(^|_)break(s|age)?(_|$)/;
/** How a break lies, not whether there is one. */
const PLACE = /(^|_)(no|non|not|un|without)_?displace(d|ment)(?=_|$)/g;
const DOUBTED =
  /\?|(^|_)(possibl[ey]|probabl[ey]|suspect\w*|suspici\w+|query|questionable|maybe|may|might|versus|vs|rule_out|r\/o|(cannot|can_not|not)_(be_)?exclude\w*)(_|$)/;
/** The break itself is denied, with no more than such words between. */
const DENIED =
  /(^|_)(no|non|not|without|negative_for)_((acute|recent|new|visible|obvious|definite|evidence_of|evidence_for|signs?_of)_)*(fract|fx(_|$)|broken|break)|(fract\w*|fx|break)_(is_|was_)?(excluded|absent|free|ruled_out)$|(^|_)un_?(fract|broken)/;
/** Any other denial: of what, only a reader can say. */
const DENYING = /(^|_)(no|non|not|nor|none|without|never|negative|denies|absent|excluded|free)(_|$)/;
/** Says that something is wrong with the bone, not that it is broken. */
const ABNORMAL = ['positive', 'abnormal', 'pathologic', 'pathological'];

/** The label a word stands for; null where it says nothing; `sure` is false for a guess. */
export function guessLabel(value: string): { label: Label | null; sure: boolean } {
  const word = value
    .trim()
    .toLowerCase()
    .replace(/[\s,.;:()-]+/g, '_');
  if (word === '') return { label: null, sure: true };
  if (FRACTURE.includes(word)) return { label: 'fracture', sure: true };
  if (WHOLE.includes(word)) return { label: 'whole', sure: true };
  if (UNCERTAIN.includes(word)) return { label: 'uncertain', sure: true };
  if (ABNORMAL.includes(word)) return { label: 'fracture', sure: false };
  const said = word.replace(PLACE, '');
  if (!BREAK.test(said)) return { label: null, sure: false };
  if (DOUBTED.test(said)) return { label: 'uncertain', sure: false };
  if (DENIED.test(said)) return { label: 'whole', sure: false };
  return { label: DENYING.test(said) ? null : 'fracture', sure: false };
}

/** One row a value, the commonest first; the empty value last. */
export function guessMapping(values: string[]): Mapping[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => Number(a === '') - Number(b === '') || n - m)
    .map(([value, films]) => ({ value, films, ...guessLabel(value) }));
}
