// Networks from within, as the window and the command line look at them: layers, maps, units, activations, loss slices.
// Must not open judging films, and must not answer what a film shows: that is for predictions.
import { mapsUrl } from '#api/images.ts';
import type { ActivationCurve, ImportedAs, LayerMaps, Network, Slice, Unit } from '#api/networks.ts';
import type { ModelCard } from '#api/predictions.ts';
import { runSettings } from '#api/runs.ts';
import type { NetworkCost, RunSettings } from '#api/runs.ts';
import { getRun } from '#db/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import { freshNetwork } from '#core/bodies/store.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { ModelProcess } from '#core/children/model-process.ts';
import type { Maps } from '#core/cnn/inspect/maps.ts';
import { presets } from '#core/cnn/networks/index.ts';
import { pretrained } from '#core/cnn/networks/pretrained.ts';
import type { Uploads } from '#core/imports/uploads.ts';
import type { Jobs } from '#core/jobs/jobs.ts';
import { originalPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { chooseModel, referenceTo } from '#core/predictions/models.ts';
import type { Model } from '#core/predictions/models.ts';

import { Problem } from '#core/problem.ts';
import type { Inputs } from '#core/runs/inputs.ts';
import { titleOf } from '#core/runs/rows.ts';
import { importNetwork, modelAmong, modelAt } from './import.ts';
import { readSlice, sliceRun } from './slice.ts';
import type { SliceRequest } from './slice.ts';

interface Services {
  library(): OpenLibrary;
  jobs: Jobs;
  decoders: Decoders;
  models: ModelProcess;
  uploads: Uploads;
  startChild: StartChild;
  version: string;
}

interface Which {
  run?: number | undefined;
  settings?: RunSettings | undefined;
}

interface OnFilm {
  run: number;
  xray: number;
  layer: number;
}

export class NetworkDesk {
  readonly #services: Services;
  /** The film that is looked at, prepared: one goes from layer to layer and from unit to unit. */
  #film: { key: string; pixels: Uint8Array } | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Throws NO_MODEL, RUN_NOT_FOUND, RUN_NOT_DONE, BAD_SETTINGS. */
  async describe(which: Which | undefined): Promise<Network> {
    const { run, settings, asked } = this.#which(which ?? {});
    const network = await this.#services.models.ask<{ layers: Network['layers']; cost: NetworkCost }>('network', asked);
    const sentence = [...presets, pretrained].find(({ name }) => name === settings.preset)?.sentence ?? '';
    return { run, title: titleOf(settings), sentence, size: settings.size, ...network };
  }

  async maps(where: OnFilm): Promise<LayerMaps> {
    const { model, maps } = await this.#maps(where);
    return { ...maps, picture: mapsUrl(where.run, where.xray, where.layer, model.cardSha256.slice(0, 12)) };
  }

  /** The picture of `maps`, as PNG. */
  async picture(where: OnFilm): Promise<Uint8Array> {
    const { maps } = await this.#maps(where);
    return this.#services.decoders.ask<Uint8Array>('png', maps.picture);
  }

  async unit({
    channel,
    row,
    column,
    ...where
  }: OnFilm & { channel: number; row: number; column: number }): Promise<Unit> {
    const { reference, pixels } = await this.#onFilm(where);
    const place = { channel, row, column };
    return this.#services.models.ask<Unit>('unit', { ...reference, pixels, layer: where.layer, place });
  }

  async activations({ xray, ...which }: Which & { xray?: number | undefined }): Promise<ActivationCurve[]> {
    const { run, asked } = this.#which(which);
    const pixels = xray === undefined || run === null ? null : (await this.#onFilm({ run, xray })).pixels;
    return this.#services.models.ask<ActivationCurve[]>('activations', { ...asked, pixels });
  }

  /** Takes in a network that was trained elsewhere. Throws UPLOAD_GONE, FILE_UNREADABLE, MODEL_UNUSABLE. */
  async import({
    path = '',
    uploads: set,
    ...as
  }: ImportedAs & { path?: string | undefined; uploads?: string | undefined }): Promise<ModelCard> {
    const { startChild, uploads, version } = this.#services;
    const request = { ...as, ...(set === undefined ? modelAt(path) : modelAmong(uploads.folder(set))) };
    const library = this.#services.library();
    return chooseModel(library, await importNetwork(library, startChild, request, version)).card;
  }

  /** Throws RUN_NOT_FOUND, RUN_NOT_DONE, BAD_INPUT where no film is known that it was chosen by. */
  slice(request: SliceRequest): { job: string; done: Promise<Slice> } {
    const library = this.#services.library();
    const model = chooseModel(library, request.run);
    if (model.card.imported !== undefined) {
      throw new Problem('BAD_INPUT', {
        reason: `run ${request.run} was trained elsewhere and has no checking films here`,
      });
    }
    const { points, directions } = request;
    const start = {
      kind: 'slice' as const,
      title: `Loss around run ${request.run}`,
      unit: 'points',
      total: points ** directions,
      subject: request.run,
    };
    return this.#services.jobs.start(start, (control) => sliceRun(library, model, request, this.#services, control));
  }

  sliced(run: number): Slice | null {
    const library = this.#services.library();
    return readSlice(library, chooseModel(library, run));
  }

  /** A run by its model; what is not trained by its settings. */
  #which({ run, settings }: Which): { run: number | null; settings: RunSettings; asked: object } {
    if (run === undefined && settings) return { run: null, settings, asked: this.#fresh(settings) };
    const library = this.#services.library();
    const model = chooseModel(library, run);
    const row = getRun(library.db, model.card.run);
    if (!row) throw new Problem('RUN_NOT_FOUND', { run: model.card.run });
    return { run: row.id, settings: runSettings.parse(JSON.parse(row.settings)), asked: referenceTo(model) };
  }

  /** Only a network on a body needs a library. */
  #fresh(settings: RunSettings): object {
    return settings.preset === pretrained.name ? freshNetwork(this.#services.library(), settings) : { settings };
  }

  async #maps(where: OnFilm): Promise<{ model: Model; maps: Maps }> {
    const { model, reference, pixels } = await this.#onFilm(where);
    const maps = await this.#services.models.ask<Maps>('maps', { ...reference, pixels, layer: where.layer });
    return { model, maps };
  }

  async #onFilm({ run, xray }: { run: number; xray: number }) {
    const library = this.#services.library();
    const model = chooseModel(library, run);
    return { model, reference: referenceTo(model), pixels: await this.#prepared(library, xray, model.card.size) };
  }

  async #prepared(library: OpenLibrary, xray: number, size: number): Promise<Uint8Array> {
    const [film] = xraysByIds(library.db, [xray]);
    if (!film) throw new Problem('XRAY_NOT_FOUND', { xray });
    const key = `${film.sha256}#${film.frame} ${size}`;
    if (this.#film?.key === key) return this.#film.pixels;
    const films = [{ path: originalPath(library.paths, film.sha256), frame: film.frame }];
    const { pixels } = await this.#services.decoders.ask<Inputs>('inputs', { films, size });
    this.#film = { key, pixels };
    return pixels;
  }
}
