// Decisions on their way to the disk: in the order they were made, and never counted before they are there.
import { describe, expect, it } from 'vitest';
import type { Labelling } from '#renderer/app/labelling.svelte.ts';
import { Decisions } from '#renderer/read/decisions.svelte.ts';

/** The part of labelling that decisions use, answered by hand. */
function slowDisk() {
  const asked: { xrays: number[]; label: string | null; answer: (error?: Error) => void }[] = [];
  const set = (xrays: number[], label: string | null) =>
    new Promise((resolve, reject) => {
      asked.push({ xrays, label, answer: (error) => (error ? reject(error) : resolve([])) });
    });
  return { asked, decisions: new Decisions({ set } as unknown as Labelling) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('decisions', () => {
  it('reach the disk one after the other', async () => {
    const { asked, decisions } = slowDisk();
    const [first, second] = [decisions.give(1, 'fracture'), decisions.give(1, 'whole')];
    await settle();
    expect(asked).toHaveLength(1);
    asked[0]?.answer();
    await first;
    await settle();
    expect(asked[1]).toMatchObject({ xrays: [1], label: 'whole' });
    expect(decisions.saving).toEqual([{ xray: 1, label: 'whole' }]);
    asked[1]?.answer();
    await second;
    expect(decisions.saving).toEqual([]);
    expect(decisions.given).toBe(2);
  });

  it('that were not taken are kept in sight, do not count, and can be given again', async () => {
    const { asked, decisions } = slowDisk();
    const given = decisions.give(7, 'fracture');
    await settle();
    asked[0]?.answer(new TypeError('Failed to fetch'));
    await given;
    expect(decisions.given).toBe(0);
    expect(decisions.unsaved).toMatchObject([{ xray: 7, label: 'fracture', trouble: { code: 'NOT_ANSWERING' } }]);

    const again = decisions.again();
    await settle();
    expect(decisions.unsaved).toEqual([]);
    asked[1]?.answer();
    await again;
    expect(decisions.given).toBe(1);
    expect(decisions.unsaved).toEqual([]);
  });

  it('do not stop at one that failed', async () => {
    const { asked, decisions } = slowDisk();
    const both = [decisions.give(1, 'fracture'), decisions.give(2, 'whole')];
    await settle();
    asked[0]?.answer(new Error('disk'));
    await settle();
    asked[1]?.answer();
    await Promise.all(both);
    expect(decisions.unsaved.map(({ xray }) => xray)).toEqual([1]);
    expect(decisions.given).toBe(1);
  });

  it('are waited for by an undo', async () => {
    const { asked, decisions } = slowDisk();
    void decisions.give(1, 'fracture');
    let undone = false;
    const undo = decisions.after(() => {
      undone = true;
      return Promise.resolve();
    });
    await settle();
    expect(undone).toBe(false);
    asked[0]?.answer();
    await undo;
    expect(undone).toBe(true);
  });
});
