// The curves of a finished run, ready to be drawn.
import type { RunDetail } from '#api/runs.ts';
import type { Curves } from '#renderer/charts/curves.ts';

export function curvesOf({ id, curve, best, memorisingSince }: RunDetail): Curves {
  return {
    run: { name: `run ${id}`, epochs: curve },
    planned: curve.length,
    best: best?.epoch ?? null,
    memorisingSince,
    ghosts: [],
  };
}
