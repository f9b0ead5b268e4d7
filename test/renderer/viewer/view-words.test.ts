// What the viewer shows, in words: corner text and what a screen reader says.
import { describe, expect, it } from 'vitest';
import { sizeWords, spacingWords, turnWords, windowWords, zoomWords } from '#renderer/viewer/view-words.ts';
import type { PixelDescription } from '#api/images.ts';

const spacing = (pixelSpacingMm: [number, number] | null, pixelSpacingSource: string | null) =>
  spacingWords({ pixelSpacingMm, pixelSpacingSource } as PixelDescription);

describe('the view in words', () => {
  it('keeps the digits a fine window needs', () => {
    expect(windowWords({ center: 32_767.5, width: 65_536 })).toBe('Window 65,536, level 32,768');
    expect(windowWords({ center: 16_391.5, width: 4.25 })).toBe('Window 4.3, level 16,391.5');
  });

  it('says zoom and turn as they are seen', () => {
    expect(zoomWords(0.924)).toBe('Zoom 92 %');
    expect(zoomWords(0.0344)).toBe('Zoom 3.4 %');
    expect(turnWords({ mirrored: false, quarters: 0 })).toBeNull();
    expect(turnWords({ mirrored: true, quarters: 1 })).toBe('Turned right by 90°');
    expect(turnWords({ mirrored: false, quarters: 3 })).toBe('Turned left by 90°');
  });

  it('gives millimetres only with where they come from', () => {
    expect(spacing(null, null)).toBe('Lengths in px: the file gives no spacing');
    expect(spacing([0.143, 0.143], 'at the detector')).toBe('0.143 mm a px, at the detector');
    expect(spacing([0.2, 0.1], null)).toBe('0.1 × 0.2 mm a px');
    expect(sizeWords({ width: 2304, height: 2880, bits: 8 })).toBe('2,304 × 2,880 px, 8 bit');
  });
});
