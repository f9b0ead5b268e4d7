// F5 of the trust plan: what goes into a CSV comes out of it, and no cell runs in a spreadsheet.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv, csvCell, uncsvCell } from '#core/labels/csv.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    "'=1",
    "'",
    '"',
    '""',
    ',',
    ';',
    '\n',
    'a\r\nb',
    '\uFF1D1',
    '|cmd',
    '%x',
    '',
  ),
  fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' '), fc.string()).map(([start, rest]) => start + rest),
);

test('10,000 strings come back as they were', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 5 }), (cells) => {
      const text = csv(
        cells.map((_, i) => `c${i}`),
        [cells],
      );
      const rows = parse(text, { bom: false, skip_empty_lines: false }) as string[][];
      expect(rows[1]?.map(uncsvCell)).toEqual(cells);
    }),
    { numRuns: 10_000 },
  );
});

/** How a spreadsheet tells a formula: the first character that is not space. */
const formula = /^[\s]*[=+\-@]/;

test('control: words written as they are would run, and would not come back', () => {
  expect(
    fc.check(
      fc.property(nasty, (value) => !formula.test(value)),
      { numRuns: 10_000 },
    ).failed,
  ).toBe(true);
  expect(
    fc.check(
      fc.property(nasty, (value) => uncsvCell(value) === value),
      { numRuns: 10_000 },
    ).failed,
  ).toBe(true);
});

test('no cell begins as a formula, whatever space stands before it', () => {
  fc.assert(
    fc.property(nasty, (value) => {
      const [[shown = '']] = parse(`${csvCell(value)}\r\n`, { skip_empty_lines: false, relax_column_count: true }) as [
        [string],
      ];
      expect(shown).not.toMatch(formula);
    }),
    { numRuns: 10_000 },
  );
});

test('numbers stay numbers', () => {
  expect(csv(['a', 'b'], [[-1.5, null]])).toBe('a,b\r\n-1.5,\r\n');
});
