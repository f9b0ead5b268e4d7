// A run as it goes: every epoch from the first on, the newest step, and its end; also of a run that another program trains.
import type { Epoch, RunEvent, Step } from '#api/runs.ts';
import { epochsOf, getRun } from '#db/runs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { toRunDetail } from './rows.ts';

/** How often a run of another program is looked at. */
const LOOK_MS = 400;

interface Source {
  stepOf(): Step | undefined;
  /** Calls the listener whenever something moved here; returns how to stop it. */
  wake(listener: () => void): () => void;
  signal: AbortSignal | undefined;
}

/** Ends when the run is over and, where its judging films are to be opened, judged. */
export async function* followRun(library: OpenLibrary, run: number, source: Source): AsyncGenerator<RunEvent> {
  let told = 0;
  let lastStep: Step | undefined;
  let moved = Promise.withResolvers<undefined>();
  const stopWaking = source.wake(() => moved.resolve(undefined));
  source.signal?.addEventListener('abort', () => moved.resolve(undefined), { once: true });
  try {
    while (!source.signal?.aborted) {
      moved = Promise.withResolvers();
      const row = getRun(library.db, run);
      if (!row) return;
      const epochs = epochsOf(library.db, run);
      for (const text of epochs.slice(told)) yield { kind: 'epoch', epoch: JSON.parse(text) as Epoch };
      told = epochs.length;
      const step = source.stepOf();
      if (row.state === 'running' && step && step !== lastStep) yield { kind: 'step', step };
      lastStep = step;
      if (isOver(row)) {
        yield { kind: 'end', run: toRunDetail(library, row) };
        return;
      }
      const timer = setTimeout(() => moved.resolve(undefined), LOOK_MS);
      await moved.promise;
      clearTimeout(timer);
    }
  } finally {
    stopWaking();
  }
}

/** A run keeps its owner until it is judged or sealed. */
function isOver(row: { state: string; owner: number | null }): boolean {
  return row.state !== 'running' && row.owner === null;
}
