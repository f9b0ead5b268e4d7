// Run rows as the contract shows them: settings, curves, figures, sentences.
// Must not change anything.
import type { Epoch, Run, RunDetail, RunPlan, RunSettings, TestFigures, Tuning } from '#api/runs.ts';
import { plannedEpochs, runSettings } from '#api/runs.ts';
import { countOpenings, epochsOf } from '#db/runs.ts';
import type { RunRow } from '#db/runs.ts';
import type { Db } from '#db/open.ts';
import { hasCheckpoints } from '#core/cnn/checkpoint.ts';
import { presets } from '#core/cnn/networks/index.ts';
import { remarkOn } from '#core/evaluation/remark.ts';
import { resultSentence } from '#core/evaluation/sentence.ts';
import { checkpointPath } from '#core/libraries/folder.ts';
import type { LibraryPaths } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { ProblemRow } from '#core/problem.ts';

/** What is kept of a run when it starts. */
export interface RunPlanRow {
  parts: RunPlan['parts'];
  patientsKnown: boolean;
  synthetic: boolean;
  learnedFrom: string;
}

export interface RunRecord {
  versions: Record<string, string>;
  dataHash: string;
  splitHash: string;
  machine: string;
  /** That it computed in, once known. */
  precision?: string;
  /** How the native library is loaded for it, also where it goes on; none where that library did not train. */
  tuning?: Tuning | null;
  /** SHA-256 of the model's card, once there is one: the model is known by it. */
  card: string | null;
  /** SHA-256 of the card of the body it learns on. */
  body?: string;
  /** File it was imported from, where it was trained elsewhere. */
  imported?: string;
  /** Name of the model's folder where it is not the run's number. */
  folder?: string;
  /** Each time it went on after a stop: after which epoch, and how many newer checkpoints were damaged. */
  resumes?: { epoch: number; damaged: number }[];
}

/** What the films to choose by said of the best epoch. */
export interface Checking {
  auc: number;
  accuracy: number;
  n: number;
  threshold: number;
  cannotTell: { from: number; to: number } | null;
  sure: { films: number; right: number };
}

type Rows = Pick<OpenLibrary, 'db' | 'paths'>;

export function toRun({ db, paths }: Rows, row: RunRow): Run {
  const settings = runSettings.parse(JSON.parse(row.settings));
  const curve = curveOf(db, row.id);
  const plan = JSON.parse(row.plan) as RunPlanRow;
  const record = JSON.parse(row.record) as RunRecord;
  const { versions, dataHash, splitHash, machine, precision = null, tuning = null, resumes = [] } = record;
  return {
    id: row.id,
    state: row.state as Run['state'],
    title: settings.fold
      ? `${titleOf(settings)}, fold ${settings.fold.number} of ${settings.fold.of}`
      : titleOf(settings),
    settings,
    engine: row.engine,
    startedAt: row.started_at,
    seconds: row.seconds,
    films: row.films,
    epochs: curve.length,
    best: curve.find((epoch) => epoch.epoch === row.best_epoch) ?? null,
    test: row.test === null ? null : (JSON.parse(row.test) as TestFigures),
    openings: countOpenings(db, settings.splitSeed),
    error: row.error === null ? null : (JSON.parse(row.error) as ProblemRow),
    synthetic: plan.synthetic,
    resumable: isResumable(paths, row),
    series: row.series_id,
    imported: record.imported,
    parts: plan.parts,
    record: { versions, dataHash, splitHash, machine, precision, tuning, resumes },
  };
}

/** Once its judging films were opened a run is what it is. */
export function isResumable(paths: LibraryPaths, { id, state, test }: RunRow): boolean {
  return (state === 'stopped' || state === 'failed') && test === null && hasCheckpoints(checkpointPath(paths, id));
}

export function toRunDetail(rows: Rows, row: RunRow): RunDetail {
  const { db } = rows;
  const run = toRun(rows, row);
  const curve = curveOf(db, row.id);
  const plan = JSON.parse(row.plan) as RunPlanRow;
  const checking = checkingOf(row);
  return {
    ...run,
    curve,
    ...remarkOn({
      curve,
      choosing: plan.parts.find(({ part }) => part === 'choose')?.films ?? 0,
      learningMajority: majority(plan.parts.find(({ part }) => part === 'learn')),
      epochs: plannedEpochs(run.settings),
      patience: run.settings.patience,
      running: row.state === 'running',
    }),
    patientsKnown: plan.patientsKnown,
    checking: checking && { auc: checking.auc, accuracy: checking.accuracy, n: checking.n },
    sentence: run.test && sentenceOf(run.test, plan),
  };
}

export function checkingOf(row: Pick<RunRow, 'checking'>): Checking | null {
  return row.checking === null ? null : (JSON.parse(row.checking) as Checking);
}

function curveOf(db: Db, run: number): Epoch[] {
  return epochsOf(db, run).map((row) => JSON.parse(row) as Epoch);
}

export function titleOf({ preset, size, body }: Pick<RunSettings, 'preset' | 'size' | 'body'>): string {
  if (body !== null) return `Body ${body}, ${size} × ${size}`;
  const { title } = presets.find(({ name }) => name === preset) ?? {
    title: preset === 'imported' ? 'Imported network' : preset,
  };
  return `${title}, ${size} × ${size}`;
}

function majority(part: { fracture: number; whole: number; films: number } | undefined): number {
  return part && part.films > 0 ? Math.max(part.fracture, part.whole) / part.films : 0.5;
}

export function sentenceOf(test: TestFigures, plan: RunPlanRow): string {
  const judge = plan.parts.find(({ part }) => part === 'judge');
  const label = judge && judge.fracture > judge.whole ? 'fracture' : 'whole';
  return resultSentence(
    test,
    { label, share: test.majority },
    { patientsKnown: plan.patientsKnown, synthetic: plan.synthetic },
  );
}
