// A prepared film in a few figures: brightness, contrast, detail, border, coarse shape. The guard compares these.
// Pure; must not know what is like or unlike.
import { quantile } from './mahalanobis.ts';

export interface FilmFeature {
  name: string;
  /** Spread below which differences say nothing, in the feature's own unit. */
  floor: number;
  /** What a film is when the figure is far below, or far above, those learned from. */
  low: string;
  high: string;
}

const smooth = 'it is far smoother than they are';
const detailed = 'it has far more detail than they have, like text or noise';
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
    high: 'its shades of grey are spread far more evenly than theirs',
  },
  { name: 'black', floor: 0.02, low: 'it has hardly any black, which they have', high: 'nearly all of it is black' },
  {
    name: 'white',
    floor: 0.02,
    low: 'it has hardly any white, which they have',
    high: 'much of it is white, like a page or an uncropped plate',
  },
  { name: 'slope 30 %', floor: 0.2, low: smooth, high: detailed },
  { name: 'slope 60 %', floor: 0.2, low: smooth, high: detailed },
  { name: 'slope 90 %', floor: 0.2, low: smooth, high: detailed },
  { name: 'curvature 50 %', floor: 0.2, low: smooth, high: detailed },
  { name: 'curvature 90 %', floor: 0.2, low: smooth, high: detailed },
  {
    name: 'direction',
    floor: 0.1,
    low: 'its edges run another way than theirs',
    high: 'its edges run another way than theirs',
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

/** Grey from 0 to 1, row by row. */
interface Picture {
  grey: Float64Array;
  width: number;
  height: number;
}

/** The figures of one film (size * size bytes), in the order of `filmFeatures`; the black it was centred on is cut away. */
export function measureFilm(film: Uint8Array, size: number): Float64Array {
  const picture = cutMargin(film, size);
  const [mean, deviation] = moments(picture.grey);
  const [borderMean, borderDeviation] = moments(borderOf(picture));
  return Float64Array.from([
    mean,
    deviation,
    entropy(picture.grey),
    shareOf(picture.grey, (value) => value < 0.03),
    shareOf(picture.grey, (value) => value > 0.97),
    ...detail(picture),
    borderMean - mean,
    borderDeviation,
    ...waves.map(([across, down]) => wave(picture, across, down)),
  ]);
}

/** The film without its black margin; whole when nothing, or hardly anything, is left. */
function cutMargin(film: Uint8Array, size: number): Picture {
  let [left, top, right, bottom] = [size, size, -1, -1];
  film.forEach((value, place) => {
    if (value < 3) return;
    const [row, column] = [Math.floor(place / size), place % size];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
  });
  if (right - left < 7 || bottom - top < 7) [left, top, right, bottom] = [0, 0, size - 1, size - 1];
  const [width, height] = [right - left + 1, bottom - top + 1];
  const grey = Float64Array.from({ length: width * height }, (_, place) => {
    return (film[(top + Math.floor(place / width)) * size + left + (place % width)] ?? 0) / 255;
  });
  return { grey, width, height };
}

function moments(values: Float64Array): [mean: number, deviation: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}

/** Bits a pixel, greys in 32 classes. */
function entropy(grey: Float64Array): number {
  const counts = new Float64Array(32);
  for (const value of grey) {
    const bin = Math.min(31, Math.floor(value * 32));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.reduce((sum, count) => {
    const share = count / grey.length;
    return share === 0 ? sum : sum - share * Math.log2(share);
  }, 0);
}

function shareOf(values: Float64Array, holds: (value: number) => boolean): number {
  return values.reduce((count, value) => count + (holds(value) ? 1 : 0), 0) / values.length;
}

/**
 * How steep the picture is and how bent (discrete Laplacian): logarithms of quantiles over its pixels, for what marks a
 * radiograph is that even ground, soft slopes and sharp edges stand side by side. Last, whether edges run more down than across.
 */
function detail({ grey, width, height }: Picture): number[] {
  const slopes: number[] = [];
  const curvatures: number[] = [];
  let [across, down] = [0, 0];
  const at = (row: number, column: number) => grey[row * width + column] ?? 0;
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const here = at(row, column);
      const dx = Math.abs(at(row, column + 1) - at(row, column - 1)) / 2;
      const dy = Math.abs(at(row + 1, column) - at(row - 1, column)) / 2;
      across += dx;
      down += dy;
      slopes.push(dx + dy);
      const around = at(row - 1, column) + at(row + 1, column) + at(row, column - 1) + at(row, column + 1);
      curvatures.push(Math.abs(around / 4 - here));
    }
  }
  const [steep, bent] = [Float64Array.from(slopes).sort(), Float64Array.from(curvatures).sort()];
  const log = (sorted: Float64Array, share: number) => Math.log(quantile(sorted, share) + 0.004);
  return [
    log(steep, 0.3),
    log(steep, 0.6),
    log(steep, 0.9),
    log(bent, 0.5),
    log(bent, 0.9),
    Math.log((across + 0.5) / (down + 0.5)),
  ];
}

/** The outermost pixels, a sixteenth of the side deep. */
function borderOf({ grey, width, height }: Picture): Float64Array {
  const depth = Math.max(1, Math.round(Math.min(width, height) / 16));
  return grey.filter((_, place) => {
    const [row, column] = [Math.floor(place / width), place % width];
    return Math.min(row, column, height - 1 - row, width - 1 - column) < depth;
  });
}

/** One coefficient of the cosine transform (DCT-II), scaled to a mean, so that it does not depend on the size. */
function wave({ grey, width, height }: Picture, across: number, down: number): number {
  const horizontal = cosines(across, width);
  const vertical = cosines(down, height);
  return (
    grey.reduce((sum, value, place) => {
      return sum + value * (horizontal[place % width] ?? 0) * (vertical[Math.floor(place / width)] ?? 0);
    }, 0) / grey.length
  );
}

function cosines(wave: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, x) => Math.cos((Math.PI * wave * (2 * x + 1)) / (2 * length)));
}
