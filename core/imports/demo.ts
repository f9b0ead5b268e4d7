// The demo set: films drawn by Osteon, for those who have none yet. Marked synthetic wherever they show.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '#api/box.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { FileReading } from '#core/imaging/film.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { makeFolder } from '#core/libraries/durable.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import type { IncomingFilm } from './run.ts';

const AT_ONCE = 6;

/** What the drawing child says of a film it has written. */
interface Drawn {
  label: 'fracture' | 'whole';
  box: Box | null;
  patient: string;
  study: string;
  bodyPart: string;
  projection: string;
  laterality: string;
}

/** Draws films `0 … images - 1` of a seed into the incoming folder. The same seed gives the same films. */
export async function drawDemo(
  library: OpenLibrary,
  decoders: Decoders,
  { images, seed }: { images: number; seed: number },
  { signal, progress }: JobControl,
): Promise<IncomingFilm[]> {
  const folder = join(library.paths.incoming, `demo-${seed}`);
  makeFolder(folder);
  const films = new Array<IncomingFilm>(images);
  let next = 0;
  let done = 0;
  const draw = async () => {
    for (let index = next++; index < images; index = next++) {
      if (signal.aborted) throw new Problem('CANCELLED');
      films[index] = await drawOne(library, decoders, folder, seed, index);
      progress(++done, images);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, draw));
  return films;
}

async function drawOne(
  library: OpenLibrary,
  decoders: Decoders,
  folder: string,
  seed: number,
  index: number,
): Promise<IncomingFilm> {
  const name = `demo-${seed}-${String(index + 1).padStart(5, '0')}.png`;
  const to = join(folder, name);
  const drawn = await decoders.ask<Drawn>('phantom', { seed, index, to });
  const input = { path: to, salt: library.salt, keepIdentity: false, thumbnails: library.paths.thumbnails };
  const reading = await decoders.ask<FileReading>('read', input);
  const { size, mtimeMs } = statSync(to);
  return {
    file: { absolute: to, path: name, bytes: size, modifiedMs: mtimeMs },
    reading: { ...reading, burnedIn: false },
    frames: reading.frames,
    claim: {
      value: drawn.label,
      patient: `demo ${seed} ${drawn.patient}`,
      study: `demo ${seed} ${drawn.study}`,
      bodyPart: drawn.bodyPart,
      projection: drawn.projection,
      laterality: drawn.laterality,
      source: 'Demo set',
    },
    label: drawn.label,
    source: 'Demo set',
    synthetic: true,
    marks: drawn.box ? [{ kind: 'box', label: 'fracture', ...drawn.box, source: 'drawn' }] : [],
  };
}
