// A run as it is laid under another: its name and its epochs.
// Must not fetch runs.
import type { RunDetail } from '#api/runs.ts';
import type { Curve } from '#renderer/charts/curves.ts';

export function ghostOf({ id, curve }: Pick<RunDetail, 'id' | 'curve'>): Curve {
  return { name: `run ${id}`, epochs: curve };
}
