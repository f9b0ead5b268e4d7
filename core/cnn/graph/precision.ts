// In which precision a training computes: bfloat16 where the processor multiplies in it, float32 elsewhere.
// Must not measure anything.
import { readFileSync } from 'node:fs';
import type { RunSettings } from '#api/runs.ts';

export type Precision = Exclude<RunSettings['precision'], 'auto'>;

/** Instructions that multiply in bfloat16, as Linux names them. Without them bfloat16 is emulated, and slower. */
const instructions = ['avx512_bf16', 'amx_bf16'];

/** @param flags the processor's, as /proc/cpuinfo lists them */
export function choosePrecision(wanted: RunSettings['precision'], flags: string): Precision {
  if (wanted !== 'auto') return wanted;
  const known = new Set(flags.split(/\s+/));
  return instructions.some((name) => known.has(name)) ? 'bfloat16' : 'float32';
}

/** The processor's flags; none where they cannot be read, as on Windows and macOS. */
export function processorFlags(): string {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'latin1'))?.[1] ?? '';
  } catch {
    return '';
  }
}
