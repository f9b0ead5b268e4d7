import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearOfLines, LINE_PX, placeLabels } from '#renderer/charts/place-labels.ts';

const box = (middle: number, left = 0, width = 80) => ({ left, width, middle });

describe('words at the ends of lines', () => {
  it('stay where they are while there is room', () => {
    expect(placeLabels([box(20), box(60), box(100)], 0, 200)).toEqual([20, 60, 100]);
  });

  it('move apart evenly where two want the same height', () => {
    expect(placeLabels([box(100), box(100)], 0, 200)).toEqual([92, 108]);
  });

  it('keep their order from above', () => {
    expect(placeLabels([box(101), box(100), box(99)], 0, 200)).toEqual([116, 100, 84]);
  });

  it('stay inside, pushed from the edge', () => {
    expect(placeLabels([box(0), box(1)], 4, 200)).toEqual([4, 20]);
    expect(placeLabels([box(199), box(200)], 4, 196)).toEqual([180, 196]);
  });

  it('do not care for words in another column', () => {
    expect(placeLabels([box(50, 0), box(50, 300)], 0, 200)).toEqual([50, 50]);
  });

  it('care for words that only a third joins', () => {
    const placed = placeLabels([box(50, 0), box(50, 140), box(50, 70)], 0, 200);
    expect(new Set(placed).size).toBe(3);
  });

  it('never overlap and never leave their room, for any wishes', () => {
    const wishes = fc.array(
      fc.record({
        left: fc.integer({ min: 0, max: 300 }),
        width: fc.integer({ min: 1, max: 120 }),
        middle: fc.integer({ min: -50, max: 350 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(wishes, (boxes) => {
        const placed = placeLabels(boxes, 0, 300);
        placed.forEach((middle, i) => {
          expect(middle).toBeGreaterThanOrEqual(-1e-9);
          expect(middle).toBeLessThanOrEqual(300 + 1e-9);
          placed.slice(i + 1).forEach((other, k) => {
            const [a, b] = [boxes[i]!, boxes[i + 1 + k]!];
            if (a.left <= b.left + b.width && b.left <= a.left + a.width)
              expect(Math.abs(middle - other)).toBeGreaterThanOrEqual(LINE_PX - 1e-9);
          });
        });
      }),
    );
  });

  it('draw closer where there are more words than room', () => {
    const placed = placeLabels(
      Array.from({ length: 11 }, () => box(50)),
      0,
      100,
    );
    expect(placed[0]).toBe(0);
    expect(placed.at(-1)).toBe(100);
    expect(placed[1]! - placed[0]!).toBeCloseTo(10);
  });
});

describe('words beside other lines', () => {
  const flat = (y: number) => [
    { x: 0, y },
    { x: 500, y },
  ];

  it('step aside from a line that runs through them, to the nearer side', () => {
    expect(clearOfLines(box(100, 50), [flat(103)], 0, 200)).toBe(94);
    expect(clearOfLines(box(100, 50), [flat(97)], 0, 200)).toBe(106);
  });

  it('see a line only where it runs', () => {
    expect(
      clearOfLines(
        box(100, 50),
        [
          [
            { x: 0, y: 100 },
            { x: 40, y: 100 },
          ],
        ],
        0,
        200,
      ),
    ).toBe(100);
  });

  it('see a slant between its corners', () => {
    const slant = [
      { x: 0, y: 0 },
      { x: 180, y: 180 },
    ];
    const middle = clearOfLines(box(90, 60, 60), [slant], 0, 200);
    expect(middle <= 60 - 9 || middle >= 120 + 9 || middle === 90).toBe(true);
  });

  it('find the gap between two lines', () => {
    expect(clearOfLines(box(100, 50), [flat(98), flat(118)], 0, 200)).toBe(107);
    expect(clearOfLines(box(100, 50), [flat(98), flat(112)], 0, 200)).toBe(89);
  });

  it('stay where nothing near is free', () => {
    const many = Array.from({ length: 30 }, (_, i) => flat(i * 8));
    expect(clearOfLines(box(100, 50), many, 0, 200)).toBe(100);
  });
});
