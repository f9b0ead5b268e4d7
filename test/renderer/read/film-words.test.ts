// What may stand beside a film, and when: others' decisions and the network's answer wait until one has decided.
import { describe, expect, it } from 'vitest';
import type { LabelEvent } from '#api/labels.ts';
import type { XrayDetail } from '#api/xrays.ts';
import {
  hasDecided,
  mayShow,
  modelWords,
  partHistory,
  placeWords,
  queueWords,
  studyWords,
} from '#renderer/read/film-words.ts';

const readers = { me: 'A.K.', people: new Set(['A.K.', 'B.B.']) };
let seq = 0;
const event = (reader: string, after: LabelEvent['after'], why: LabelEvent['why'] = 'read'): LabelEvent => ({
  seq: ++seq,
  at: '2026-11-23T10:00:00Z',
  reader,
  xray: 1,
  before: null,
  after,
  why,
});

describe('decisions', () => {
  it('of others wait, those that came with the film do not', () => {
    const [other, table] = [event('B.B.', 'whole'), event('FracAtlas table', 'fracture', 'import')];
    expect(partHistory([other, table], readers)).toEqual({ shown: [table], hidden: [other] });
  });

  it('are all shown once one has decided, and wait again when one takes that back', () => {
    const [own, other] = [event('A.K.', 'fracture'), event('B.B.', 'whole')];
    expect(partHistory([own, other], readers).hidden).toEqual([]);
    expect(partHistory([event('A.K.', null, 'undo'), own, other], readers)).toMatchObject({ hidden: [other] });
    // What stands after an undo may be a label again, of those that came with the film.
    expect(hasDecided([event('A.K.', 'whole', 'undo'), own], 'A.K.')).toBe(false);
    expect(hasDecided([event('A.K.', 'fracture', 'redo'), event('A.K.', 'whole', 'undo'), own], 'A.K.')).toBe(true);
  });

  it('count as one’s own only where one made them', () => {
    expect(hasDecided([event('B.B.', 'whole')], 'A.K.')).toBe(false);
    expect(hasDecided([event('A.K.', 'whole', 'import')], 'A.K.')).toBe(false);
    expect(hasDecided([event('B.B.', 'whole'), event('A.K.', 'uncertain')], 'A.K.')).toBe(true);
  });

  it('show on a film where nobody else gave them', () => {
    expect(mayShow({ labelledBy: 'B.B.' }, readers)).toBe(false);
    for (const labelledBy of [null, 'A.K.', 'MURA folders']) expect(mayShow({ labelledBy }, readers)).toBe(true);
  });
});

describe('the answer of a network', () => {
  const scored = { probability: 0.8349, scoredBy: 12, threshold: 0.46 };

  it('is not given away before one has decided', () => {
    expect(modelWords(scored, false)).toBe('Run 12 has an answer, shown after your label');
    expect(modelWords(scored, false)).not.toMatch(/0\.\d/);
  });

  it('stands with its threshold afterwards, and says that it waited', () => {
    expect(modelWords(scored, true)).toBe('Run 12 says 0.83 fracture (threshold 0.46), shown after your label');
    expect(modelWords({ ...scored, probability: null }, true)).toBeNull();
  });
});

describe('corner text', () => {
  it('says the study by its date, else by its name', () => {
    expect(studyWords({ study: 's1', studyDate: '2026-10-14' })).toBe('Study of 14 Oct 2026');
    expect(studyWords({ study: 'study1', studyDate: null })).toBe('Study study1');
    expect(studyWords({ study: null, studyDate: 'unknown' })).toBeNull();
  });

  it('says which film of its patient it is', () => {
    const of = (id: number, others: number[]) =>
      placeWords({ id, samePatient: others.map((other) => ({ id: other })) } as XrayDetail);
    expect(of(7, [9, 3, 7])).toBe('Film 2 of 3');
    expect(of(7, [7])).toBeNull();
  });
});

describe('a queue in words', () => {
  it('names its filter, or says that it is everything or some', () => {
    expect(queueWords({ label: ['none'], projection: ['frontal'], bodyPart: ['Hand'] }, true)).toBe(
      'not yet read, frontal, hand',
    );
    expect(queueWords({}, false)).toBe('all films');
    expect(queueWords({}, true)).toBe('chosen films');
    expect(queueWords({ doubt: [19] }, true)).toBe('under a filter');
  });
});
