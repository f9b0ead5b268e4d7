// Settings, readers and what was found on this computer.
import { z } from 'zod';
import { id, nothing, procedure, time } from './base.ts';
import { runSettings, tuning } from './runs.ts';
import { several } from './series.ts';

export const settings = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  tileSize: z.number().int().min(64).max(320).default(96),
  autoAdvance: z.boolean().default(true),
  rendering: z.enum(['auto', 'cpu']).default('auto').describe('of films: WebGL where there is one, or the processor'),
  training: runSettings.prefault({}),
  several: several.nullable().default(null).describe('runs that are trained one after the other; null: one'),
  putAway: z
    .array(z.enum(['wasm']))
    .default([])
    .describe('remarks that are not shown again'),
  keys: z
    .record(z.string().max(64), z.array(z.string().min(1).max(40)).max(4))
    .default({})
    .describe('key bindings chosen instead of the usual ones, by command'),
});
export type Settings = z.infer<typeof settings>;

const kept = settings.shape;
/** Without their defaults: a setting that is not named stays as it is. */
const change = z
  .object({
    theme: kept.theme.unwrap(),
    tileSize: kept.tileSize.unwrap(),
    autoAdvance: kept.autoAdvance.unwrap(),
    rendering: kept.rendering.unwrap(),
    training: kept.training.unwrap(),
    several: kept.several.unwrap(),
    putAway: kept.putAway.unwrap(),
    keys: kept.keys.unwrap(),
  } satisfies Record<keyof Settings, z.ZodType>)
  .partial();

export const reader = z.object({
  id,
  name: z.string(),
  labels: z.number().int(),
  lastAt: time.nullable(),
  current: z.boolean(),
  person: z.boolean().describe('false for tables and folders that labels were read from'),
});
export type Reader = z.infer<typeof reader>;

export const finding = z.object({
  what: z.string(),
  found: z.string(),
  state: z.enum(['good', 'note', 'missing']),
  means: z.string().describe('what this choice means for the user'),
});

export const doctor = z.object({
  version: z.string(),
  findings: z.array(finding),
  engine: z.object({
    name: z.enum(['native', 'wasm', 'none']),
    sentence: z.string(),
    threads: z.number().int(),
  }),
});
export type Doctor = z.infer<typeof doctor>;

const tried = tuning.extend({ imagesPerSecond: z.number().describe('median over the calls that were timed') });

export const calibration = z.object({
  at: time,
  machine: z
    .object({ processor: z.string(), threads: z.number().int(), tensorflow: z.string(), osteon: z.string() })
    .describe('what was measured counts for this computer and these versions only'),
  sizes: z.array(
    z.object({
      size: z.number().int().describe('side of the input it was measured at, px; stands for sizes like it'),
      chosen: tried,
      usual: tried.describe('what is taken where nothing was measured'),
      tried: z.array(tried),
    }),
  ),
});
export type Calibration = z.infer<typeof calibration>;

const name = z.string().trim().min(1).max(64);

export const settingsProcedures = {
  get: procedure.input(nothing('Settings of this user on this computer.')).output(settings),
  set: procedure.input(change.describe('Changes settings; those not named stay.')).output(settings),
  doctor: procedure
    .input(
      z
        .object({ again: z.boolean().default(false) })
        .optional()
        .describe('What was found on this computer and what it means.'),
    )
    .output(doctor),
  calibrate: procedure
    .input(
      nothing('Measures which settings of the native engine train fastest on this computer; later trainings use them.'),
    )
    .output(z.object({ job: z.string() })),
  calibration: procedure
    .input(nothing('What was measured on this computer; null where nothing was, or by other versions.'))
    .output(calibration.nullable()),
};

export const readers = {
  list: procedure.input(nothing('Readers of this library.')).output(z.array(reader)),
  add: procedure
    .input(z.object({ name }).describe('Adds a reader and makes it the current one.'))
    .output(z.array(reader)),
  rename: procedure
    .input(z.object({ reader: id, name }).describe('Renames a reader; its decisions stay its own.'))
    .output(z.array(reader)),
  choose: procedure.input(z.object({ reader: id }).describe('Makes a reader the current one.')).output(z.array(reader)),
};

export const folderEntry = z.object({
  name: z.string(),
  path: z.string(),
  folder: z.boolean(),
  films: z.number().int().nullable(),
});

export const files = {
  browse: procedure
    .input(
      z
        .object({ folder: z.string().optional() })
        .describe('Folders and pictures in a folder of this computer, for choosing one where no native dialog can.'),
    )
    .output(z.object({ folder: z.string(), parent: z.string().nullable(), entries: z.array(folderEntry) })),
};
