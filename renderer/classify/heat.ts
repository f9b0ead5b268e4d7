// Evidence as colour over a film: from the grey picture of the network's own grid to one that lets the film through.
// Must not smooth: the grid is what the network has.

interface Stop {
  at: number;
  /** Red, green, blue, opacity; 0 to 255. */
  colour: readonly [number, number, number, number];
}

/** From nothing over violet and red to light yellow: brighter and more opaque with more evidence, readable in grey too. */
const stops: readonly Stop[] = [
  { at: 0, colour: [42, 10, 74, 0] },
  { at: 0.35, colour: [123, 31, 162, 166] },
  { at: 0.7, colour: [244, 81, 30, 204] },
  { at: 1, colour: [255, 224, 130, 230] },
];

/** The stops as a CSS gradient, for the legend. */
export const heatGradient = `linear-gradient(90deg, ${stops
  .map(({ at, colour: [red, green, blue, opacity] }) => `rgb(${red} ${green} ${blue} / ${opacity / 255}) ${at * 100}%`)
  .join(', ')})`;

/** Colour of some evidence, 0 to 1. */
export function heatColour(evidence: number): [number, number, number, number] {
  const value = Math.min(1, Math.max(0, evidence));
  const next = Math.max(
    1,
    stops.findIndex(({ at }) => at >= value),
  );
  const [from, to] = [stops[next - 1], stops[next]];
  if (!from || !to) return [0, 0, 0, 0];
  const share = (value - from.at) / (to.at - from.at);
  const mix = (place: 0 | 1 | 2 | 3) =>
    Math.round(from.colour[place] + share * (to.colour[place] - from.colour[place]));
  return [mix(0), mix(1), mix(2), mix(3)];
}

/** RGBA of a grey grid, 0 to 255 being no evidence to most. */
export function heatPixels(grey: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8ClampedArray(grey.length);
  for (let at = 0; at < grey.length; at += 4) colours.set(heatColour((grey[at] ?? 0) / 255), at);
  return colours;
}

/** The grid of an answer as a picture to lay over the film; a `data:` URL. */
export async function heatPicture(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`heat map answered ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  context.putImageData(new ImageData(heatPixels(data), canvas.width, canvas.height), 0, 0);
  return canvas.toDataURL();
}
