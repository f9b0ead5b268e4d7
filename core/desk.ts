// What procedures work with: the open library and the services around it. One desk a core.
// Must not do a noun's work.
import type { BodyDesk } from '#core/bodies/desk.ts';
import type { Decoders } from '#core/children/decoders.ts';
import type { StartChild } from '#core/children/child.ts';
import type { Jobs } from '#core/jobs/jobs.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import type { Calibrations } from '#core/settings/calibration/calibrations.ts';
import type { SettingsFile } from '#core/settings/settings.ts';
import type { Log } from '#core/log.ts';
import type { Engine } from '#core/runs/engine.ts';
import type { ImportDesk } from '#core/imports/desk.ts';
import type { Uploads } from '#core/imports/uploads.ts';
import type { NetworkDesk } from '#core/networks/desk.ts';
import type { PredictionDesk } from '#core/predictions/desk.ts';
import type { RunDesk } from '#core/runs/desk.ts';
import type { SeriesDesk } from '#core/series/desk.ts';

export interface Desk {
  /** Throws NO_LIBRARY. */
  library(): OpenLibrary;
  /** The open library or null. */
  openLibrary(): OpenLibrary | null;
  /** Closes the open library and opens another. Throws LIBRARY_BUSY while work is under way. */
  swapLibrary(folder: string, create: boolean): OpenLibrary;
  jobs: Jobs;
  settings: SettingsFile;
  decoders: Decoders;
  startChild: StartChild;
  engine: Engine;
  calibrations: Calibrations;
  imports: ImportDesk;
  uploads: Uploads;
  runs: RunDesk;
  series: SeriesDesk;
  networks: NetworkDesk;
  bodies: BodyDesk;
  predictions: PredictionDesk;
  log: Log;
  version: string;
  /** What the host knows of itself, for the doctor: "Electron 45.4.1", "loopback server". */
  host: string;
}
