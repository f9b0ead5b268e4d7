// A prepared film in a few figures: brightness, contrast, detail, border, coarse shape. The guard compares these.
// Pure; must not know what is like or unlike.

export interface FilmFeature {
  name: string;
  /** Spread below which differences say nothing, in the feature's own unit. */
  floor: number;
  /** What a film is when the figure is far below, or far above, those learned from. */
  low: string;
  high: string;
}

const coarse = 'its large light and dark areas lie where theirs do not';

const named: FilmFeature[] = [
  { name: 'mean', floor: 0.02, low: 'it is much darker than they are', high: 'it is much brighter than they are' },
  {
    name: 'deviation',
    floor: 0.02,
    low: 'it has hardly any contrast',
    high: 'its contrast is much harder than theirs',
  },
  {
    name: 'entropy',
    floor: 0.15,
    low: 'it has few shades of grey, like a drawing or a page of text',
    high: 'its shades of grey are spread far more evenly than theirs, like noise',
  },
  { name: 'black', floor: 0.02, low: 'it has hardly any black, which they have', high: 'nearly all of it is black' },
  {
    name: 'white',
    floor: 0.02,
    low: 'it has hardly any white, which they have',
    high: 'much of it is white, like a page',
  },
  {
    name: 'slope',
    floor: 0.02,
    low: 'it is far smoother than they are',
    high: 'it has far more detail than they have, like text or noise',
  },
  {
    name: 'curvature',
    floor: 0.03,
    low: 'it is far smoother than they are',
    high: 'it has far more detail than they have, like text or noise',
  },
  {
    name: 'direction',
    floor: 0.1,
    low: 'its edges run another way than theirs',
    high: 'its edges run another way than theirs',
  },
  {
    name: 'edges',
    floor: 0.02,
    low: 'it has hardly any edges',
    high: 'it has far more edges than they have, like text or noise',
  },
  {
    name: 'border',
    floor: 0.03,
    low: 'its border is much darker than theirs',
    high: 'its border is much brighter than theirs',
  },
  {
    name: 'border deviation',
    floor: 0.02,
    low: 'its border is much more even than theirs',
    high: 'its border is fuller of detail than theirs',
  },
];

/** Cosine waves across (first) and down (second), half periods over the side: enough to tell a limb's pose, no more. */
const waves = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 2],
  [2, 0],
  [2, 1],
  [1, 2],
  [2, 2],
] as const;

export const filmFeatures: readonly FilmFeature[] = [
  ...named,
  ...waves.map(([across, down]) => ({ name: `wave ${across} ${down}`, floor: 0.02, low: coarse, high: coarse })),
];

/** The figures of one film (size * size bytes), in the order of `filmFeatures`. */
export function measureFilm(film: Uint8Array, size: number): Float64Array {
  const grey = Float64Array.from(film, (value) => value / 255);
  const [mean, deviation] = moments(grey);
  const contrast = Math.max(deviation, 0.02);
  const { across, down, curvature, edges } = detail(grey, size);
  const [borderMean, borderDeviation] = moments(borderOf(grey, size));
  return Float64Array.from([
    mean,
    deviation,
    entropy(film),
    shareOf(grey, (value) => value < 0.03),
    shareOf(grey, (value) => value > 0.97),
    (across + down) / contrast,
    curvature / contrast,
    Math.log((across + 0.005) / (down + 0.005)),
    edges,
    borderMean - mean,
    borderDeviation,
    ...waves.map(([u, v]) => wave(grey, size, u, v)),
  ]);
}

function moments(values: Float64Array): [mean: number, deviation: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}

/** Bits a pixel, greys in 32 classes. */
function entropy(film: Uint8Array): number {
  const counts = new Float64Array(32);
  for (const value of film) counts[value >> 3] = (counts[value >> 3] ?? 0) + 1;
  return counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / film.length) * Math.log2(count / film.length)),
    0,
  );
}

function shareOf(values: Float64Array, holds: (value: number) => boolean): number {
  return values.reduce((count, value) => count + (holds(value) ? 1 : 0), 0) / values.length;
}

/** Mean steps to the next pixel across and down, mean curvature (discrete Laplacian), share of pixels on an edge. */
function detail(grey: Float64Array, size: number) {
  let [across, down, curvature, edges] = [0, 0, 0, 0];
  const at = (row: number, column: number) => grey[row * size + column] ?? 0;
  for (let row = 1; row < size - 1; row++) {
    for (let column = 1; column < size - 1; column++) {
      const here = at(row, column);
      const dx = Math.abs(at(row, column + 1) - here);
      const dy = Math.abs(at(row + 1, column) - here);
      across += dx;
      down += dy;
      const around = at(row - 1, column) + at(row + 1, column) + at(row, column - 1) + at(row, column + 1);
      curvature += Math.abs(around / 4 - here);
      if (dx + dy > 0.15) edges++;
    }
  }
  const n = (size - 2) ** 2;
  return { across: across / n, down: down / n, curvature: curvature / n, edges: edges / n };
}

/** The outermost pixels, a sixteenth of the side deep. */
function borderOf(grey: Float64Array, size: number): Float64Array {
  const depth = Math.max(1, Math.round(size / 16));
  return grey.filter((_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    return Math.min(row, column, size - 1 - row, size - 1 - column) < depth;
  });
}

/** One coefficient of the cosine transform (DCT-II), scaled to a mean, so that it does not depend on the size. */
function wave(grey: Float64Array, size: number, across: number, down: number): number {
  const cosines = (u: number) =>
    Float64Array.from({ length: size }, (_, x) => Math.cos((Math.PI * u * (2 * x + 1)) / (2 * size)));
  const [horizontal, vertical] = [cosines(across), cosines(down)];
  let sum = 0;
  for (let row = 0; row < size; row++) {
    let line = 0;
    for (let column = 0; column < size; column++) line += (grey[row * size + column] ?? 0) * (horizontal[column] ?? 0);
    sum += line * (vertical[row] ?? 0);
  }
  return sum / (size * size);
}
