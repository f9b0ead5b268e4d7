// How far a point lies from a cloud of points, in spreads of the cloud, correlations taken into account.
// Pure arithmetic; must not know what the points stand for.

export interface Cloud {
  centre: number[];
  scale: number[];
  /** Inverse of the covariance of the scaled points, row by row. */
  inverse: number[];
}

/** Farther out, a figure counts as this many spreads: one mad figure shall not decide alone how wide the cloud is. */
const learnedReach = 5;
const askedReach = 50;

/**
 * The median places each figure, the wider of its middle half and its middle 95 % scales it (each as a normal distribution
 * would have them: one in forty may be mad on either side); the covariance of the scaled figures is shrunk towards
 * uncorrelated ones by p / (n + p), at least a tenth, so that few points do not make a flat cloud (in the manner of
 * Ledoit and Wolf 2004, with a fixed rule in place of their estimate).
 * @param floors smallest scale of each figure
 */
export function cloudOf(points: readonly Float64Array[], floors: readonly number[]): Cloud {
  const p = floors.length;
  const columns = floors.map((_, figure) => Float64Array.from(points, (point) => point[figure] ?? 0).sort());
  const centre = columns.map((column) => quantile(column, 0.5));
  const scale = columns.map((column, figure) => {
    const middleHalf = (quantile(column, 0.75) - quantile(column, 0.25)) / 1.349;
    const nearlyAll = (quantile(column, 0.975) - quantile(column, 0.025)) / 3.92;
    return Math.max(middleHalf, nearlyAll, floors[figure] ?? 1);
  });
  const scaled = points.map((point) => scaledPoint(point, { centre, scale }, learnedReach));
  const shrink = Math.max(0.1, p / (points.length + p));
  const covariance = new Float64Array(p * p);
  for (const point of scaled) {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        const at = i * p + j;
        covariance[at] = (covariance[at] ?? 0) + ((point[i] ?? 0) * (point[j] ?? 0)) / points.length;
      }
    }
  }
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      const at = i * p + j;
      // A figure that never moved still counts with the spread it was given.
      covariance[at] = i === j ? Math.max(covariance[at] ?? 0, 0.25) : (1 - shrink) * (covariance[at] ?? 0);
    }
  }
  return { centre, scale, inverse: Array.from(invert(covariance, p)) };
}

/** Mahalanobis distance, and the figures in spreads from their middle. */
export function distanceTo(cloud: Cloud, point: Float64Array): { distance: number; spreads: Float64Array } {
  const spreads = scaledPoint(point, cloud, askedReach);
  const p = spreads.length;
  let sum = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) sum += (spreads[i] ?? 0) * (cloud.inverse[i * p + j] ?? 0) * (spreads[j] ?? 0);
  }
  return { distance: Math.sqrt(Math.max(0, sum)), spreads };
}

/** Value below which a share of the sorted values lies, linear between them. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? 0;
  return low + (high - low) * (place - below);
}

function scaledPoint(
  point: Float64Array,
  { centre, scale }: Pick<Cloud, 'centre' | 'scale'>,
  reach: number,
): Float64Array {
  return point.map((value, figure) => {
    const spreads = (value - (centre[figure] ?? 0)) / (scale[figure] ?? 1);
    return Math.max(-reach, Math.min(reach, spreads));
  });
}

/** Inverse of a symmetric positive definite matrix (Gauss and Jordan; shrinking keeps the pivots away from zero). */
function invert(matrix: Float64Array, p: number): Float64Array {
  const left = Float64Array.from(matrix);
  const right = new Float64Array(p * p);
  for (let i = 0; i < p; i++) right[i * p + i] = 1;
  for (let pivot = 0; pivot < p; pivot++) {
    const head = left[pivot * p + pivot] ?? 0;
    if (!(head > 1e-12)) throw new Error('the covariance is not positive definite');
    for (let j = 0; j < p; j++) {
      left[pivot * p + j] = (left[pivot * p + j] ?? 0) / head;
      right[pivot * p + j] = (right[pivot * p + j] ?? 0) / head;
    }
    for (let row = 0; row < p; row++) {
      const factor = left[row * p + pivot] ?? 0;
      if (row === pivot || factor === 0) continue;
      for (let j = 0; j < p; j++) {
        left[row * p + j] = (left[row * p + j] ?? 0) - factor * (left[pivot * p + j] ?? 0);
        right[row * p + j] = (right[row * p + j] ?? 0) - factor * (right[pivot * p + j] ?? 0);
      }
    }
  }
  return right;
}
