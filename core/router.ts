// Every procedure of the contract, answered from the desk. Wires nouns to their functions and errors to their texts.
// Must not do a noun's work.
import { implement, ORPCError } from '@orpc/server';
import { contract } from '#api/contract.ts';
import { problems } from '#api/problems.ts';
import type { Desk } from './desk.ts';
import { browse } from './files/browse.ts';
import { decide } from './labels/decide.ts';
import { redo, undo } from './labels/undo.ts';
import { historyOf, shown, undoable } from './labels/show.ts';
import { backUp, restore } from './libraries/backup.ts';
import { listBackups } from './libraries/backups.ts';
import { describeLibrary, rename } from './libraries/describe.ts';
import { setKeepsIdentity } from './libraries/identity.ts';
import { asMeant } from './libraries/meant.ts';
import { issueInWords } from './issue-words.ts';
import type { Issue } from './issue-words.ts';
import { verify } from './libraries/verify.ts';
import { Problem, toProblem } from './problem.ts';
import { addReader, changeName, chooseReader, currentReader, readerNamed, readersOf } from './readers/readers.ts';
import { examine } from './settings/doctor.ts';
import { countFacets, filmDetail, filmIds, listFilms } from './xrays/find.ts';
import { bringBack, putAway } from './xrays/trash.ts';

export type Router = ReturnType<typeof createRouter>;

/** The contract with every error explained on the way out. */
function implementer(desk: Desk) {
  return implement(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (error) {
      throw explained(desk, error, path.join('.'));
    }
  });
}

type Os = ReturnType<typeof implementer>;

export function createRouter(desk: Desk) {
  const os = implementer(desk);
  return os.router({
    libraries: libraryProcedures(os, desk),
    xrays: xrayProcedures(os, desk),
    labels: labelProcedures(os, desk),
    readers: readerProcedures(os, desk),
    imports: importProcedures(os, desk),
    jobs: jobProcedures(os, desk),
    runs: runProcedures(os, desk),
    series: seriesProcedures(os, desk),
    networks: networkProcedures(os, desk),
    bodies: bodyProcedures(os, desk),
    predictions: predictionProcedures(os, desk),
    settings: settingsProcedures(os, desk),
    files: { browse: os.files.browse.handler(({ input }) => browse(input.folder)) },
  });
}

/** A problem keeps its code and text; anything else is logged once and shown as a fault of ours. */
function explained(desk: Desk, error: unknown, procedure: string): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error.code === 'BAD_REQUEST' ? declared(badInput(error)) : error;
  if ((error as Error | null)?.name === 'AbortError') return new ORPCError('CLIENT_CLOSED_REQUEST');
  const problem = toProblem(error);
  if (!problem) desk.log.error({ err: error, procedure }, 'procedure failed');
  return declared(problem ?? new Problem('INTERNAL'));
}

function declared({ code, message, next, values }: Problem): ORPCError<string, unknown> {
  return new ORPCError(code, { defined: true, status: problems[code].status, message, data: { next, values } });
}

/** Which value does not fit the contract, and why, as the schema says it. */
function badInput(error: ORPCError<string, unknown>): Problem {
  const { issues = [] } = (error.data ?? {}) as { issues?: Issue[] };
  return new Problem('BAD_INPUT', { reason: issues.map(issueInWords).join('; ') || 'it is not of the expected form' });
}

function libraryProcedures({ libraries }: Os, desk: Desk) {
  return {
    current: libraries.current.handler(() => {
      const library = desk.openLibrary();
      return library && describeLibrary(library);
    }),
    recent: libraries.recent.handler(() => desk.settings.recent),
    open: libraries.open.handler(({ input }) => describeLibrary(desk.swapLibrary(input.folder, input.create))),
    rename: libraries.rename.handler(({ input }) => {
      const library = asMeant(desk.library(), input.library);
      rename(library, input.name);
      return describeLibrary(library);
    }),
    keepIdentity: libraries.keepIdentity.handler(({ input }) => {
      const library = asMeant(desk.library(), input.library);
      setKeepsIdentity(library, input.keep);
      return describeLibrary(library);
    }),
    backUp: libraries.backUp.handler(({ input }) => {
      const library = desk.library();
      return desk.jobs.start({ kind: 'backup', title: 'Backing up', unit: 'files' }, () =>
        backUp(library, input?.folder),
      ).done;
    }),
    backups: libraries.backups.handler(() => listBackups(desk.library().paths.backups)),
    restore: libraries.restore.handler(({ input }) => restore(input.backup, input.into)),
    verify: libraries.verify.handler(() => {
      const library = desk.library();
      const work = (control: { signal: AbortSignal; progress(done: number, total?: number): void }) =>
        verify(library, control.progress, control.signal);
      return desk.jobs.start({ kind: 'verify', title: 'Checking the library', unit: 'files' }, work).done;
    }),
  };
}

function xrayProcedures({ xrays }: Os, desk: Desk) {
  return {
    list: xrays.list.handler(({ input: { filter, sort, offset, limit } }) =>
      listFilms(desk.library(), filter, sort, offset, limit),
    ),
    ids: xrays.ids.handler(({ input }) => filmIds(desk.library(), input.filter, input.sort)),
    facets: xrays.facets.handler(({ input }) => countFacets(desk.library(), input.filter)),
    get: xrays.get.handler(({ input }) => filmDetail(desk.library(), input.xray)),
    trash: xrays.trash.handler(({ input }) => putAway(asMeant(desk.library(), input.library), input.xrays)),
    restore: xrays.restore.handler(({ input }) => bringBack(asMeant(desk.library(), input.library), input.xrays)),
  };
}

function labelProcedures({ labels }: Os, desk: Desk) {
  return {
    set: labels.set.handler(({ input }) => {
      const library = asMeant(desk.library(), input.library);
      const reader = input.reader ? readerNamed(library, input.reader) : currentReader(library);
      const decisions = input.xrays.map((xray) => ({ xray, label: input.label }));
      return shown(library, decide(library, decisions, { reader: reader.key, why: 'read' }));
    }),
    history: labels.history.handler(({ input }) => historyOf(desk.library(), input.xray)),
    undo: labels.undo.handler(({ input }) => {
      const library = asMeant(desk.library(), input?.library);
      return shown(library, undo(library, currentReader(library).key));
    }),
    redo: labels.redo.handler(({ input }) => {
      const library = asMeant(desk.library(), input?.library);
      return shown(library, redo(library, currentReader(library).key));
    }),
    undoable: labels.undoable.handler(({ input }) => {
      const library = asMeant(desk.library(), input?.library);
      return undoable(library, currentReader(library).key);
    }),
  };
}

function readerProcedures({ readers }: Os, desk: Desk) {
  return {
    list: readers.list.handler(() => readersOf(desk.library())),
    add: readers.add.handler(({ input }) => addReader(desk.library(), input.name)),
    rename: readers.rename.handler(({ input }) => changeName(desk.library(), input.reader, input.name)),
    choose: readers.choose.handler(({ input }) => chooseReader(desk.library(), input.reader)),
  };
}

function importProcedures({ imports }: Os, { imports: desk, library }: Desk) {
  return {
    preview: imports.preview.handler(({ input }) => {
      const { job, preview } = desk.preview(input);
      return { job, preview };
    }),
    previewed: imports.previewed.handler(({ input }) => desk.previewed(input.preview)),
    start: imports.start.handler(({ input }) => started(desk.start(input))),
    demo: imports.demo.handler(({ input }) => started(desk.demo(input))),
    capture: imports.capture.handler(({ input }) => desk.capture(input)),
    straighten: imports.straighten.handler(({ input }) => desk.straighten(input)),
    list: imports.list.handler(() => desk.list()),
    get: imports.get.handler(({ input }) => desk.get(input.import)),
    undo: imports.undo.handler(({ input }) => {
      asMeant(library(), input.library);
      return desk.undo(input.import);
    }),
  };
}

function started(work: { job: string; import: number }): { job: string; import: number } {
  return { job: work.job, import: work.import };
}

function jobProcedures({ jobs }: Os, { jobs: desk }: Desk) {
  return {
    list: jobs.list.handler(() => desk.list()),
    watch: jobs.watch.handler(({ signal }) => desk.watch(signal)),
    follow: jobs.follow.handler(({ input, signal }) => desk.follow(input.job, signal)),
    cancel: jobs.cancel.handler(({ input }) => {
      desk.cancel(input.job);
      return {};
    }),
  };
}

function runProcedures({ runs }: Os, { runs: desk }: Desk) {
  return {
    presets: runs.presets.handler(() => desk.presets()),
    networks: runs.networks.handler(({ input }) => desk.networks(input.size)),
    plan: runs.plan.handler(({ input }) => desk.plan(input.settings)),
    start: runs.start.handler(async ({ input }) => {
      const { run, job } = await desk.start(input.settings);
      return { run, job };
    }),
    resume: runs.resume.handler(async ({ input }) => {
      const { run, job } = await desk.resume(input.run);
      return { run, job };
    }),
    follow: runs.follow.handler(({ input, signal }) => desk.follow(input.run, signal)),
    stop: runs.stop.handler(({ input }) => {
      desk.stop(input.run);
      return {};
    }),
    list: runs.list.handler(() => desk.list()),
    get: runs.get.handler(({ input }) => desk.get(input.run)),
    judge: runs.judge.handler(({ input }) => desk.judge(input.run)),
    exportNotebook: runs.exportNotebook.handler(({ input }) => desk.exportNotebook(input)),
    answers: runs.answers.handler(({ input }) => desk.answers(input.run)),
  };
}

function seriesProcedures({ series }: Os, { series: desk }: Desk) {
  return {
    start: series.start.handler(({ input }) => desk.start(input)),
    resume: series.resume.handler(({ input }) => desk.resume(input.series)),
    stop: series.stop.handler(({ input }) => {
      desk.stop(input.series);
      return {};
    }),
    follow: series.follow.handler(({ input, signal }) => desk.follow(input.series, signal)),
    list: series.list.handler(() => desk.list()),
    get: series.get.handler(({ input }) => desk.get(input.series)),
    judge: series.judge.handler(({ input }) => desk.judge(input.series)),
    answers: series.answers.handler(({ input }) => desk.answers(input.series)),
  };
}

function networkProcedures({ networks }: Os, { networks: desk }: Desk) {
  return {
    describe: networks.describe.handler(({ input }) => desk.describe(input)),
    maps: networks.maps.handler(({ input }) => desk.maps(input)),
    unit: networks.unit.handler(({ input }) => desk.unit(input)),
    activations: networks.activations.handler(({ input }) => desk.activations(input)),
    slice: networks.slice.handler(({ input }) => ({ job: desk.slice(input).job })),
    import: networks.import.handler(({ input }) => desk.import(input)),
    sliced: networks.sliced.handler(({ input }) => desk.sliced(input.run)),
  };
}

function bodyProcedures({ bodies }: Os, { bodies: desk }: Desk) {
  return {
    list: bodies.list.handler(() => desk.list()),
    import: bodies.import.handler(({ input }) => desk.import(input)),
    remove: bodies.remove.handler(({ input }) => {
      desk.remove(input.name);
      return {};
    }),
  };
}

function predictionProcedures({ predictions }: Os, { predictions: desk }: Desk) {
  return {
    models: predictions.models.handler(() => desk.models()),
    classify: predictions.classify.handler(({ input }) => desk.classify(input)),
    classifyAll: predictions.classifyAll.handler(({ input }) => {
      const { job, list } = desk.classifyAll(input);
      return { job, list };
    }),
    list: predictions.list.handler(({ input }) => desk.list(input.list)),
  };
}

function settingsProcedures({ settings }: Os, desk: Desk) {
  return {
    get: settings.get.handler(() => desk.settings.settings),
    set: settings.set.handler(({ input }) => desk.settings.change(input as Parameters<Desk['settings']['change']>[0])),
    doctor: settings.doctor.handler(({ input }) => examine(desk, input?.again ?? false)),
    calibrate: settings.calibrate.handler(async () => {
      const { job } = await desk.calibrations.start();
      return { job };
    }),
    calibration: settings.calibration.handler(() => desk.calibrations.current()),
  };
}
