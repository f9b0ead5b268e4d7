// Figures on the choosing films: they chose the epoch and the threshold, so they never stand as the headline. Pure.
import { sureFractures } from '#core/evaluation/figures.ts';
import { auc } from '#core/evaluation/roc.ts';
import type { Band } from '#core/evaluation/threshold.ts';
import type { Checking } from './rows.ts';

/** @param chosen the choosing films with what was answered on them */
export function checkingFigures(
  chosen: { label: 'fracture' | 'whole'; probability: number }[],
  threshold: number,
  cannotTell: Band | null,
): Checking {
  const right = chosen.filter(({ label, probability }) => probability >= threshold === (label === 'fracture')).length;
  return {
    n: chosen.length,
    accuracy: chosen.length > 0 ? right / chosen.length : 0,
    auc:
      auc(
        chosen.map(({ label }) => (label === 'fracture' ? 1 : 0)),
        chosen.map(({ probability }) => probability),
      ) ?? 0.5,
    threshold,
    cannotTell,
    sure: sureFractures(chosen, threshold, cannotTell),
  };
}
