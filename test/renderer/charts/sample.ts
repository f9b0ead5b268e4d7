// A run's epochs and test figures made up for tests of figures; the numbers agree with each other.
import type { Epoch, TestFigures } from '#api/runs.ts';

/** Learning goes on rising; checking is best at `best` and then falls off. */
export function sampleCurve(epochs: number, best = Math.ceil(epochs / 2)): Epoch[] {
  return Array.from({ length: epochs }, (_, i) => {
    const epoch = i + 1;
    const past = Math.max(0, epoch - best);
    return {
      epoch,
      loss: 0.7 * 0.9 ** epoch,
      accuracy: 1 - 0.5 * 0.9 ** epoch,
      valLoss: 0.4 + 0.3 * 0.8 ** Math.min(epoch, best) + 0.02 * past,
      valAccuracy: 0.75 - 0.25 * 0.8 ** Math.min(epoch, best) - 0.003 * past,
      valAuc: 0.8,
      imagesPerSecond: 612.345,
      seconds: 0.8125,
      best: epoch <= best,
    };
  });
}

/** Twenty fractures and thirty whole films, of which 14 and 24 are answered rightly. */
export const sampleFigures: TestFigures = {
  n: 50,
  patients: 41,
  threshold: 0.46,
  accuracy: 0.76,
  interval95: [0.626, 0.857],
  auc: 0.81,
  aucInterval95: [0.67, 0.9],
  sensitivity: 0.7,
  specificity: 0.8,
  majority: 0.6,
  shares: {
    accuracy: { right: 38, of: 50, value: 0.76, interval95: [0.626, 0.857] },
    sensitivity: { right: 14, of: 20, value: 0.7, interval95: [0.481, 0.855] },
    specificity: { right: 24, of: 30, value: 0.8, interval95: [0.627, 0.905] },
    ppv: { right: 14, of: 20, value: 0.7, interval95: [0.481, 0.855] },
    npv: { right: 24, of: 30, value: 0.8, interval95: [0.627, 0.905] },
  },
  matrix: {
    fractureFound: 14,
    fractureMissed: 6,
    falseAlarm: 6,
    wholeRight: 24,
    patientsMissed: 5,
    patientsFalseAlarm: 6,
  },
  roc: [
    { falseAlarms: 0, found: 0, threshold: 0.99 },
    { falseAlarms: 0, found: 0.45, threshold: 0.9123456789012345 },
    { falseAlarms: 0.2, found: 0.45, threshold: 0.7 },
    { falseAlarms: 0.2, found: 0.7, threshold: 0.46 },
    { falseAlarms: 1, found: 0.7, threshold: 0.2 },
    { falseAlarms: 1, found: 1, threshold: 0.01 },
  ],
  bodyParts: [
    { bodyPart: 'hip', share: { right: 3, of: 5, value: 0.6, interval95: [0.231, 0.882] } },
    { bodyPart: 'hand', share: { right: 35, of: 45, value: 0.778, interval95: [0.637, 0.875] } },
  ],
  cannotTell: null,
};
