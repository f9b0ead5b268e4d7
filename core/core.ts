// Makes a core: everything Osteon does behind one router and one place for pictures. Knows no host.
import { join } from 'node:path';
import { BodyDesk } from './bodies/desk.ts';
import { Decoders } from './children/decoders.ts';
import type { StartChild } from './children/child.ts';
import { ModelProcess } from './children/model-process.ts';
import type { Desk } from './desk.ts';
import { createImages } from './images.ts';
import { ImportDesk } from './imports/desk.ts';
import { Uploads } from './imports/uploads.ts';
import { Jobs } from './jobs/jobs.ts';
import { describeLibrary } from './libraries/describe.ts';
import { openLibrary } from './libraries/open.ts';
import type { OpenLibrary } from './libraries/open.ts';
import { backUpDaily } from './libraries/daily.ts';
import type { Log } from './log.ts';
import { NetworkDesk } from './networks/desk.ts';
import { PredictionDesk } from './predictions/desk.ts';
import { Problem } from './problem.ts';
import { createRouter } from './router.ts';
import type { Router } from './router.ts';
import { Engine } from './runs/engine.ts';
import { RunDesk } from './runs/desk.ts';
import { SeriesDesk } from './series/desk.ts';
import { Calibrations } from './settings/calibration/calibrations.ts';
import { SettingsFile } from './settings/settings.ts';

export interface CoreOptions {
  /** Library to open; null opens the last one, else the default one. */
  library: string | null;
  /** Makes the library where there is none. */
  create: boolean;
  /** Folder of this user's settings; null keeps settings in memory and remembers no libraries. */
  home: string | null;
  /** Folder that keeps what was measured of this computer; default: `home`. */
  measured?: string;
  startChild: StartChild;
  log: Log;
  version: string;
  /** The host in words, for the doctor. */
  host: string;
  /** Told the folder of each library that opens. */
  opened?: (folder: string) => void;
}

export interface Core {
  router: Router;
  /** Pictures by URL: thumbnails, pixels, uploads. Same origin as the window. */
  images(request: Request): Promise<Response>;
  desk: Desk;
  close(): Promise<void>;
}

/** Throws what opening a library named in the options throws; a remembered library that is gone is not an error. */
export function createCore(options: CoreOptions): Core {
  const { log, startChild } = options;
  const settings = new SettingsFile(options.home);
  let current: OpenLibrary | null = null;
  let stopDaily: () => void = () => undefined;
  const library = () => {
    if (!current) throw new Problem('NO_LIBRARY');
    return current;
  };
  const open = (folder: string, create: boolean): OpenLibrary => {
    const next = openLibrary(folder, { create, log });
    current?.close();
    current = next;
    settings.opened(describeLibrary(next));
    stopDaily();
    stopDaily = backUpDaily(next);
    options.opened?.(next.paths.folder);
    return next;
  };

  const jobs = new Jobs(log);
  const decoders = new Decoders(startChild);
  const engine = new Engine(startChild);
  const uploads = new Uploads(library);
  const models = new ModelProcess(startChild);
  const calibrations = new Calibrations(
    { folder: options.measured ?? options.home, byItself: options.home !== null && measuresByItself() },
    { startChild, jobs, log, version: options.version, probe: () => models.ask('probe', { engine: 'auto' }) },
  );
  const services = {
    library,
    decoders,
    models,
    jobs,
    uploads,
    settings,
    engine,
    calibrations,
    startChild,
    log,
    version: options.version,
  };
  const runs = new RunDesk(services);
  const desk: Desk = {
    ...services,
    host: options.host,
    openLibrary: () => current,
    swapLibrary(folder, create) {
      const busy = jobs.running();
      if (busy) throw new Problem('LIBRARY_BUSY', { job: busy.title });
      return open(folder, create);
    },
    imports: new ImportDesk(services),
    runs,
    series: new SeriesDesk({ ...services, runs }),
    networks: new NetworkDesk(services),
    bodies: new BodyDesk(services),
    predictions: new PredictionDesk(services),
  };
  openFirst(options, settings, open);
  return {
    desk,
    router: createRouter(desk),
    images: createImages(desk),
    async close() {
      stopDaily();
      await jobs.close();
      desk.predictions.close();
      models.close();
      decoders.close();
      if (current) settings.opened(describeLibrary(current));
      current?.close();
      current = null;
    },
  };
}

/** Tests, and machines that test, have nothing from a computer that is measured. */
function measuresByItself(): boolean {
  return !process.env['CI'] && process.env['OSTEON_CALIBRATE'] !== 'no';
}

function openFirst(
  options: CoreOptions,
  settings: SettingsFile,
  open: (folder: string, create: boolean) => OpenLibrary,
): void {
  if (options.library) {
    open(options.library, options.create);
    return;
  }
  for (const { folder } of settings.recent) {
    try {
      open(folder, false);
      return;
    } catch (error) {
      options.log.warn({ err: error }, 'a remembered library could not be opened');
    }
  }
  if (options.home) open(join(options.home, 'libraries', 'My films'), true);
}
