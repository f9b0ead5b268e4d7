// Grey windows: ramps against the formula of DICOM PS3.3 C.11.2.1.2.1, presets, and what dragging does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelDescription } from '#api/images.ts';
import { brightness, darkens, dragWindow, openingWindow, presetWindow, rampOf } from '#renderer/viewer/window.ts';

const film = (more: Partial<PixelDescription> = {}): PixelDescription => ({
  width: 100,
  height: 80,
  bits: 12,
  type: 'uint16',
  slope: 1,
  intercept: 0,
  inverted: false,
  min: 0,
  max: 4095,
  windows: [],
  windowFunction: 'linear',
  table: null,
  autoWindow: { center: 2000, width: 2001 },
  pixelSpacingMm: null,
  pixelSpacingSource: null,
  ...more,
});

/** Brightness of a modality value as the standard defines it, 0 to 1. */
function standard(value: number, center: number, width: number): number {
  if (value <= center - 0.5 - (width - 1) / 2) return 0;
  if (value > center - 0.5 + (width - 1) / 2) return 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}

function shown(
  stored: number,
  window: { center: number; width: number },
  of: PixelDescription,
  invert = false,
): number {
  return brightness(stored, rampOf(window, of, invert));
}

describe('a ramp', () => {
  it('shows every stored value as the standard says, whatever slope and intercept', () => {
    const slopes = fc.constantFrom(1, 2, 0.5, -1, -3);
    fc.assert(
      fc.property(
        fc.integer({ min: -3000, max: 70_000 }),
        fc.integer({ min: -1000, max: 60_000 }),
        fc.integer({ min: 2, max: 65_536 }),
        slopes,
        fc.integer({ min: -2000, max: 2000 }),
        (stored, center, width, slope, intercept) => {
          const of = film({ slope, intercept });
          expect(shown(stored, { center, width }, of)).toBeCloseTo(
            standard(slope * stored + intercept, center, width),
            6,
          );
        },
      ),
    );
  });

  it('maps 8 bits one to one with 256 / 128', () => {
    expect(rampOf({ center: 128, width: 256 }, film(), false)).toEqual({ lower: 0, upper: 255, inverted: false });
  });

  it('turns MONOCHROME1 round, and turns it back when the user inverts', () => {
    const mono1 = film({ inverted: true });
    expect(shown(0, { center: 2048, width: 4096 }, mono1)).toBe(1);
    expect(shown(0, { center: 2048, width: 4096 }, mono1, true)).toBe(0);
  });

  it('of one value still has a black and a white side', () => {
    const { lower, upper } = rampOf({ center: 7, width: 1 }, film(), false);
    expect(upper).toBeGreaterThan(lower);
    expect(shown(6, { center: 7, width: 1 }, film())).toBe(0);
    expect(shown(7, { center: 7, width: 1 }, film())).toBe(1);
  });
});

describe('the opening window', () => {
  it('is the first of the file, else 8 bits as they are, else the automatic one', () => {
    const windows = [{ center: 900, width: 700, name: 'NORMAL' }];
    expect(openingWindow(film({ windows }))).toEqual({ center: 900, width: 700 });
    expect(openingWindow(film({ bits: 8, type: 'uint8' }))).toEqual({ center: 128, width: 256 });
    expect(openingWindow(film())).toEqual({ center: 2000, width: 2001 });
  });
});

describe('presets', () => {
  const now = { center: 0, width: 1 };
  it('take bone from the bright end and soft tissue from the dark end', () => {
    const bone = presetWindow('bone', film(), now);
    const soft = presetWindow('soft', film(), now);
    // automatic: 1000 to 2999.5... of which 60 % and 65 %
    expect(bone && bone.center + bone.width / 2).toBeCloseTo(3000.5, 6);
    expect(soft && soft.center - soft.width / 2).toBeCloseTo(999.5, 6);
    expect(bone?.width).toBeCloseTo(1201, 6);
    expect(soft?.width).toBeCloseTo(1301, 6);
  });

  it('change ends in MONOCHROME1, where bone has the low values', () => {
    const bone = presetWindow('bone', film({ inverted: true }), now);
    expect(bone && bone.center - bone.width / 2).toBeCloseTo(999.5, 6);
  });

  it('span all values present with the full range, in modality values', () => {
    const window = presetWindow('full', film({ min: 10, max: 20, slope: -2, intercept: 5 }), now);
    expect(window).toEqual({ center: -24.5, width: 21 });
  });

  it('go through the windows of the file, and say where there are none', () => {
    const windows = [
      { center: 900, width: 700, name: 'A' },
      { center: 300, width: 200, name: 'B' },
    ];
    const of = film({ windows });
    expect(presetWindow('file', of, now)?.center).toBe(900);
    expect(presetWindow('file', of, { center: 900, width: 700 })?.center).toBe(300);
    expect(presetWindow('file', of, { center: 300, width: 200 })?.center).toBe(900);
    expect(presetWindow('file', film(), now)).toBeNull();
  });
});

describe('dragging', () => {
  const start = { center: 2048, width: 1001 };
  const value = 2100;

  it('up brightens, inverted or not, MONOCHROME1 or not', () => {
    for (const inverted of [false, true]) {
      for (const invert of [false, true]) {
        const of = film({ inverted });
        const after = dragWindow(start, { x: 0, y: -40 }, of, darkens(of, invert));
        expect(shown(value, after, of, invert)).toBeGreaterThan(shown(value, start, of, invert));
      }
    }
  });

  it('right widens and left narrows, down to one stored step and no further', () => {
    expect(dragWindow(start, { x: 50, y: 0 }, film(), false).width).toBeGreaterThan(start.width);
    expect(dragWindow(start, { x: -50, y: 0 }, film(), false).width).toBeLessThan(start.width);
    expect(dragWindow(start, { x: -1e5, y: 0 }, film(), false).width).toBe(2);
    expect(dragWindow(start, { x: -1e5, y: 0 }, film({ slope: 0.25 }), false).width).toBe(1.25);
    expect(dragWindow(start, { x: 1e5, y: 0 }, film(), false).width).toBeLessThanOrEqual(4 * 4095 + 1);
  });

  it('moves a narrow window in small steps and a wide one in large ones', () => {
    const narrow = dragWindow({ center: 8, width: 16 }, { x: 0, y: 10 }, film({ max: 65_535 }), false);
    const wide = dragWindow({ center: 30_000, width: 60_000 }, { x: 0, y: 10 }, film({ max: 65_535 }), false);
    expect(narrow.center - 8).toBeLessThan(1);
    expect(wide.center - 30_000).toBeGreaterThan(500);
  });

  it('depends on where the hand is, not on how it came there', () => {
    const once = dragWindow(start, { x: 30, y: 20 }, film(), false);
    expect(dragWindow(start, { x: 30, y: 20 }, film(), false)).toEqual(once);
    expect(dragWindow(start, { x: 0, y: 0 }, film(), false)).toEqual(start);
  });
});
