// Binary cross-entropy on logits, and its gradient.
// Pure arithmetic in double precision; knows no tensors.

export interface Loss {
  /** Mean over the films, each times its weight. */
  loss: number;
  /** Of the mean by each logit. */
  gradient: Float32Array;
}

/** The logistic function without overflow. */
export function logistic(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit));
  const e = Math.exp(logit);
  return e / (1 + e);
}

/**
 * Mean of w (max(z, 0) - z y + log(1 + exp(-|z|))), the form that neither overflows nor takes the logarithm of zero.
 * @param labels 1 fracture, 0 whole
 * @param classWeights weight of whole and of fracture
 * @param smoothing share of the answer that is spread evenly over both classes (Szegedy et al. 2016)
 */
export function binaryCrossEntropy(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classWeights: readonly [whole: number, fracture: number],
  smoothing = 0,
): Loss {
  const n = logits.length;
  const gradient = new Float32Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const z = logits[i] ?? Number.NaN;
    const label = labels[i] ?? Number.NaN;
    const weight = label === 1 ? classWeights[1] : classWeights[0];
    const y = label * (1 - smoothing) + smoothing / 2;
    sum += weight * (Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))));
    gradient[i] = (weight * (logistic(z) - y)) / n;
  }
  return { loss: sum / n, gradient };
}

/** Weights that make both classes count the same: n / (2 n of the class). Both 1 when not wanted. */
export function classWeightsOf(labels: ArrayLike<number>, wanted: boolean): [whole: number, fracture: number] {
  if (!wanted) return [1, 1];
  let fracture = 0;
  for (let i = 0; i < labels.length; i++) fracture += labels[i] === 1 ? 1 : 0;
  const whole = labels.length - fracture;
  return [labels.length / (2 * whole), labels.length / (2 * fracture)];
}
