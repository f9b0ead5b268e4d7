// A network from within, in words: its size, its values, its maps and units.
// Must not compute anything but how a number is written.
import type { LayerMaps, Network, NetworkLayer, Unit } from '#api/networks.ts';
import { count, many, size } from '#renderer/words/figures.ts';

/** Three digits that count, or so many; a true minus: 0.0312 -> "0.0312", -1.5 -> "−1.50", 0 -> "0". */
export function value(number: number, digits = 3): string {
  if (number === 0) return '0';
  const length = Math.abs(number);
  const words =
    length >= 1e5 || length < 1e-4
      ? number.toExponential(1)
      : length >= 10 ** digits
        ? String(Math.round(number))
        : number.toPrecision(digits);
  return words.replace('e+', 'e').replace(/-/g, '−');
}

/** A number on an axis: "0.50" -> "0.5", "2.00" -> "2". */
export function tickWords(number: number): string {
  return value(number)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** "92,737 parameters in 14 layers" */
export function networkHeadline({ cost, layers }: Pick<Network, 'cost' | 'layers'>): string {
  return `${many(cost.parameters, 'parameter')} in ${many(layers.length, 'layer')}`;
}

/** "372 kB of weights, 283 kB of outputs for one film, 2.8 million multiplications a film." */
export function costSentence({ weightBytes, filmBytes, macs }: Network['cost']): string {
  const million = macs >= 1e6 ? `${count(Number((macs / 1e6).toPrecision(2)))} million` : count(macs);
  return `${size(weightBytes)} of weights, ${size(filmBytes)} of outputs for one film, ${million} multiplications a film.`;
}

export const shapeWords = (shape: readonly number[]): string => shape.map((side) => count(side)).join(' × ');

/** What the maps of a layer are, and how their greys are to be read. */
export function mapsSentence({ height, width, channels }: Pick<LayerMaps, 'height' | 'width' | 'channels'>): string {
  if (height * width === 1) {
    return channels === 1
      ? 'One unit, without a place on the film.'
      : `${count(channels)} units without a place on the film, all on one scale: black is the least of them, white the greatest.`;
  }
  const each = channels === 1 ? 'Stretched' : 'Each stretched';
  return `${many(channels, 'map')} of ${height} × ${width}. ${each} over its own range, which stands below: black is its least value, white its greatest.`;
}

/** "−0.20 to 1.73"; "0 all over" where a map is even. */
export function rangeWords([least, greatest]: readonly [number, number], digits = 3): string {
  if (least === greatest) return `${value(least, digits)} all over`;
  return `${value(least, digits)} to ${value(greatest, digits)}`;
}

/** "channel 5, row 3, column 7"; a unit without a place by its number alone. Counted from 0, as in the shapes. */
export function placeWords({ channel, row, column }: Pick<Unit, 'channel' | 'row' | 'column'>, flat: boolean): string {
  return flat ? `unit ${channel}` : `channel ${channel}, row ${row}, column ${column}`;
}

/** What of the film can move the unit. */
export function seesSentence({ x, y, width, height }: Unit['sees'], input: number): string {
  if (width >= input && height >= input) return 'It can see the whole of the film.';
  const [across, down] = [width, height].map((side) => Math.round(side));
  const cut = x === 0 || y === 0 || x + width >= input || y + height >= input ? ', cut by the edge' : '';
  return `It sees ${across} × ${down} of the ${input} × ${input} pixels${cut}.`;
}

/** How the layers a layer takes from are said: the one before it goes without saying. */
export function fromWords({ from, index }: NetworkLayer, layers: readonly NetworkLayer[]): string | null {
  if (from.length === 0 || (from.length === 1 && from[0] === index - 1)) return null;
  return `from ${from.map((at) => layers[at]?.name ?? '?').join(' and ')}`;
}
