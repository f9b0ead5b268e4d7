// What is known of a film, line by line, and its history in words.
import type { LabelEvent } from '#api/labels.ts';
import type { Xray, XrayDetail, XrayFilter, XrayProblem } from '#api/xrays.ts';
import { count, many, size } from '#renderer/words/figures.ts';
import { fileName, labelWord, partWord, viewOf } from '#renderer/words/films.ts';
import { day } from '#renderer/words/times.ts';

export interface Fact {
  name: string;
  value: string;
  more?: string;
  /** The whole of it, where the line is too short. */
  title?: string;
  /** Films that share it. */
  filter?: XrayFilter;
}

/** Facts of a film; those that take a second look come with `detail`. */
export function factsOf(film: Xray, detail: XrayDetail | null): Fact[] {
  const facts: Fact[] = [{ name: 'File', value: fileName(film), title: film.file }];
  if (film.patient === null) facts.push({ name: 'Patient', value: 'not known' });
  else {
    const films = detail ? many(detail.samePatient.length, 'film') : '';
    facts.push({ name: 'Patient', value: film.patient, more: films, filter: { patient: [film.patient] } });
  }
  if (detail?.studyDate) facts.push({ name: 'Study', value: day(detail.studyDate) });
  facts.push({ name: 'View', value: viewOf(film) ?? 'not known' });
  facts.push({ name: 'Picture', value: `${count(film.width)} × ${count(film.height)} px, ${film.bits} bit` });
  if (detail) facts.push({ name: 'Millimetres', ...millimetres(detail) });
  facts.push({ name: 'Source', value: film.source, ...(film.synthetic ? { more: 'synthetic' } : {}) });
  facts.push({ name: 'Training', value: partWord(film.part) });
  if (film.probability !== null) facts.push(answer(film, film.probability, detail));
  if (detail) facts.push({ name: 'Imported', value: day(detail.importedAt), more: size(detail.bytes) });
  return facts;
}

function millimetres({ pixelSpacingMm, pixelSpacingSource }: XrayDetail): Pick<Fact, 'value' | 'more'> {
  if (pixelSpacingMm === null) return { value: 'not known, px only' };
  return { value: `${pixelSpacingMm.toFixed(3)} mm a px`, ...(pixelSpacingSource ? { more: pixelSpacingSource } : {}) };
}

/** Never a bare verdict: the run, its probability, and whether the label agrees. */
function answer(film: Xray, probability: number, detail: XrayDetail | null): Fact {
  const name = detail?.scoredBy ? `Run ${detail.scoredBy} says` : 'Network says';
  const value = `${probability.toFixed(2)} fracture`;
  if (!detail || detail.threshold === null || film.label === null || film.label === 'uncertain') return { name, value };
  const says = probability >= detail.threshold ? 'fracture' : 'whole';
  return { name, value, more: says === film.label ? 'agrees' : 'disagrees' };
}

const whyWords: Record<LabelEvent['why'], string> = {
  read: '',
  import: ' at import',
  undo: ', undone',
  redo: ', redone',
};

/** "A.K.", "A.K. changed it from Whole", "FracAtlas table at import". */
export function historyLine({ reader, before, why }: LabelEvent): string {
  const changed = before !== null && why === 'read' ? ` changed it from ${labelWord(before)}` : '';
  return `${reader}${changed}${whyWords[why]}`;
}

const problemSentences: Record<XrayProblem, string | null> = {
  'near-duplicate': 'Another film is nearly the same; both stay in one part of a split.',
  'two-labels': 'A pixel-identical film has another label; both are left out of training.',
  blurred: 'The picture looks blurred.',
  'burned-in-text': 'Text may be burned into the picture; look before showing it to others.',
  'no-patient': null,
};

export function problemSentence(problem: XrayProblem): string | null {
  return problemSentences[problem];
}
