// Imports as the window and the command line start them: preview, import, demo set, camera, undo.
import { basename, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { ImportPreview, ImportSummary, Layout } from '#api/imports.ts';
import type { Label } from '#api/labels.ts';
import {
  getImport,
  insertImport,
  insertRefusals,
  labelsOfImport,
  listImports,
  refusalsOf,
  updateImport,
  xrayIdsOfImport,
} from '#db/imports.ts';
import type { ImportRow } from '#db/imports.ts';
import { setTrashed } from '#db/xrays.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { JobControl, Jobs } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { journalTrash } from '#core/libraries/record.ts';
import { Problem } from '#core/problem.ts';
import { capture } from './capture.ts';
import type { Corner } from './capture.ts';
import { drawDemo } from './demo.ts';
import { boxOnFilm } from './layouts/coco.ts';
import type { LayoutReading } from './layouts/layout.ts';
import { guessLabel } from './mapping.ts';
import { preview } from './preview.ts';
import type { Preview } from './preview.ts';
import { bringIn } from './run.ts';
import type { IncomingFilm } from './run.ts';
import { regroupTwins } from './twins.ts';
import type { ImportItem } from './sort-out.ts';
import type { Uploads } from './uploads.ts';

/** Previews kept for their import to start. */
const KEPT = 4;

interface Services {
  library(): OpenLibrary;
  decoders: Decoders;
  jobs: Jobs;
  uploads: Uploads;
}

export class ImportDesk {
  readonly #services: Services;
  #previews = new Map<string, Preview | null>();

  constructor(services: Services) {
    this.#services = services;
  }

  preview(request: { paths: string[]; uploads?: string | undefined; layout: Layout; table?: string | undefined }): {
    job: string;
    preview: string;
    done: Promise<ImportPreview>;
  } {
    const { jobs, decoders, uploads } = this.#services;
    const library = this.#services.library();
    const id = randomBytes(12).toString('hex');
    const paths = request.uploads ? [uploads.folder(request.uploads)] : request.paths;
    const rootName = request.uploads ? 'Dropped files' : undefined;
    const title = `Looking through ${rootName ?? basename(paths[0] ?? '')}`;
    this.#remember(id, null);
    const { job, done } = jobs.start({ kind: 'preview', title, unit: 'files' }, async (control) => {
      const found = await preview(library, decoders, { ...request, paths, rootName }, control);
      found.report.preview = id;
      this.#remember(id, found);
      return found.report;
    });
    return { job, preview: id, done };
  }

  /** Throws PREVIEW_GONE. */
  previewed(id: string): ImportPreview {
    return this.#preview(id).report;
  }

  start(request: { preview: string; mapping: { value: string; label: Label | null }[]; source?: string | undefined }): {
    job: string;
    import: number;
    done: Promise<ImportSummary>;
  } {
    const { layout, items, report } = this.#preview(request.preview);
    const title = request.source ?? basename(report.root);
    const chosen = new Map(request.mapping.map(({ value, label }) => [value, label]));
    const guessed = new Map(report.mapping.map(({ value, label }) => [value, label]));
    const labelOf = (value: string) => {
      const map = [chosen, guessed].find((labels) => labels.has(value));
      return map ? (map.get(value) ?? null) : guessLabel(value).label;
    };
    const films = items.map((item): IncomingFilm => ({
      ...item,
      label: agreed([item.claim.value, ...item.copies].map(labelOf)),
      source: request.source ?? item.claim.source ?? title,
      synthetic: false,
      marks: marksOf(layout, item),
    }));
    const facts = { title, root: report.root, layout: layout.layout, found: report.found };
    return this.#start(facts, report, `Importing ${title}`, 'import', async () => ({ films, reader: layout.reader }));
  }

  demo(request: { images: number; seed: number }): { job: string; import: number; done: Promise<ImportSummary> } {
    const { decoders } = this.#services;
    const library = this.#services.library();
    const facts = { title: 'Demo set', root: `seed ${request.seed}`, layout: 'files', found: request.images };
    return this.#start(facts, { duplicates: [], refused: [] }, 'Drawing the demo set', 'demo', async (control) => ({
      films: await drawDemo(library, decoders, request, control),
      reader: 'Demo set',
    }));
  }

  capture(request: {
    upload: string;
    corners: Corner[] | null;
    patient: string | null;
    bodyPart: string | null;
  }): Promise<{ xray: number; duplicate: boolean }> {
    const { decoders, uploads } = this.#services;
    return capture(this.#services.library(), decoders, uploads.file(request.upload), request);
  }

  async straighten(request: {
    upload: string;
    corners: Corner[];
  }): Promise<{ upload: string; width: number; height: number }> {
    const { decoders, uploads } = this.#services;
    const upload = randomBytes(10).toString('hex');
    await uploads.take(upload, 'straight.png', null);
    const to = join(uploads.folder(upload), 'straight.png');
    const size = await decoders.ask<{ width: number; height: number }>('straighten', {
      path: uploads.file(request.upload),
      corners: request.corners,
      to,
    });
    return { upload, ...size };
  }

  list(): ImportSummary[] {
    const library = this.#services.library();
    return listImports(library.db).map((row) => summaryOf(library, row));
  }

  /** Throws IMPORT_NOT_FOUND. */
  get(id: number): ImportSummary {
    const library = this.#services.library();
    return summaryOf(library, rowOf(library, id));
  }

  /** Moves the films of an import to the trash. Throws IMPORT_NOT_FOUND, LIBRARY_BUSY. */
  undo(id: number): { films: number } {
    const library = this.#services.library();
    const row = rowOf(library, id);
    if (row.state === 'running') throw new Problem('LIBRARY_BUSY', { job: row.title });
    const ids = xrayIdsOfImport(library.db, id);
    const films = library.db.write(() => {
      updateImport(library.db, id, { state: 'undone' });
      return setTrashed(library.db, ids, library.now().toISOString());
    });
    journalTrash(library, ids);
    return { films };
  }

  #start(
    facts: { title: string; root: string; layout: string; found: number },
    report: Pick<ImportPreview, 'duplicates' | 'refused'>,
    jobTitle: string,
    kind: 'import' | 'demo',
    makeFilms: (control: JobControl) => Promise<{ films: IncomingFilm[]; reader: string }>,
  ): { job: string; import: number; done: Promise<ImportSummary> } {
    const { jobs, decoders } = this.#services;
    const library = this.#services.library();
    const at = library.now().toISOString();
    const running = { ...facts, at, state: 'running', owner: library.owner, duplicates: report.duplicates.length };
    const id = library.db.write(() => {
      const inserted = insertImport(library.db, running);
      insertRefusals(library.db, inserted, report.refused);
      return inserted;
    });
    const { job, done } = jobs.start({ kind, title: jobTitle, unit: 'films', subject: id }, async (control) => {
      try {
        const { films, reader } = await makeFilms(control);
        await bringIn(library, decoders, { import: id, reader, films }, control);
        regroupTwins(library);
        return this.get(id);
      } catch (error) {
        const cancelled = error instanceof Problem && error.code === 'CANCELLED';
        updateImport(library.db, id, { state: cancelled ? 'cancelled' : 'failed', owner: null });
        throw error;
      }
    });
    return { job, import: id, done };
  }

  #preview(id: string): Preview {
    const found = this.#previews.get(id);
    if (!found) throw new Problem('PREVIEW_GONE');
    return found;
  }

  #remember(id: string, found: Preview | null): void {
    this.#previews.set(id, found);
    for (const old of [...this.#previews.keys()].slice(0, -KEPT)) this.#previews.delete(old);
  }
}

/** The label of a film whose copies say the same or nothing; none where one says another: a reader must look. */
function agreed(labels: (Label | null)[]): Label | null {
  const said = new Set(labels.filter((label) => label !== null));
  return said.size === 1 ? ([...said][0] ?? null) : null;
}

function rowOf(library: OpenLibrary, id: number): ImportRow {
  const row = getImport(library.db, id);
  if (!row) throw new Problem('IMPORT_NOT_FOUND', { import: id });
  return row;
}

function summaryOf(library: OpenLibrary, row: ImportRow): ImportSummary {
  const labels = { fracture: 0, whole: 0, uncertain: 0, none: 0 };
  for (const { label, films } of labelsOfImport(library.db, row.id))
    labels[(label ?? 'none') as keyof typeof labels] += films;
  const imported = labels.fracture + labels.whole + labels.uncertain + labels.none;
  return {
    import: row.id,
    at: row.at,
    title: row.title,
    root: row.root,
    layout: row.layout as ImportSummary['layout'],
    state: row.state as ImportSummary['state'],
    found: row.found,
    imported,
    duplicates: row.duplicates,
    refused: refusalsOf(library.db, row.id),
    labels,
    undoable: imported > 0 && row.state !== 'running',
  };
}

/** Boxes that came with a picture; a file of several films is no picture of a layout with boxes. */
function marksOf({ boxesOf }: LayoutReading, { file, frames }: ImportItem): IncomingFilm['marks'] {
  const [frame] = frames;
  // Where a box lies on a film that was turned depends on how it was shown when it was marked, which nobody says.
  if (!frame || frames.length > 1 || frame.turned) return [];
  return (boxesOf?.(file) ?? []).flatMap((given) => {
    const box = boxOnFilm(given, frame);
    return box ? [{ kind: 'box', label: 'fracture', ...box, source: 'import' }] : [];
  });
}
