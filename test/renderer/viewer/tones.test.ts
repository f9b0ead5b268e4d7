// Windows of files that are no straight line, against values worked by hand from DICOM PS3.3 C.11.2.1.
import { describe, expect, it } from 'vitest';
import type { PixelDescription } from '#api/images.ts';
import { describePixels } from '#core/imaging/display.ts';
import type { Film } from '#core/imaging/film.ts';
import { brightness as coreBrightness, storedRange } from '#core/imaging/window.ts';
import { toned } from '#renderer/viewer/tones.ts';
import { windowWords } from '#renderer/viewer/view-words.ts';
import { brightness, dragWindow, nameOf, openingWindow, presetWindow, rampOf } from '#renderer/viewer/window.ts';
import type { GreyWindow } from '#renderer/viewer/window.ts';

/** Stored values 0 to 4095, one each. */
const film = (more: Partial<Film> = {}): Film => ({
  width: 64,
  height: 64,
  bits: 12,
  pixels: Uint16Array.from({ length: 4096 }, (_, at) => at),
  slope: 1,
  intercept: 0,
  inverted: false,
  windows: [],
  voiLut: null,
  pixelSpacingMm: null,
  pixelSpacingSource: null,
  ...more,
});

const windows = [{ center: 2000, width: 800, name: 'BONE' }];
const table = { first: 100, bits: 10, values: Uint16Array.of(1023, 0, 511, 256) };

/** Brightness of stored values, 0 to 1, in the window that a film opens with. */
function opened(of: Film, stored: number[], window = openingWindow(describePixels(of))): number[] {
  const ramp = rampOf(window, describePixels(of), false, of.voiLut?.values ?? null);
  return stored.map((value) => brightness(value, ramp));
}

/** Two digits of 255 greys are as good as a screen. */
function expectNear(found: number[], wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [at, bright] of wanted.entries())
    expect(Math.abs((found[at] ?? NaN) - bright)).toBeLessThan(0.5 / 255 + 1e-9);
}

describe('a window of a file', () => {
  it('is an S where the file says SIGMOID: 1 / (1 + e^(-4 (x - c) / w))', () => {
    const of = film({ windows, windowFunction: 'sigmoid' });
    // e^-2 = 0.135335, e^-1 = 0.367879, e^-4 = 0.018316
    expectNear(
      opened(of, [1200, 1600, 1800, 2000, 2200, 2400, 2800]),
      [0.017986, 0.119203, 0.268941, 0.5, 0.731059, 0.880797, 0.982014],
    );
  });

  it('runs from c - w/2 to c + w/2 where the file says LINEAR_EXACT, else from half a value less to one less', () => {
    const four = [{ center: 10, width: 4, name: '' }];
    const stored = [8, 9, 10, 11, 12];
    expectNear(opened(film({ windows: four, windowFunction: 'exact' }), stored), [0, 0.25, 0.5, 0.75, 1]);
    expectNear(opened(film({ windows: four }), stored), [0, 1 / 3, 2 / 3, 1, 1]);
    // LINEAR_EXACT may be narrower than one value.
    const narrow = film({ windows: [{ center: 0.25, width: 0.5, name: '' }], windowFunction: 'exact', slope: 0.125 });
    expectNear(opened(narrow, [0, 1, 2, 3, 4]), [0, 0.25, 0.5, 0.75, 1]);
  });

  it('goes through the table of the file, whose ends reach beyond it', () => {
    const stored = [0, 99, 100, 101, 102, 103, 104, 4095];
    const bright = [1, 1, 1, 0, 511 / 1023, 256 / 1023, 256 / 1023, 256 / 1023];
    expectNear(opened(film({ voiLut: table }), stored), bright);
    expectNear(
      opened(film({ voiLut: table, inverted: true }), stored),
      bright.map((value) => 1 - value),
    );
    // The table is of modality values: 2 * stored + 50 here, and one that is no whole number goes to the nearest.
    expectNear(opened(film({ voiLut: table, slope: 2, intercept: 50 }), [25, 26]), [1, 511 / 1023]);
    expectNear(opened(film({ voiLut: table, slope: 0.25, intercept: 100 }), [1, 3]), [1, 0]);
  });

  it('is what thumbnails and the network show, for every stored value', () => {
    for (const more of [
      { windows, windowFunction: 'sigmoid' as const },
      { windows, windowFunction: 'exact' as const },
      { windows },
      { voiLut: table },
      { windows, voiLut: table },
    ]) {
      for (const [inverted, slope, intercept] of [
        [false, 1, 0],
        [true, 1, 0],
        [false, -1, 4095],
        [true, -0.5, 2300],
      ] as const) {
        const of = film({ ...more, inverted, slope, intercept });
        const { first } = storedRange(of);
        const wanted = coreBrightness(of);
        const stored = [...of.pixels];
        expectNear(
          opened(of, stored),
          stored.map((value) => wanted[value - first] as number),
        );
      }
    }
  });

  it('is told by its name and its function', () => {
    const of = describePixels(film({ windows, windowFunction: 'sigmoid', voiLut: table }));
    expect(nameOf(openingWindow(of), of)).toBe('BONE');
    expect(windowWords(openingWindow(of))).toBe('Window 800, level 2,000, sigmoid');
    expect(nameOf({ center: 2000, width: 800 }, of)).toBeNull();
    const byTable = presetWindow('file', of, openingWindow(of)) as GreyWindow;
    expect(byTable).toEqual({ center: 102, width: 4, curve: 'table' });
    expect(windowWords(byTable)).toBe('Window 4, level 102, VOI table');
    expect(presetWindow('file', of, byTable)).toEqual(openingWindow(of));
  });
});

describe('dragging', () => {
  const of = describePixels(film());
  const drag = (start: GreyWindow, x: number, y = 0) => dragWindow(start, { x, y }, of, false);

  it('keeps the function of the file, and its width to the last', () => {
    for (const curve of ['exact', 'sigmoid'] as const) {
      const start: GreyWindow = { center: 2000, width: 800, curve };
      expect(drag(start, 0)).toEqual(start);
      expect(drag(start, 30)).toMatchObject({ curve });
      expect(drag(start, -1e5)).toMatchObject({ width: 1, curve });
    }
    expect(drag({ center: 2000, width: 800 }, 30)).not.toHaveProperty('curve');
  });

  it('leaves a table for the linear window over its values', () => {
    expect(drag({ center: 2000, width: 801, curve: 'table' }, 0, 80)).toEqual({ center: 2200, width: 801 });
  });

  it('leaves the function behind with every other preset', () => {
    const own = describePixels(film({ windows, windowFunction: 'sigmoid' }));
    for (const preset of ['bone', 'soft', 'full', 'auto'] as const) {
      expect(presetWindow(preset, own, openingWindow(own))).not.toHaveProperty('curve');
    }
  });
});

describe('tones', () => {
  it('turn stored values into brightness, signed ones too', () => {
    const of: PixelDescription = {
      ...describePixels(film()),
      min: -2,
      max: 2,
      table: { first: -2, bits: 8, entries: 5 },
    };
    const { tones } = rampOf({ center: 0, width: 5, curve: 'table' }, of, false, Uint16Array.of(9, 80, 3, 255, 1));
    expect(tones && [...toned(Int16Array.of(2, -2, 0, -1, 1), tones)]).toEqual([1, 9, 3, 80, 255]);
  });
});
