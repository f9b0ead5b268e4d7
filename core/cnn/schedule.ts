// The learning rate of each step.
// Pure; must not know engines.
import type { RunSettings } from '#api/runs.ts';

export type ScheduleSettings = Pick<RunSettings, 'learningRate' | 'schedule' | 'warmUp' | 'epochs'>;

/**
 * @param step counted from 0 over all epochs
 * @returns after a rise in a straight line over the epochs of warm-up: the rate as set; or a tenth of it from half of the
 *   steps on and a hundredth from three quarters on (He et al. 2016); or half a cosine down to zero (Loshchilov and Hutter 2017)
 */
export function learningRateAt(settings: ScheduleSettings, step: number, stepsPerEpoch: number): number {
  const { learningRate, schedule, warmUp, epochs } = settings;
  const warming = warmUp * stepsPerEpoch;
  if (step < warming) return (learningRate * (step + 1)) / warming;
  const all = epochs * stepsPerEpoch;
  const done = all > warming ? (step - warming) / (all - warming) : 0;
  if (schedule === 'cosine') return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
  if (schedule === 'step') return learningRate * (done >= 0.75 ? 0.01 : done >= 0.5 ? 0.1 : 1);
  return learningRate;
}
