// What a run's folder says in figures: run.json, curves.csv, films.csv, inputs.csv.
// Films are told by the hash of their file: no names, file names or pseudonyms.
import { NOTICE } from '#api/notice.ts';
import type { Epoch, RunDetail } from '#api/runs.ts';
import { csv } from '#core/labels/csv.ts';
import type { Checking } from '../rows.ts';

/** One film of the run; `patient` as the library knows it, which is not told. */
export interface ExportedFilm {
  sha256: string;
  frame: number;
  part: string;
  label: string;
  patient: string | null;
  /** null where it was not asked for: judging films while they are sealed. */
  probability: number | null;
}

export function curvesTable(curve: readonly Epoch[]): string {
  const columns = ['epoch', 'loss', 'accuracy', 'checking_loss', 'checking_accuracy', 'checking_auc'];
  const rows = curve.map(({ imagesPerSecond, seconds, ...e }) => [
    ...[e.epoch, e.loss, e.accuracy, e.valLoss, e.valAccuracy, e.valAuc],
    ...[imagesPerSecond, seconds],
  ]);
  return csv([...columns, 'films_per_second', 'seconds'], rows);
}

/** Patients are numbered anew, by their first film here: enough to see that none stands in two parts. */
export function filmsTable(films: readonly ExportedFilm[]): string {
  const numbers = new Map<string, number>();
  const numberOf = (patient: string | null) => {
    if (patient === null) return null;
    if (!numbers.has(patient)) numbers.set(patient, numbers.size + 1);
    return numbers.get(patient) ?? null;
  };
  return csv(
    ['sha256', 'frame', 'part', 'label', 'patient', 'probability'],
    films.map((film) => [film.sha256, film.frame, film.part, film.label, numberOf(film.patient), film.probability]),
  );
}

/** Row by row the films of inputs.npy, with what Osteon answers on them. */
export function inputsTable(films: readonly ExportedFilm[], answers: Float32Array): string {
  return csv(
    ['sha256', 'frame', 'label', 'probability'],
    films.map((film, place) => [film.sha256, film.frame, film.label, answers[place] ?? null]),
  );
}

/** @param films how many of the run's films are still in the library */
export function runJson(run: RunDetail, checking: Checking, films: number, at: Date): string {
  const { id, title, state, startedAt, seconds, settings, engine, parts, best, test, openings, synthetic } = run;
  const { versions, machine, precision, tuning, dataHash, splitHash, resumes } = run.record;
  const content = {
    format: 1,
    exportedAt: at.toISOString(),
    notice: NOTICE,
    run: { id, title, state, startedAt, seconds, synthetic, remark: run.remark, sentence: run.sentence },
    settings,
    seed: settings.seed,
    engine,
    precision,
    tuning,
    versions,
    machine,
    resumes,
    data: { films: run.films, stillThere: films, hash: dataHash },
    split: { seed: settings.splitSeed, fold: settings.fold, hash: splitHash, parts },
    bestEpoch: best?.epoch ?? null,
    threshold: checking.threshold,
    cannotTell: checking.cannotTell,
    figures: {
      checking: { n: checking.n, accuracy: checking.accuracy, auc: checking.auc },
      judging: test,
      openings,
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
