// How the native library is loaded for a training: as usual, as its environment says, and how a child is told.
// Must not measure anything.
import { availableParallelism } from 'node:os';
import type { Tuning } from '#api/runs.ts';
import { usualStepsPerCall } from '#core/cnn/graph/steps-per-call.ts';

/** Sides of the input that are measured, px: at 28 calls cost, at 128 arithmetic does. */
export const measuredSizes = [28, 128] as const;

/** The measured size that stands for a training's. */
export const measuredFor = (size: number): number => (size <= 64 ? measuredSizes[0] : measuredSizes[1]);

/** What is taken where nothing was measured. `size` in px. */
export function usualTuning(size: number): Tuning {
  return { oneDnn: true, threads: availableParallelism(), stepsPerCall: usualStepsPerCall(size) };
}

/** What the environment of this process says stands above what was measured. */
export function asEnvironmentSays(tuning: Tuning, environment: NodeJS.ProcessEnv = process.env): Tuning {
  const { TF_ENABLE_ONEDNN_OPTS: oneDnn, TF_NUM_INTRAOP_THREADS: threads } = environment;
  return {
    ...tuning,
    ...(oneDnn ? { oneDnn: oneDnn !== '0' } : {}),
    ...(Number(threads) >= 1 ? { threads: Number(threads) } : {}),
  };
}

/** The same for a child, before it loads the library. */
export function environmentOf({ oneDnn, threads }: Pick<Tuning, 'oneDnn' | 'threads'>): Record<string, string> {
  return {
    TF_ENABLE_ONEDNN_OPTS: oneDnn ? '1' : '0',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    OMP_NUM_THREADS: String(threads),
  };
}
