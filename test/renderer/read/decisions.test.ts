// Decisions on their way to the disk: in the order they were made, and never counted before they are there.
// The core's end is held in the hand; labelling is the window's own.
import { describe, expect, it } from 'vitest';
import { Labelling } from '#renderer/app/labelling.svelte.ts';
import type { Core } from '#renderer/connect.ts';
import { Decisions } from '#renderer/read/decisions.svelte.ts';

interface Asked {
  xrays: number[];
  label: string | null;
  answer: (error?: Error) => void;
}

function slowDisk() {
  const asked: (Asked | 'undo')[] = [];
  const nothing = { events: [] };
  const labels = {
    set: ({ xrays, label }: { xrays: number[]; label: string | null }) =>
      new Promise((resolve, reject) => {
        asked.push({ xrays, label, answer: (error) => (error ? reject(error) : resolve(nothing)) });
      }),
    undo: () => {
      asked.push('undo');
      return Promise.resolve(nothing);
    },
    undoable: () => Promise.resolve({ undo: null, redo: null }),
  };
  const labelling = new Labelling(
    { labels } as unknown as Core,
    () => 'library',
    () => undefined,
  );
  const answer = (at: number, error?: Error) => {
    const one = asked[at];
    if (one === undefined || one === 'undo') throw new Error(`nothing was asked at ${at}`);
    one.answer(error);
  };
  return { asked, answer, labelling, decisions: new Decisions(labelling) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('decisions', () => {
  it('reach the disk one after the other', async () => {
    const { asked, answer, decisions } = slowDisk();
    const [first, second] = [decisions.give(1, 'fracture'), decisions.give(1, 'whole')];
    await settle();
    expect(asked).toHaveLength(1);
    answer(0);
    await first;
    await settle();
    expect(asked[1]).toMatchObject({ xrays: [1], label: 'whole' });
    expect(decisions.saving).toEqual([{ xray: 1, label: 'whole' }]);
    answer(1);
    await second;
    expect(decisions.saving).toEqual([]);
    expect(decisions.given).toBe(2);
  });

  it('that were not taken are kept in sight, do not count, and can be given again', async () => {
    const { answer, decisions } = slowDisk();
    const given = decisions.give(7, 'fracture');
    await settle();
    answer(0, new TypeError('Failed to fetch'));
    await given;
    expect(decisions.given).toBe(0);
    expect(decisions.unsaved).toMatchObject([{ xray: 7, label: 'fracture', trouble: { code: 'NOT_ANSWERING' } }]);

    const again = decisions.again();
    await settle();
    expect(decisions.unsaved).toEqual([]);
    answer(1);
    await again;
    expect(decisions.given).toBe(1);
    expect(decisions.unsaved).toEqual([]);
  });

  it('do not stop at one that failed', async () => {
    const { answer, decisions } = slowDisk();
    const both = [decisions.give(1, 'fracture'), decisions.give(2, 'whole')];
    await settle();
    answer(0, new Error('disk'));
    await settle();
    answer(1);
    await Promise.all(both);
    expect(decisions.unsaved.map(({ xray }) => xray)).toEqual([1]);
    expect(decisions.given).toBe(1);
  });

  it('are waited for by an undo', async () => {
    const { asked, answer, labelling, decisions } = slowDisk();
    void decisions.give(1, 'fracture');
    const undo = labelling.undo();
    await settle();
    expect(asked).toHaveLength(1);
    answer(0);
    await undo;
    expect(asked[1]).toBe('undo');
  });
});
