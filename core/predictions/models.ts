// Models that can answer, as cards: a run, or the runs of a series together; what they learned from, how they did.
import type { ModelCard, ModelName } from '#api/predictions.ts';
import type { TestFigures } from '#api/runs.ts';
import { getRun, listRuns } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import { listSeries } from '#db/series.ts';
import type { SeriesRow } from '#db/series.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { modelPath } from '#core/libraries/folder.ts';
import { Problem } from '#core/problem.ts';
import { checkingOf, toRun } from '#core/runs/rows.ts';
import type { RunPlanRow, RunRecord } from '#core/runs/rows.ts';
import { seriesRow, toSeries } from '#core/series/rows.ts';
import { membersOf } from '#core/series/together.ts';

interface ModelFiles {
  /** SHA-256 of the model's own card: a folder that was changed does not answer. */
  cardSha256: string;
  folder: string;
}

/** A run's own model. */
export interface Model extends ModelFiles {
  card: ModelCard;
}

/** What answers: one model, or several together. */
export interface Answering {
  card: ModelCard;
  members: ModelFiles[];
}

/** The newest first, a series before its runs; those that were trained elsewhere last: nothing speaks for them here. */
export function listModels(library: OpenLibrary): Answering[] {
  const series = new Map(listSeries(library.db).flatMap((row) => ensemblesOf(library, row)));
  const models = listRuns(library.db).flatMap((row) => {
    const model = toModel(library, row);
    const together = series.get(row.id);
    return [...(together ? [together] : []), ...(model ? [answering(model)] : [])];
  });
  return models.toSorted((a, b) => Number(a.card.imported !== undefined) - Number(b.card.imported !== undefined));
}

/**
 * What answers by that name, the newest where none is given.
 * @throws Problem RUN_NOT_FOUND, RUN_NOT_DONE, SERIES_NOT_FOUND, SERIES_NOT_DONE, FOLDS_DO_NOT_ANSWER, NO_MODEL
 */
export function chooseAnswering(library: OpenLibrary, name?: ModelName): Answering {
  if (name === undefined) {
    const [newest] = listModels(library);
    if (!newest) throw new Problem('NO_MODEL');
    return newest;
  }
  if (typeof name === 'number') return answering(chooseModel(library, name));
  return toEnsemble(library, seriesRow(library, Number(name.slice('series:'.length))));
}

/** The model of a run; of the newest that has one where none is named. Throws RUN_NOT_FOUND, RUN_NOT_DONE, NO_MODEL. */
export function chooseModel(library: OpenLibrary, run?: number): Model {
  const named = run ?? chooseAnswering(library).card.run;
  const row = getRun(library.db, named);
  if (!row) throw new Problem('RUN_NOT_FOUND', { run: named });
  const model = toModel(library, row);
  if (!model) throw new Problem('RUN_NOT_DONE', { run: named });
  return model;
}

/** How a child is asked for a model. */
export function referenceTo({ folder, cardSha256 }: ModelFiles) {
  return { modelFolder: folder, cardSha256, preprocess: PREPARE_VERSION };
}

function answering({ card, ...files }: Model): Answering {
  return { card, members: [files] };
}

/** By its newest run, before which it is listed. */
function ensemblesOf(library: OpenLibrary, row: SeriesRow): [number, Answering][] {
  if (row.checking === null) return [];
  const ensemble = toEnsemble(library, row);
  const last = ensemble.card.members?.at(-1);
  return last === undefined ? [] : [[last, ensemble]];
}

function toEnsemble(library: OpenLibrary, row: SeriesRow): Answering {
  const { runs, checking } = membersOf(library, row);
  const models = runs.map(({ id }) => chooseModel(library, id));
  const series = toSeries(library, row);
  const [first] = models;
  const test = series.ensemble?.test ?? null;
  if (!first) throw new Problem('NO_MODEL');
  return {
    members: models.map(({ folder, cardSha256 }) => ({ folder, cardSha256 })),
    card: {
      ...first.card,
      name: `series:${row.id}`,
      title: `Series ${row.id}, ${series.title}, together`,
      trainedAt: series.startedAt,
      members: runs.map(({ id }) => id),
      threshold: checking.threshold,
      cannotTell: checking.cannotTell,
      test: test && headline(test),
      checkedSure: checking.sure,
    },
  };
}

function toModel(library: OpenLibrary, row: RunRow): Model | null {
  const checking = checkingOf(row);
  const { card, folder, imported } = JSON.parse(row.record) as RunRecord;
  if ((row.best_epoch === null && !imported) || !checking || card === null) return null;
  const run = toRun(library, row);
  const plan = JSON.parse(row.plan) as RunPlanRow;
  const learn = plan.parts.find(({ part }) => part === 'learn');
  return {
    cardSha256: card,
    folder: modelPath(library.paths, row.id, folder),
    card: {
      run: run.id,
      name: run.id,
      members: null,
      title: `Run ${run.id}, ${run.title}${imported ? '' : `, epoch ${row.best_epoch}`}`,
      trainedAt: run.startedAt,
      learnedFilms: learn?.films ?? 0,
      learnedPatients: learn?.patients ?? 0,
      learnedFrom: plan.learnedFrom,
      synthetic: plan.synthetic,
      threshold: checking.threshold,
      cannotTell: checking.cannotTell,
      test: run.test && headline(run.test),
      checkedSure: imported ? null : checking.sure,
      size: run.settings.size,
      imported,
    },
  };
}

function headline({ n, accuracy, interval95, auc }: TestFigures): ModelCard['test'] {
  return { n, accuracy, interval95, auc };
}
