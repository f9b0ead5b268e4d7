// Evidence as colour: none lets the film through, more is brighter and more opaque.
import { describe, expect, it } from 'vitest';
import { heatColour, heatPixels } from '#renderer/classify/heat.ts';

/** Rec. 709 luminance of what stands over black. */
function light([red, green, blue, opacity]: [number, number, number, number]): number {
  return ((0.2126 * red + 0.7152 * green + 0.0722 * blue) * opacity) / 255;
}

describe('the colours of evidence', () => {
  it('let the film through where there is none', () => {
    expect(heatColour(0)[3]).toBe(0);
    expect(heatColour(-1)).toEqual(heatColour(0));
    expect(heatColour(7)).toEqual(heatColour(1));
  });

  it('grow lighter with evidence, so that they are read in grey too', () => {
    for (let step = 1; step <= 50; step++) {
      expect(light(heatColour(step / 50))).toBeGreaterThan(light(heatColour((step - 1) / 50)));
    }
  });

  it('follow each cell of the grid', () => {
    const grey = Uint8ClampedArray.of(0, 0, 0, 255, 255, 255, 255, 255);
    expect([...heatPixels(grey)]).toEqual([...heatColour(0), ...heatColour(1)]);
  });
});
