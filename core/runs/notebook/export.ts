// A run as a folder that stands by itself: a notebook in Python, its figures, its model, ten films to try it on.
// Written whole or not at all. Must not open judging films: what was not opened stays sealed in it too.
import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { NOTICE } from '#api/notice.ts';
import type { ExportedRun, RunDetail } from '#api/runs.ts';
import { runFilms } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import { sealedFileNames } from '#core/cnn/sealed-folder.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import { makeFolder, syncFile, syncFolder, temporaryBeside, writeDurably } from '#core/libraries/durable.ts';
import { modelPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { packageFolder } from '#core/version.ts';
import { inputsOf } from '../inputs.ts';
import { checkingOf, toRunDetail } from '../rows.ts';
import type { RunRecord } from '../rows.ts';
import { notebookOf } from './cells.ts';
import { npy } from './npy.ts';
import { curvesTable, filmsTable, inputsTable, runJson } from './tables.ts';
import type { ExportedFilm } from './tables.ts';

interface Services {
  decoders: Decoders;
  models: ModelProcess;
}

const sources = join(packageFolder, 'resources', 'notebook');
/** Go along as they are. */
const companions = ['osteon_model.py', 'requirements.txt', 'README.txt'];
/** Films to try the model on. */
const TRIED = 10;

/**
 * Writes the folder, which must be new or empty.
 * @throws Problem RUN_STILL_LEARNING, RUN_NOT_DONE, BAD_INPUT for a run that was trained elsewhere, EXPORT_TARGET_USED,
 *   MODEL_DAMAGED, PATH_UNUSABLE, DISK_FULL
 */
export async function exportNotebook(
  library: OpenLibrary,
  row: RunRow,
  services: Services,
  to: string,
): Promise<ExportedRun> {
  const folder = resolve(to);
  const { model, checking } = modelOf(library, row);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Problem('EXPORT_TARGET_USED', { folder });
  const run = toRunDetail(library, row);
  const films = filmsOf(library, row);
  const tried = mixed(films.filter(({ part }) => part === 'choose'));
  const { size } = run.settings;
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  const { pixels } = await inputsOf(library, services.decoders, tried, size, quiet);
  const answers = await services.models.ask<Float32Array>('predict', {
    ...model,
    preprocess: PREPARE_VERSION,
    pixels,
    count: tried.length,
  });
  const python = readFileSync(join(sources, 'run.py'), 'utf8');
  const files: [string, string | Uint8Array][] = [
    ['run.ipynb', notebookOf(firstWords(run), python, run.test ? 'opened' : 'sealed')],
    ['run.json', runJson(run, checking, films.length, library.now())],
    ['curves.csv', curvesTable(run.curve)],
    ['films.csv', filmsTable(films)],
    ['inputs.npy', npy(pixels, [tried.length, size, size])],
    ['inputs.csv', inputsTable(tried, answers)],
    ...companions.map((name): [string, Uint8Array] => [name, readFileSync(join(sources, name))]),
  ];
  writeFolder(folder, files, model.modelFolder);
  const written = [...files.map(([name]) => name), ...sealedFileNames.map((name) => `model/${name}`)];
  return { run: row.id, folder, files: written, sealed: run.test === null };
}

function modelOf({ paths }: OpenLibrary, row: RunRow) {
  if (row.state === 'running') throw new Problem('RUN_STILL_LEARNING', { run: row.id });
  const { card, folder, imported } = JSON.parse(row.record) as RunRecord;
  const checking = checkingOf(row);
  if (imported !== undefined) {
    throw new Problem('BAD_INPUT', {
      reason: `run ${row.id} was trained elsewhere: nothing of how it learned is known`,
    });
  }
  if (card === null || !checking) throw new Problem('RUN_NOT_DONE', { run: row.id });
  return { checking, model: { modelFolder: modelPath(paths, row.id, folder), cardSha256: card } };
}

/** The run's films with their answers, but for those of judging films that were not opened. */
function filmsOf({ db }: OpenLibrary, row: RunRow): ExportedFilm[] {
  const films = runFilms(db, row.id);
  const ids = films.map(({ xray_id: id }) => id);
  const xrays = new Map(xraysByIds(db, ids).map((xray) => [xray.id, xray]));
  return films.flatMap(({ xray_id: id, part, label, probability }) => {
    const xray = xrays.get(id);
    if (!xray) return [];
    const { sha256, frame, patient } = xray;
    const told = part !== 'judge' || row.test !== null;
    return [{ sha256, frame, part, label, patient, probability: told ? probability : null }];
  });
}

/** As many of one class as of the other, in turn; of the commoner one more where the other has too few. */
function mixed(films: readonly ExportedFilm[]): ExportedFilm[] {
  const [fractures, wholes] = ['fracture', 'whole'].map((label) => films.filter((film) => film.label === label));
  const turns = Array.from({ length: TRIED }, (_, place) => [fractures?.[place], wholes?.[place]]).flat();
  return turns.filter((film) => film !== undefined).slice(0, TRIED);
}

function firstWords({ id, title, sentence, synthetic }: RunDetail): string {
  const drawn = synthetic ? 'Its films were drawn by Osteon: nothing here says anything about X-rays of people.' : null;
  return [`# Run ${id}: ${title}`, sentence, drawn, NOTICE].filter((line) => line !== null).join('\n\n');
}

/** Into a folder beside, which then takes the name. */
function writeFolder(folder: string, files: [string, string | Uint8Array][], model: string): void {
  const temporary = temporaryBeside(folder);
  const models = join(temporary, 'model');
  try {
    makeFolder(models);
    for (const [name, content] of files) writeDurably(join(temporary, name), content);
    for (const name of sealedFileNames) {
      copyFileSync(join(model, name), join(models, name));
      syncFile(join(models, name));
    }
    syncFolder(models);
    syncFolder(temporary);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  syncFolder(dirname(folder));
}

/** Name of a folder inside another one, for those who choose where but not as what. */
export function folderFor(inside: string, { id }: Pick<RunRow, 'id'>): string {
  return join(resolve(inside), `osteon-run-${id}`);
}
