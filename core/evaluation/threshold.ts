// Where to draw the line between whole and fracture, and where not to answer.
// Pure statistics on the choosing films; must never see a film to judge with.

export interface Band {
  from: number;
  to: number;
}

const gridSteps = 1000;
/** Beyond this a network is as sure as it gets: 0.9997. */
const surest = 8;
/** Right this often or less is "about a coin". */
const coin = 0.6;
const fewestInBand = 5;
const mostInBand = 0.25;

/**
 * The probability from which on to answer fracture: the one that gives the greatest sensitivity + specificity - 1
 * (Youden 1950). The two classes' distributions are smoothed on the logit scale first (normal kernels, Silverman's
 * bandwidth): the raw optimum jumps about with single films, the smoothed one has the smaller error (Fluss, Faraggi and
 * Reiser 2005). Where the optimum is flat its middle is taken. 0.5 when a class is missing.
 * @param labels 1 fracture, 0 whole
 */
export function chooseThreshold(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const { fractures, wholes } = logitsByClass(labels, probabilities);
  if (fractures.length === 0 || wholes.length === 0) return 0.5;
  const all = [...fractures, ...wholes];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const [ofFractures, ofWholes] = [bandwidth(fractures), bandwidth(wholes)];
  const grid = Array.from({ length: gridSteps + 1 }, (_, step) => low + ((high - low) * step) / gridSteps);
  const youden = grid.map((at) => smoothedBelow(wholes, at, ofWholes) - smoothedBelow(fractures, at, ofFractures));
  const best = Math.max(...youden);
  const flat = grid.filter((_, step) => (youden[step] ?? 0) >= best - 1e-9);
  return inverseLogit(((flat[0] ?? 0) + (flat.at(-1) ?? 0)) / 2);
}

/**
 * The band of probabilities around the threshold in which the network cannot tell: the widest, equally far to both sides
 * on the logit scale, in which at most 60 % of the choosing films are answered rightly. It holds at least 5 films and at
 * most a quarter of them. null when there is none: then it can tell, or there are too few films to know.
 */
export function cannotTellBand(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): Band | null {
  const middle = logit(threshold);
  const films = Array.from(labels, (label, film) => {
    const probability = probabilities[film] ?? 0;
    return { distance: Math.abs(logit(probability) - middle), right: probability >= threshold === (label === 1) };
  }).sort((a, b) => a.distance - b.distance);
  let right = 0;
  let reach: number | null = null;
  films.forEach((film, place) => {
    if (film.right) right++;
    const count = place + 1;
    if (count < fewestInBand || count > mostInBand * films.length) return;
    if (films[count]?.distance === film.distance) return; // films with one answer stay together
    if (right / count <= coin) reach = film.distance;
  });
  if (reach === null) return null;
  // A hair wider, so that the outermost film is inside whatever the rounding.
  const hair = 1e-9;
  return { from: inverseLogit(middle - reach - hair), to: inverseLogit(middle + reach + hair) };
}

export function inBand(band: Band | null, probability: number): boolean {
  return band !== null && probability >= band.from && probability <= band.to;
}

function logitsByClass(labels: ArrayLike<number>, probabilities: ArrayLike<number>) {
  const [fractures, wholes]: [number[], number[]] = [[], []];
  for (let i = 0; i < labels.length; i++) (labels[i] === 1 ? fractures : wholes).push(logit(probabilities[i] ?? 0));
  return { fractures, wholes };
}

/** At most so sure: see `surest`. */
export function logit(probability: number): number {
  return Math.max(-surest, Math.min(surest, Math.log(probability / (1 - probability))));
}

export const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));

/** Silverman 1986, eq. 3.31; never so narrow that one film stands alone. */
function bandwidth(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, sorted.length - 1));
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const quartiles = (at(0.75) - at(0.25)) / 1.34;
  const spread = quartiles > 0 ? Math.min(deviation, quartiles) : deviation;
  return Math.max(0.05, 0.9 * spread * sorted.length ** -0.2);
}

function smoothedBelow(values: number[], at: number, width: number): number {
  return values.reduce((sum, value) => sum + normalBelow((at - value) / width), 0) / values.length;
}

/** Distribution function of the normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - tail : tail;
}
