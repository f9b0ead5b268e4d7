import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunPlan, RunSettings } from '#api/runs.ts';
import type { Several } from '#api/series.ts';
import {
  checksOf,
  filmsOfPatients,
  partShares,
  planHeadline,
  planSentence,
  sealWord,
  wasmCost,
} from '#renderer/train/plan-words.ts';
import { paperSettings } from '#renderer/train/settings-words.ts';

const plan = (more: Partial<RunPlan> = {}): RunPlan => ({
  ready: true,
  problem: null,
  films: 713,
  patients: 486,
  patientsKnown: true,
  uncertain: 18,
  unread: 0,
  contradictory: [],
  sources: [],
  tied: 0,
  twins: 22,
  withoutPatient: 31,
  synthetic: 0,
  parts: [
    { part: 'learn', films: 499, patients: 340, fracture: 250, whole: 249 },
    { part: 'choose', films: 107, patients: 73, fracture: 53, whole: 54 },
    { part: 'judge', films: 107, patients: 73, fracture: 54, whole: 53 },
  ],
  layers: [],
  weights: 92_737,
  cost: null,
  stepsPerEpoch: 16,
  secondsExpected: 21,
  opened: 0,
  ...more,
});

describe('the headline of a plan', () => {
  it('says how many films of how many patients are ready', () => {
    expect(planHeadline(plan())).toBe('713 labelled films of 486 patients are ready');
    expect(planHeadline(plan({ films: 1, patients: 1 }))).toBe('1 labelled film of 1 patient is ready');
  });

  it('does not count patients that nobody knows', () => {
    expect(planHeadline(plan({ patientsKnown: false }))).toBe('713 labelled films are ready');
    expect(filmsOfPatients(plan({ patientsKnown: false }), { films: 107, patients: 107 })).toBe('107 films');
  });

  it('says when they are not enough, and when there are none', () => {
    expect(planHeadline(plan({ ready: false, films: 9, patients: 4 }))).toBe(
      '9 labelled films of 4 patients are not enough yet',
    );
    expect(planHeadline(plan({ ready: false, films: 0, patients: 0 }))).toBe('No film is labelled yet');
  });
});

it('says what WebAssembly costs, and what to do about it', () => {
  expect(wasmCost(false)).toMatch(/10 to 15 times slower .* Settings, Engine/);
  expect(wasmCost(true)).toMatch(/is chosen .* “By itself”/);
});

describe('the sentence of a plan', () => {
  it('says how often it is trained, what for, and how long all of it may take', () => {
    const sentence = (several: Several) => planSentence(plan({ unread: 0 }), paperSettings, 'Paper preset', several);
    expect(sentence({ kind: 'seeds', count: 3 })).toContain(
      '25 epochs, 3 times, about 1 min in all on this computer. The 3 runs differ by their seed',
    );
    expect(sentence({ kind: 'folds', count: 5 })).toContain('Each of the 5 folds is chosen by once');
    expect(sentence({ kind: 'folds', count: 5 })).toContain('the judging films stay sealed');
  });

  it('says shares, network, size, epochs, time and what is left out', () => {
    expect(planSentence(plan(), paperSettings, 'Paper preset')).toBe(
      '70 % to learn from, 15 % to choose by, 15 % to judge with. ' +
        'Paper preset: 28 × 28 pixels, 25 epochs, about 20 s on this computer. 18 uncertain films are left out.',
    );
  });

  it('names sources that are only learned from or left out, and films that are tied to others', () => {
    const sources = [
      { source: 'Ward', films: 500 },
      { source: 'Public', films: 200 },
      { source: '', films: 13 },
    ];
    const sentence = (taken: RunSettings['sources'], tied = 0) =>
      planSentence(plan({ sources, tied }), { ...paperSettings, sources: taken }, 'Paper preset');
    expect(sentence({ Public: 'learn' })).toContain(' Films of Public are only learned from. ');
    expect(sentence({ Public: 'learn', '': 'none' }, 12)).toContain(
      ' Films of Public are only learned from; 12 films of them, alike or of one patient with others, are left out.' +
        ' Films of no source are left out. ',
    );
    // One that this library does not have is not spoken of.
    expect(sentence({ Elsewhere: 'none' })).toBe(sentence({}));
  });

  it('promises no time it does not know, and epochs at most where it may stop early', () => {
    const sentence = planSentence(plan({ secondsExpected: null }), { ...paperSettings, patience: 10 }, 'Paper preset');
    expect(sentence).toContain('28 × 28 pixels, at most 25 epochs. ');
    expect(sentence).not.toContain('about');
  });

  it('counts films not yet read beside the uncertain ones', () => {
    const out = (more: Partial<RunPlan>) => planSentence(plan(more), paperSettings, 'Paper preset').split('. ').at(-1);
    expect(out({ unread: 1200 })).toBe('18 uncertain films and 1,200 not yet read are left out.');
    expect(out({ uncertain: 0, unread: 1 })).toBe('1 film not yet read is left out.');
    expect(out({ uncertain: 1 })).toBe('1 uncertain film is left out.');
  });
});

describe('shares of the parts', () => {
  it('are whole and make 100 together, for any split', () => {
    const films = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(films, films, films, (learn, choose, judge) => {
        fc.pre(learn + choose + judge > 0);
        const count = { learn, choose, judge };
        const parts = plan().parts.map((part) => ({ ...part, films: count[part.part] }));
        const shares = partShares({ parts })!;
        expect(shares.learn + shares.choose + shares.judge).toBe(100);
        for (const { part, films } of parts)
          expect(Math.abs(shares[part] - (100 * films) / (learn + choose + judge))).toBeLessThan(1);
      }),
    );
  });

  it('are none without films', () => {
    expect(partShares({ parts: [] })).toBeNull();
  });
});

describe('checks of a plan', () => {
  const texts = (more: Partial<RunPlan>) => checksOf(plan(more)).map(({ text }) => text);

  it('say that patients and near-duplicates stand together, and which films have no patient', () => {
    expect(texts({})).toEqual([
      'No patient stands in two parts',
      '22 near-duplicates kept together',
      '31 films without a patient: each counts as its own',
    ]);
  });

  it('never claim to have kept unknown patients apart', () => {
    const said = texts({ patientsKnown: false, withoutPatient: 713 });
    expect(said).not.toContain('No patient stands in two parts');
    expect(said).toContain('No film has a patient: films of one patient may stand in two parts');
  });

  it('open the very films that contradict each other', () => {
    const torn = checksOf(plan({ contradictory: [4, 9] })).find(({ text }) => text.includes('both labels'));
    expect(torn).toEqual({ state: 'warn', text: '2 films with both labels left out', show: { ids: [4, 9] } });
  });

  it('say when films are drawn, all or some', () => {
    expect(texts({ synthetic: 713 })).toContain('All 713 films are synthetic: drawn by Osteon, not X-rays of people');
    expect(texts({ synthetic: 600 })).toContain(
      '600 of 713 films are synthetic: drawn by Osteon, not X-rays of people',
    );
  });

  it('say nothing where no film is labelled', () => {
    expect(checksOf(plan({ films: 0 }))).toEqual([]);
  });
});

it('counts how often the judging films were opened', () => {
  expect([0, 1, 2, 3].map(sealWord)).toEqual(['sealed', 'opened once', 'opened twice', 'opened 3 times']);
});
