// Answers on opened films: one at a time or whole folders, each with what it rests on. Keeps what the window draws.
// Must not answer where the film does not look like what the model learned from.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { NOTICE } from '#api/contract.ts';
import { heatUrl, predictionPixelsUrl, predictionThumbnailUrl, seenUrl } from '#api/images.ts';
import type { PixelDescription } from '#api/images.ts';
import type { Refusal } from '#api/imports.ts';
import type { ModelCard, ModelName, Prediction, PredictionRow } from '#api/predictions.ts';
import { filmsOfSource } from '#db/imports.ts';
import { xraysByIds } from '#db/xrays.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import type { Answered } from '#core/cnn/answer.ts';
import type { FileReading } from '#core/imaging/film.ts';
import { scan } from '#core/imports/scan.ts';
import type { Uploads } from '#core/imports/uploads.ts';
import type { JobControl, Jobs } from '#core/jobs/jobs.ts';
import { originalPath, thumbnailPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem, toProblem } from '#core/problem.ts';
import type { Inputs } from '#core/runs/inputs.ts';
import { answerOf, boxOnFilm, regionOf } from './answer.ts';
import { chooseAnswering, listModels, referenceTo } from './models.ts';
import type { Answering } from './models.ts';
import { answerTogether } from './together.ts';

/** Answers kept for the window to draw; a heat map and an input take at most 100 kB. */
const KEPT = 5000;
const LISTS = 8;
const AT_ONCE = 4;

interface Services {
  library(): OpenLibrary;
  jobs: Jobs;
  decoders: Decoders;
  models: ModelProcess;
  uploads: Uploads;
}

/** A film as it is asked about. `name` is what the user knows it by. */
interface Asked {
  path: string;
  frame: number;
  name: string;
  xray: number | null;
}

interface Kept {
  path: string;
  frame: number;
  sha256: string;
  /** Null where the film was not answered. */
  explained: { heat: Uint8Array; seen: Uint8Array; size: number } | null;
}

/** A film as it was read: answered, or not like what the model learned from and only to be looked at. */
interface Asking {
  id: string;
  framesInFile: number;
  outcome: { prediction: Prediction } | { refused: Problem };
}

interface AnswerList {
  title: string;
  rows: PredictionRow[];
}

export interface PredictionImage {
  bytes: Uint8Array;
  type: string;
  headers?: Record<string, string>;
}

export class PredictionDesk {
  readonly #services: Services;
  #kept = new Map<string, Kept>();
  #lists = new Map<string, AnswerList>();

  constructor(services: Services) {
    this.#services = services;
  }

  models(): ModelCard[] {
    return listModels(this.#services.library()).map(({ card }) => card);
  }

  /** Throws NO_MODEL, NOT_LIKE_LEARNED, what decoding throws. */
  async classify(request: {
    path?: string | undefined;
    upload?: string | undefined;
    xray?: number | undefined;
    frame: number;
    model?: ModelName | undefined;
  }): Promise<Prediction> {
    const library = this.#services.library();
    return this.#answer(library, this.#asked(library, request), chooseAnswering(library, request.model));
  }

  /** The rows come in the order of the paths, those that lack last. Throws NO_MODEL. */
  classifyAll(request: { paths: string[]; uploads?: string | undefined; model?: ModelName | undefined }): {
    job: string;
    list: string;
    done: Promise<PredictionRow[]>;
  } {
    const { jobs, uploads } = this.#services;
    const library = this.#services.library();
    const model = chooseAnswering(library, request.model);
    const found = scan(request.uploads ? [uploads.folder(request.uploads)] : request.paths, { lacking: 'refused' });
    const title = request.uploads ? 'Dropped films' : basename(found.root);
    const refused = found.refused.map((refusal): PredictionRow => ({ prediction: null, refusal, images: null }));
    const list: AnswerList = { title, rows: [...refused] };
    const id = randomBytes(10).toString('hex');
    this.#lists.set(id, list);
    for (const old of [...this.#lists.keys()].slice(0, -LISTS)) this.#lists.delete(old);
    const start = {
      kind: 'classify' as const,
      title: `Classifying ${title}`,
      unit: 'films',
      total: found.films.length,
    };
    const { job, done } = jobs.start(start, async ({ signal, progress }: JobControl) => {
      let [next, read] = [0, 0];
      const inOrder: PredictionRow[][] = [];
      const work = async () => {
        for (let at = next++; at < found.films.length && !signal.aborted; at = next++) {
          const file = found.films[at];
          if (!file) continue;
          const rows = await this.#answerFile(library, file.absolute, file.path, model);
          inOrder[at] = rows;
          list.rows.push(...rows);
          progress(++read);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return [...inOrder.flat(), ...refused];
    });
    return { job, list: id, done };
  }

  /** The most suspicious first, refusals last. Throws PREDICTION_NOT_FOUND. */
  list(id: string): { title: string; rows: PredictionRow[] } {
    const list = this.#lists.get(id);
    if (!list) throw new Problem('PREDICTION_NOT_FOUND');
    const rows = list.rows.toSorted((a, b) => (b.prediction?.probability ?? -1) - (a.prediction?.probability ?? -1));
    return { title: list.title, rows };
  }

  /** What the window draws beside an answer. Throws PREDICTION_NOT_FOUND. */
  async image(id: string, what: string): Promise<PredictionImage> {
    const kept = this.#kept.get(id);
    if (!kept) throw new Problem('PREDICTION_NOT_FOUND');
    const { decoders } = this.#services;
    if (what === 'heat' || what === 'seen') {
      if (!kept.explained) throw new Problem('PREDICTION_NOT_FOUND');
      const { [what]: pixels, size } = kept.explained;
      const side = what === 'heat' ? Math.round(Math.sqrt(pixels.length)) : size;
      const png = await decoders.ask<Uint8Array>('png', { pixels, width: side, height: side });
      return { bytes: png, type: 'image/png' };
    }
    if (what === 'thumbnail') {
      const path = thumbnailPath(this.#services.library().paths, kept.sha256, kept.frame, 160);
      if (existsSync(path)) return { bytes: readFileSync(path), type: 'image/webp' };
      throw new Problem('PREDICTION_NOT_FOUND');
    }
    if (what !== 'pixels') throw new Problem('PREDICTION_NOT_FOUND');
    const input = { path: kept.path, frame: kept.frame };
    const { description, bytes } = await decoders.ask<{ description: PixelDescription; bytes: Uint8Array }>(
      'pixels',
      input,
    );
    const headers = { 'x-pixels': encodeURIComponent(JSON.stringify(description)) };
    return { bytes, type: 'application/octet-stream', headers };
  }

  close(): void {
    this.#kept.clear();
    this.#lists.clear();
  }

  #asked(
    library: OpenLibrary,
    request: { path?: string | undefined; upload?: string | undefined; xray?: number | undefined; frame: number },
  ): Asked {
    if (request.xray !== undefined) {
      const [row] = xraysByIds(library.db, [request.xray]);
      if (!row) throw new Problem('XRAY_NOT_FOUND', { xray: request.xray });
      return { path: originalPath(library.paths, row.sha256), frame: row.frame, name: row.file, xray: row.id };
    }
    const path = request.upload === undefined ? request.path : this.#services.uploads.file(request.upload);
    if (path === undefined) throw new Problem('UPLOAD_GONE');
    const [file] = scan([path]).films;
    if (!file) throw new Problem('NOTHING_TO_IMPORT', { folder: basename(path) });
    return { path: file.absolute, frame: request.frame, name: basename(path), xray: null };
  }

  /** One row a frame; a file that cannot be answered gives one row that says why. */
  async #answerFile(library: OpenLibrary, path: string, name: string, model: Answering): Promise<PredictionRow[]> {
    const rows: PredictionRow[] = [];
    let frames = 1;
    for (let frame = 0; frame < frames; frame++) {
      const shown = frame === 0 ? name : `${name} (frame ${frame + 1})`;
      try {
        const asked = { path, frame, name: shown, xray: null };
        const { id, framesInFile, outcome } = await this.#ask(library, asked, model);
        frames = framesInFile;
        if ('prediction' in outcome) rows.push({ prediction: outcome.prediction, refusal: null });
        else rows.push({ prediction: null, refusal: refusalOf(shown, outcome.refused), images: imagesOf(id) });
      } catch (error) {
        rows.push({ prediction: null, refusal: refusalOf(shown, error), images: null });
      }
    }
    return rows;
  }

  async #answer(library: OpenLibrary, asked: Asked, model: Answering): Promise<Prediction> {
    const { outcome } = await this.#ask(library, asked, model);
    if ('refused' in outcome) throw outcome.refused;
    return outcome.prediction;
  }

  async #ask(library: OpenLibrary, asked: Asked, { card, members }: Answering): Promise<Asking> {
    const { decoders, models } = this.#services;
    const startedMs = performance.now();
    const { path, frame } = asked;
    const read = { path, salt: library.salt, keepIdentity: false, thumbnails: library.paths.thumbnails };
    const [reading, inputs] = await Promise.all([
      decoders.ask<FileReading>('read', read),
      decoders.ask<Inputs>('inputs', { films: [{ path, frame }], size: card.size }),
    ]);
    const film = { pixels: inputs.pixels, colour: inputs.colour[0] ?? 0 };
    const each = members.map((member) => models.ask<Answered>('explain', { ...referenceTo(member), ...film }));
    const answered = answerTogether(await Promise.all(each), card.size);
    const shown = reading.frames[frame];
    if (!shown) throw new Problem('XRAY_NOT_FOUND', { xray: asked.name });
    const id = randomBytes(10).toString('hex');
    const framesInFile = reading.frames.length;
    const kept = { path, frame, sha256: reading.sha256 };
    if (answered.refusal !== null) {
      this.#keep(id, { ...kept, explained: null });
      const refused = new Problem('NOT_LIKE_LEARNED', { file: asked.name, reason: answered.refusal });
      return { id, framesInFile, outcome: { refused } };
    }
    const known = filmsOfSource(library.db, reading.sha256).find(
      (one) => one.frame === frame && one.trashed_at === null,
    );
    const prediction: Prediction = {
      id,
      file: asked.name,
      path,
      xray: asked.xray ?? known?.id ?? null,
      probability: answered.probability,
      answer: answerOf(answered.probability, card),
      threshold: card.threshold,
      model: card,
      box: answered.box && boxOnFilm(answered.box, card.size, shown),
      region: regionOf(shown),
      film: { width: shown.width, height: shown.height, bits: shown.bits },
      images: { ...imagesOf(id), heat: heatUrl(id), seen: seenUrl(id) },
      ms: performance.now() - startedMs,
      notice: NOTICE,
    };
    this.#keep(id, { ...kept, explained: { heat: answered.heat, seen: inputs.pixels, size: card.size } });
    return { id, framesInFile, outcome: { prediction } };
  }

  #keep(id: string, kept: Kept): void {
    this.#kept.set(id, kept);
    if (this.#kept.size <= KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

function imagesOf(id: string): { film: string; thumbnail: string } {
  return { film: predictionPixelsUrl(id), thumbnail: predictionThumbnailUrl(id) };
}

function refusalOf(path: string, error: unknown): Refusal {
  const problem = toProblem(error);
  if (!problem || problem.code === 'CANCELLED') throw error;
  return { path, code: problem.code, reason: problem.message };
}
