import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { accuracyCurves } from '#renderer/charts/curves.ts';
import { layOut } from '#renderer/charts/layout.ts';
import type { Palette } from '#renderer/charts/palette.ts';
import { rocCurve } from '#renderer/charts/roc.ts';
import { drawingOf, svgOf } from '#renderer/charts/save-figure.ts';
import { sharesOnOneAxis } from '#renderer/charts/shares.ts';
import { colour, escaped, figureElements } from '#renderer/charts/svg.ts';
import { sampleCurve, sampleFigures } from './sample.ts';

const palette: Palette = {
  tones: {
    learn: '#111111',
    check: '#222222',
    ghost: '#333333',
    accent: '#444444',
    strong: '#555555',
    plain: '#666666',
    faint: '#777777',
  },
  background: '#000000',
  plate: '#0a0a0a',
  grid: '#ffffff12',
  wash: '#44444424',
  warn: '#e6c655',
  font: '"Segoe UI", sans-serif',
};
const epochs = sampleCurve(9, 4);
const curves = accuracyCurves({ run: { name: 'run 3', epochs }, planned: 9, best: 4, memorisingSince: 4, ghosts: [] });

/** Corners of the thickest stroke of a tone. */
function cornersOf(elements: string[], paint: string): { x: number; y: number }[] {
  const path = elements.find(
    (one) => one.startsWith('<path') && one.includes(`stroke="${paint}"`) && one.includes('L'),
  );
  const d = /d="M([^"]+)"/.exec(path ?? '')?.[1] ?? '';
  return d.split('L').map((corner) => {
    const [x, y] = corner.split(' ').map(Number);
    return { x: x!, y: y! };
  });
}

describe('SVG of a figure', () => {
  it('has each value at its place, to a hundredth of a px', () => {
    const elements = figureElements(curves, 615, 272, palette);
    const { plot } = layOut(curves, 615, 272);
    const back = cornersOf(elements, palette.tones.check).map(({ x, y }) => ({
      epoch: curves.x.min + ((x - plot.left) / (plot.right - plot.left)) * (curves.x.max - curves.x.min),
      share: curves.y.min + ((plot.bottom - y) / (plot.bottom - plot.top)) * (curves.y.max - curves.y.min),
    }));
    expect(back).toHaveLength(epochs.length);
    back.forEach(({ epoch, share }, i) => {
      expect(epoch).toBeCloseTo(epochs[i]!.epoch, 2);
      expect(Math.abs(share - epochs[i]!.valAccuracy)).toBeLessThan(0.6 / 220 / 20);
    });
  });

  it('draws the best epoch, the stretch that memorises and the ends in words', () => {
    const all = figureElements(curves, 615, 272, palette).join('');
    expect(all).toContain('best, epoch 4');
    expect(all).toContain(`fill="${palette.warn}"`);
    expect(all).toMatch(/learning \d+\.\d %/);
    expect(all).toMatch(/checking \d+\.\d %/);
  });

  it('keeps every word of the axes inside the picture', () => {
    for (const figure of [curves, rocCurve(sampleFigures), sharesOnOneAxis(sampleFigures)]) {
      const { texts } = layOut(figure, 320, 300);
      for (const { x, y, text } of texts) {
        expect(x, text).toBeGreaterThanOrEqual(0);
        expect(x, text).toBeLessThanOrEqual(320);
        expect(y, text).toBeGreaterThan(0);
        expect(y, text).toBeLessThanOrEqual(300);
      }
    }
  });

  it('is one well-formed file that says what it shows, of which run, and that it is no diagnosis', () => {
    const provenance = { run: 'Run 3 <&> "quoted" \u0007', file: 'run-3' };
    const drawings = [
      drawingOf(curves, 615, 272),
      drawingOf(rocCurve(sampleFigures), 304, 304),
      drawingOf(sharesOnOneAxis(sampleFigures), 560, 124),
    ];
    const svg = svgOf(drawings, provenance, palette);
    expect(XMLValidator.validate(svg)).toBe(true);
    const root = (new XMLParser({ ignoreAttributes: false }).parse(svg) as { svg: Record<string, string> }).svg;
    expect(root['@_viewBox']).toMatch(/^0 0 1007 \d+$/);
    expect(root['title']).toContain('ROC');
    expect(svg).toContain('Not a medical device; not for diagnosis.');
    expect(svg).toContain('Run 3 &lt;&amp;&gt; &quot;quoted&quot; ');
    expect(svg).not.toContain('\u0007');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws a figure without any epoch', () => {
    const empty = accuracyCurves({
      run: { name: 'run 1', epochs: [] },
      planned: 25,
      best: null,
      memorisingSince: null,
      ghosts: [],
    });
    expect(figureElements(empty, 615, 272, palette).join('')).not.toMatch(/NaN|undefined/);
    expect(empty.summary).toContain('no epoch has ended yet');
  });
});

it('takes the strength out of a colour', () => {
  expect(colour('fill', '#4cc4b024')).toEqual({ fill: '#4cc4b0', 'fill-opacity': 0.141 });
  expect(colour('stroke', '#4cc4b0')).toEqual({ stroke: '#4cc4b0' });
});

it('writes text as text', () => {
  expect(escaped('</text><script>')).toBe('&lt;/text&gt;&lt;script&gt;');
});
