import { describe, expect, test } from 'vitest';
import type { Facets, XrayFilter } from '#api/xrays.ts';
import { groupsAbove, groupsBelow, linesOf, partsOf, toggled } from '#renderer/library/filters.ts';

const none: Facets = {
  total: 0,
  library: 0,
  patients: 0,
  label: [],
  projection: [],
  bodyPart: [],
  part: [],
  source: [],
  reader: [],
  problem: [],
  doubt: new Array<number>(20).fill(0),
};
const group = (name: string) => {
  const found = [...groupsAbove, ...groupsBelow].find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('lines of a facet', () => {
  test('all four labels stand there, also those no film has', () => {
    const facets = { ...none, label: [{ value: 'whole', films: 3 }] };
    expect(linesOf(facets, facets, group('label'), [])).toEqual([
      { value: 'fracture', films: 0 },
      { value: 'whole', films: 3 },
      { value: 'uncertain', films: 0 },
      { value: 'none', films: 0 },
    ]);
  });

  test('values of the library keep their line under a filter that leaves none of them', () => {
    const known = {
      ...none,
      projection: [
        { value: 'frontal', films: 5 },
        { value: 'lateral', films: 2 },
      ],
    };
    const facets = { ...none, projection: [{ value: 'frontal', films: 1 }] };
    expect(linesOf(facets, known, group('projection'), [])).toEqual([
      { value: 'frontal', films: 1 },
      { value: 'lateral', films: 0 },
    ]);
  });

  test('a chosen value that is no longer there keeps its line, to be taken away', () => {
    expect(linesOf(none, none, group('source'), ['Pilot'])).toEqual([{ value: 'Pilot', films: 0 }]);
  });

  test('nothing to choose between shows no group', () => {
    const known = { ...none, bodyPart: [{ value: 'none', films: 9 }], problem: [{ value: 'blurred', films: 0 }] };
    expect(linesOf(known, known, group('bodyPart'), [])).toEqual([]);
    expect(linesOf(known, known, group('problem'), [])).toEqual([]);
  });
});

describe('parts of a filter', () => {
  const filter: XrayFilter = {
    label: ['fracture', 'none'],
    projection: ['lateral'],
    search: 'wrist',
    doubt: [18, 19],
    answered: { run: 12, label: 'fracture', answer: 'whole' },
  };

  test('each is named and can be taken away by itself', () => {
    const parts = partsOf(filter);
    expect(parts.map(({ title }) => title)).toEqual([
      'Fracture',
      'Not yet read',
      'Lateral',
      '“wrist”',
      'Doubt 90 % and more',
      'Run 12: missed',
    ]);
    let left = filter;
    for (const part of parts) left = part.without(left);
    expect(left).toEqual({});
  });

  test('a value is toggled in and out', () => {
    const lateral = toggled({}, 'projection', 'lateral');
    expect(lateral).toEqual({ projection: ['lateral'] });
    expect(toggled(lateral, 'projection', 'lateral')).toEqual({});
  });
});
