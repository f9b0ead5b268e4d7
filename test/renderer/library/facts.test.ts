import { describe, expect, test } from 'vitest';
import type { XrayDetail } from '#api/xrays.ts';
import { factsOf, historyLine } from '#renderer/library/facts.ts';

const film: XrayDetail = {
  id: 27,
  sha256: 'ab',
  file: 'wrists/IMG0002355.jpg',
  frame: 0,
  frames: 1,
  label: 'fracture',
  labelledAt: '2026-11-23T14:31:00Z',
  labelledBy: 'A.K.',
  patient: 'P-0413',
  study: null,
  bodyPart: 'Wrist',
  projection: 'frontal',
  laterality: 'right',
  source: 'Pilot',
  width: 2304,
  height: 2880,
  bits: 8,
  synthetic: false,
  part: 'judge',
  probability: 0.83,
  problems: [],
  importedAt: '2026-11-20T10:00:00Z',
  import: 1,
  mediaType: 'image/jpeg',
  bytes: 855_000,
  pixelSpacingMm: null,
  pixelSpacingSource: null,
  studyDate: null,
  scoredBy: 12,
  threshold: 0.46,
  history: [],
  samePatient: [],
  marks: [],
};
const fact = (detail: XrayDetail, name: string) => factsOf(detail, detail).find((one) => one.name === name);

describe('facts of a film', () => {
  test('millimetres only with their source', () => {
    expect(fact(film, 'Millimetres')?.value).toBe('not known, px only');
    const spaced = { ...film, pixelSpacingMm: 0.143, pixelSpacingSource: 'at the detector' };
    expect(fact(spaced, 'Millimetres')).toMatchObject({ value: '0.143 mm a px', more: 'at the detector' });
  });

  test('an answer names its run and says whether the label agrees at its threshold', () => {
    expect(fact(film, 'Run 12 says')).toMatchObject({ value: '0.83 fracture', more: 'agrees' });
    expect(fact({ ...film, probability: 0.4 }, 'Run 12 says')?.more).toBe('disagrees');
    expect(fact({ ...film, label: 'uncertain' }, 'Run 12 says')?.more).toBeUndefined();
  });

  test('judging films are called sealed', () => {
    expect(fact(film, 'Training')?.value).toBe('Judge');
  });

  test('a file without a path, the path as its title', () => {
    expect(fact(film, 'File')).toMatchObject({ value: 'IMG0002355.jpg', title: 'wrists/IMG0002355.jpg' });
  });
});

test('history says who, from what, and why', () => {
  const event = { seq: 1, at: '', reader: 'A.K.', xray: 27, after: 'fracture', why: 'read' } as const;
  expect(historyLine({ ...event, before: null })).toBe('A.K.');
  expect(historyLine({ ...event, before: 'whole' })).toBe('A.K. changed it from Whole');
  expect(historyLine({ ...event, before: 'whole', why: 'undo' })).toBe('A.K., undone');
  expect(historyLine({ ...event, before: null, reader: 'Table', why: 'import' })).toBe('Table at import');
});
