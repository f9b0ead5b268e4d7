// A slice of the loss around a trained run, on films it was chosen by: computed in a child of its own, kept in the cache.
// Must not touch judging films.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slice as sliceShape } from '#api/networks.ts';
import type { Slice } from '#api/networks.ts';
import { runFilms } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { SliceOrder, Sliced } from '#core/cnn/inspect/slice.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { writeWhole } from '#core/libraries/durable.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { Model } from '#core/predictions/models.ts';
import { Problem } from '#core/problem.ts';
import { inputsOf } from '#core/runs/inputs.ts';

export interface SliceRequest extends Pick<SliceOrder, 'directions' | 'points' | 'reach' | 'seed'> {
  run: number;
}

interface Services {
  startChild: StartChild;
  decoders: Decoders;
}

/** A smooth surface needs no more, and every point takes a pass over all of them. */
const MOST_FILMS = 200;

/** Throws CANCELLED, ENGINE_MISSING, MODEL_DAMAGED and what decoding throws. */
export async function sliceRun(
  library: OpenLibrary,
  model: Model,
  { run, ...wanted }: SliceRequest,
  { startChild, decoders }: Services,
  { signal, progress }: JobControl,
): Promise<Slice> {
  const all = runFilms(library.db, run, 'choose');
  const films = filmsOf(library, evenly(all, MOST_FILMS));
  const quiet = { signal, progress: () => undefined };
  const { pixels } = await inputsOf(library, decoders, films, model.card.size, quiet);
  const order: SliceOrder = {
    modelFolder: model.folder,
    cardSha256: model.cardSha256,
    preprocess: PREPARE_VERSION,
    pixels,
    labels: Uint8Array.from(films, ({ label }) => (label === 'fracture' ? 1 : 0)),
    ...wanted,
  };
  const sliced = await askChild(startChild, order, signal, progress);
  const { directions, seed } = wanted;
  const slice: Slice = { run, directions, seed, ...sliced, films: films.length, of: all.length };
  writeWhole(fileOf(library, model), [Buffer.from(JSON.stringify(slice))]);
  return slice;
}

async function askChild(
  startChild: StartChild,
  order: SliceOrder,
  signal: AbortSignal,
  progress: JobControl['progress'],
): Promise<Sliced> {
  type Event = { done: number; total: number };
  const asker = new Asker(startChild('tensorflow'));
  try {
    const onEvent = ({ done, total }: Event) => progress(done, total);
    return await asker.ask<Sliced, Event>('slice', order, { onEvent, signal });
  } catch (error) {
    if (error instanceof ChildDied) throw new Problem('ENGINE_MISSING', { reason: error.reason }, { cause: error });
    throw error;
  } finally {
    asker.child.kill();
  }
}

/** The one that was computed last for this very model; null where there is none that can be read. */
export function readSlice(library: OpenLibrary, model: Model): Slice | null {
  const file = fileOf(library, model);
  if (!existsSync(file)) return null;
  try {
    return sliceShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

const fileOf = (library: OpenLibrary, { cardSha256 }: Model) =>
  join(library.paths.cache, 'slices', `${cardSha256}.json`);

function filmsOf(library: OpenLibrary, some: { xray_id: number; label: string }[]) {
  const ids = some.map((film) => film.xray_id);
  const known = new Map(xraysByIds(library.db, ids).map((film) => [film.id, film]));
  return some.flatMap(({ xray_id: id, label }) => {
    const film = known.get(id);
    return film ? [{ sha256: film.sha256, frame: film.frame, label }] : [];
  });
}

/** At most so many of them, from first to last. */
function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return all.filter((_, i) => Math.floor((i * most) / all.length) !== Math.floor(((i - 1) * most) / all.length));
}
