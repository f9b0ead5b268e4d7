// Models that can answer, as cards: which run, what it learned from, how it did.
import type { ModelCard } from '#api/predictions.ts';
import { getRun, listRuns } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { modelPath } from '#core/libraries/folder.ts';
import { Problem } from '#core/problem.ts';
import { checkingOf, toRun } from '#core/runs/rows.ts';
import type { RunPlanRow, RunRecord } from '#core/runs/rows.ts';

export interface Model {
  card: ModelCard;
  /** SHA-256 of the model's own card: a folder that was changed does not answer. */
  cardSha256: string;
  folder: string;
}

/** The newest first; those that were trained elsewhere last: nothing speaks for them here. */
export function listModels(library: OpenLibrary): Model[] {
  const models = listRuns(library.db).flatMap((row) => toModel(library, row) ?? []);
  return models.toSorted((a, b) => Number(a.card.imported !== undefined) - Number(b.card.imported !== undefined));
}

/** The model of a run; of the newest that has one where none is named. Throws RUN_NOT_FOUND, RUN_NOT_DONE, NO_MODEL. */
export function chooseModel(library: OpenLibrary, run?: number): Model {
  if (run === undefined) {
    const [newest] = listModels(library);
    if (!newest) throw new Problem('NO_MODEL');
    return newest;
  }
  const row = getRun(library.db, run);
  if (!row) throw new Problem('RUN_NOT_FOUND', { run });
  const model = toModel(library, row);
  if (!model) throw new Problem('RUN_NOT_DONE', { run });
  return model;
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
      title: `Run ${run.id}, ${run.title}${imported ? '' : `, epoch ${row.best_epoch}`}`,
      trainedAt: run.startedAt,
      learnedFilms: learn?.films ?? 0,
      learnedPatients: learn?.patients ?? 0,
      learnedFrom: plan.learnedFrom,
      synthetic: plan.synthetic,
      threshold: checking.threshold,
      cannotTell: checking.cannotTell,
      test: run.test && {
        n: run.test.n,
        accuracy: run.test.accuracy,
        interval95: run.test.interval95,
        auc: run.test.auc,
      },
      checkedSure: imported ? null : checking.sure,
      size: run.settings.size,
      imported,
    },
  };
}
