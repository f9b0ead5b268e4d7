// Filters in words: the groups beside the grid, the chips above it, and a filter without one of its parts.
import type { Facets, XrayFilter, XrayProblem, XraySort } from '#api/xrays.ts';
import { capital, labelWord, partWord, problemWord } from '#renderer/words/films.ts';

/** Facets whose filter is a list of values. */
export type FacetName = 'label' | 'projection' | 'bodyPart' | 'part' | 'problem' | 'source' | 'reader';

export interface FacetGroup {
  name: FacetName;
  title: string;
  /** Folded until it is opened. */
  folded?: boolean;
  word: (value: string) => string;
}

const plain = (none: string) => (value: string) => (value === 'none' ? none : capital(value));

/** Groups above and below the doubt of the network. */
export const groupsAbove: FacetGroup[] = [
  { name: 'label', title: 'Label', word: (value) => labelWord(value === 'none' ? null : (value as 'fracture')) },
  { name: 'projection', title: 'Projection', word: plain('Not known') },
  {
    name: 'bodyPart',
    title: 'Body part',
    word: (value) => (value === 'Several' ? 'Several in one film' : plain('Not known')(value)),
  },
  { name: 'part', title: 'Part in training', word: (value) => partWord(value === 'none' ? null : (value as 'learn')) },
];
export const groupsBelow: FacetGroup[] = [
  { name: 'problem', title: 'Problems', word: (value) => problemWord(value as XrayProblem) },
  { name: 'source', title: 'Source', folded: true, word: (value) => value },
  { name: 'reader', title: 'Reader', folded: true, word: (value) => (value === 'none' ? 'Nobody yet' : value) },
];
const groups = [...groupsAbove, ...groupsBelow];

/** Labels always stand in the same order, with those that no film has. */
const labelOrder = ['fracture', 'whole', 'uncertain', 'none'];
const partOrder = ['learn', 'choose', 'judge', 'none'];

/**
 * Lines of a group with their counts under the filter; every value the library has keeps its line, so that nothing
 * moves under the hand. None where there is nothing to choose between.
 */
export function linesOf(
  facets: Facets,
  known: Facets,
  group: FacetGroup,
  chosen: string[],
): { value: string; films: number }[] {
  const films = (value: string) => facets[group.name].find((facet) => facet.value === value)?.films ?? 0;
  const there = known[group.name]
    .filter((facet) => facet.films > 0 || group.name === 'problem')
    .map(({ value }) => value);
  if (group.name === 'problem' && !known.problem.some((facet) => facet.films > 0)) return [];
  if (group.name !== 'label' && there.every((value) => value === 'none') && chosen.length === 0) return [];
  const fixed = { label: labelOrder, part: partOrder.filter((value) => there.includes(value)) }[group.name as 'label'];
  const values = fixed ?? [...there, ...chosen.filter((value) => !there.includes(value))];
  return values.map((value) => ({ value, films: films(value) }));
}

/** One part of a filter that can be taken away by itself. */
export interface FilterPart {
  key: string;
  title: string;
  without: (filter: XrayFilter) => XrayFilter;
}

export function partsOf(filter: XrayFilter): FilterPart[] {
  const parts: FilterPart[] = [];
  for (const { name, word } of groups) {
    for (const value of filter[name] ?? []) {
      parts.push({ key: `${name}:${value}`, title: word(value), without: (from) => toggled(from, name, value) });
    }
  }
  for (const patient of filter.patient ?? []) {
    parts.push({ key: `patient:${patient}`, title: patient, without: (from) => dropped(from, 'patient') });
  }
  const one = (name: keyof XrayFilter, title: string) =>
    parts.push({ key: name, title, without: (from) => dropped(from, name) });
  if (filter.search) one('search', `“${filter.search}”`);
  if (filter.doubt?.length) one('doubt', doubtWord(filter.doubt));
  if (filter.import !== undefined) one('import', `Import ${filter.import}`);
  if (filter.ids)
    one('ids', filter.ids.length === 1 ? `Film ${filter.ids[0] ?? ''}` : `${filter.ids.length} chosen films`);
  if (filter.answered) one('answered', cellWord(filter.answered));
  return parts;
}

/** The same filter with one value of a facet in or out. */
export function toggled(filter: XrayFilter, name: FacetName, value: string): XrayFilter {
  const values: string[] = filter[name] ?? [];
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return next.length === 0 ? dropped(filter, name) : { ...filter, [name]: next };
}

export function dropped(filter: XrayFilter, name: keyof XrayFilter): XrayFilter {
  const { [name]: _, ...rest } = filter;
  return rest;
}

function doubtWord(bins: number[]): string {
  const from = Math.min(...bins);
  return `Doubt ${from * 5} % and more`;
}

/** As the matrix calls its cells. */
const cells = {
  fracture: { fracture: 'found', whole: 'missed' },
  whole: { fracture: 'false alarms', whole: 'rightly whole' },
};

function cellWord({ run, label, answer }: NonNullable<XrayFilter['answered']>): string {
  return `Run ${run}: ${cells[label][answer]}`;
}

export const sorts: { value: XraySort; title: string }[] = [
  { value: 'imported', title: 'As imported' },
  { value: 'read', title: 'Last read first' },
  { value: 'file', title: 'By file name' },
  { value: 'patient', title: 'By patient' },
  { value: 'doubt', title: 'Most doubted first' },
  { value: 'wrong', title: 'Most wrong first' },
];
