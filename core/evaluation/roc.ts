// Area under the ROC curve, its interval, and the curve's points.
// Pure statistics: labels and scores in, figures out.
import { z95 } from './share.ts';

/** Area under the ROC curve with its 95 % interval. */
export interface Auc {
  value: number;
  interval95: [number, number];
}

export interface RocPoint {
  /** Share of whole films answered fracture (1 - specificity). */
  falseAlarms: number;
  /** Share of fractures answered fracture (sensitivity). */
  found: number;
  /** Answers are "fracture" from this score on. */
  threshold: number;
}

/**
 * Chance that a fracture scores higher than a whole film, ties counting half (Mann-Whitney U / (m n)).
 * null when one of the classes is missing.
 * @param labels 1 fracture, 0 whole
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const { fractures, wholes } = byClass(labels, scores);
  if (fractures.length === 0 || wholes.length === 0) return null;
  const ranks = midRanks([...fractures, ...wholes]);
  const m = fractures.length;
  const sum = ranks.slice(0, m).reduce((a, b) => a + b, 0);
  return (sum - (m * (m + 1)) / 2) / (m * wholes.length);
}

/**
 * The area with DeLong's variance (DeLong, DeLong and Clarke-Pearson 1988; by mid-ranks as in Sun and Xu 2014) and a
 * 95 % interval made on the logit scale, which keeps it inside 0 to 1 (Qin and Hotilovac 2008).
 * Films count as independent: several films of one patient make the true interval somewhat wider than this one.
 * Where the classes are wholly apart the variance is 0; the interval then comes from the rule of three on the smaller
 * class (no error in n: at most 3 / n). null when a class has fewer than two films.
 */
export function aucWithInterval(labels: ArrayLike<number>, scores: ArrayLike<number>): Auc | null {
  const { fractures, wholes } = byClass(labels, scores);
  const [m, n] = [fractures.length, wholes.length];
  const value = auc(labels, scores);
  if (value === null || m < 2 || n < 2) return null;
  const together = midRanks([...fractures, ...wholes]);
  const amongFractures = midRanks(fractures);
  const amongWholes = midRanks(wholes);
  const ofFractures = amongFractures.map((rank, i) => ((together[i] ?? 0) - rank) / n);
  const ofWholes = amongWholes.map((rank, i) => 1 - ((together[m + i] ?? 0) - rank) / m);
  const variance = sampleVariance(ofFractures) / m + sampleVariance(ofWholes) / n;
  const slack = Math.min(1, 3 / Math.min(m, n));
  if (value === 1) return { value, interval95: [1 - slack, 1] };
  if (value === 0) return { value, interval95: [0, slack] };
  const logit = Math.log(value / (1 - value));
  const reach = (z95 * Math.sqrt(variance)) / (value * (1 - value));
  return { value, interval95: [inverseLogit(logit - reach), inverseLogit(logit + reach)] };
}

/**
 * Corners of the ROC curve from (0, 0) to (1, 1), one a different score, falling thresholds; the first threshold is
 * just above the highest score. Empty when one of the classes is missing.
 */
export function rocPoints(labels: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] {
  const { fractures, wholes } = byClass(labels, scores);
  if (fractures.length === 0 || wholes.length === 0) return [];
  const films = [
    ...fractures.map((score) => ({ score, fracture: true })),
    ...wholes.map((score) => ({ score, fracture: false })),
  ].sort((a, b) => b.score - a.score);
  const highest = films[0]?.score ?? 1;
  const points: RocPoint[] = [
    { falseAlarms: 0, found: 0, threshold: highest + Math.max(1e-6, Math.abs(highest) * 1e-6) },
  ];
  let [found, falseAlarms] = [0, 0];
  films.forEach(({ score, fracture }, place) => {
    if (fracture) found++;
    else falseAlarms++;
    if (films[place + 1]?.score === score) return;
    points.push({ falseAlarms: falseAlarms / wholes.length, found: found / fractures.length, threshold: score });
  });
  return points;
}

function byClass(labels: ArrayLike<number>, scores: ArrayLike<number>): { fractures: number[]; wholes: number[] } {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels but ${scores.length} scores`);
  const fractures: number[] = [];
  const wholes: number[] = [];
  for (let i = 0; i < labels.length; i++) (labels[i] === 1 ? fractures : wholes).push(scores[i] ?? Number.NaN);
  return { fractures, wholes };
}

/** Ranks from 1, equal values sharing the mean of theirs, in the order given. */
function midRanks(values: number[]): number[] {
  const order = values.map((_, place) => place).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function sampleVariance(values: number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));
