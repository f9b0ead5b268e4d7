// A run as it goes: every epoch from the first on, the newest step, and its end; also of a run that another program trains.
import type { Epoch, RunEvent, Step } from '#api/runs.ts';
import { epochsOf, getRun } from '#db/runs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { looks } from './looks.ts';
import type { Wake } from './looks.ts';
import { toRunDetail } from './rows.ts';

interface Source {
  stepOf(): Step | undefined;
  wake: Wake;
  signal: AbortSignal | undefined;
}

/** Ends when the run is over and, where its judging films are to be opened, judged. */
export async function* followRun(library: OpenLibrary, run: number, source: Source): AsyncGenerator<RunEvent> {
  let told = 0;
  let lastStep: Step | undefined;
  for await (const _ of looks(source.wake, source.signal)) {
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
  }
}

/** A run keeps its owner until it is judged or sealed. */
function isOver(row: { state: string; owner: number | null }): boolean {
  return row.state !== 'running' && row.owner === null;
}
