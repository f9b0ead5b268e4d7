// Words for figures that only charts, trainings and results need; the common ones stand in renderer/words.
// Must not know where the words will stand.

/** [0.628, 0.796] -> "62.8 to 79.6 %"; without the unit where a column says it. */
export function percentRange([low, high]: readonly [number, number], unit = true): string {
  return `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}${unit ? ' %' : ''}`;
}

/** A learning rate or a loss, without digits that say nothing: 0.001, 0.198, 1.2e-7 */
export function plainNumber(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** A time expected, rounded to what it can be trusted to: "about 20 s", "about 4 min". */
export function aboutSpan(seconds: number): string {
  if (seconds < 1.5) return 'about a second';
  if (seconds < 10) return `about ${Math.round(seconds)} s`;
  if (seconds < 57) return `about ${Math.round(seconds / 5) * 5} s`;
  if (seconds < 3570) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

/** A figure and its unit do not part at the end of a line. */
export function keptTogether(text: string): string {
  return text.replace(/(?<=\d) (?=(%|s|min|h|px|×)(?![\p{L}\d]))|(?<=×) (?=\d)/gu, '\u00a0');
}
