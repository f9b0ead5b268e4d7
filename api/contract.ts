// The whole contract: every procedure a host offers, whatever carries it.
import { z } from 'zod';
import { files, readers, settingsProcedures } from './settings.ts';
import { imports } from './imports.ts';
import { jobs } from './jobs.ts';
import { labels } from './labels.ts';
import { libraries } from './libraries.ts';
import { bodies, networks } from './networks.ts';
import { predictions } from './predictions.ts';
import { runs } from './runs.ts';
import { seriesProcedures } from './series.ts';
import { xrays } from './xrays.ts';

export const contract = {
  libraries,
  xrays,
  labels,
  readers,
  imports,
  jobs,
  runs,
  series: seriesProcedures,
  networks,
  bodies,
  predictions,
  settings: settingsProcedures,
  files,
};
export type Contract = typeof contract;

export { NOTICE } from './notice.ts';

/** Name of an uploaded file set: made by the renderer, part of an upload URL. */
export const uploadName = z.string().regex(/^[a-z0-9]{8,40}$/);
