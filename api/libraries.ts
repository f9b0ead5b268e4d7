// Libraries: folders that hold films, decisions, runs and models.
import { z } from 'zod';
import { inLibrary, nothing, procedure, time } from './base.ts';

export const librarySummary = z.object({
  folder: z.string(),
  name: z.string(),
  films: z.number().int(),
  labelled: z.number().int(),
  openedAt: time,
});
export type LibrarySummary = z.infer<typeof librarySummary>;

export const library = librarySummary.extend({
  id: z.string().describe('tells it from every other library on this computer, copies of it too'),
  patients: z.number().int().describe('patients that are named'),
  withoutPatient: z.number().int().describe('films that name no patient'),
  synthetic: z.number().int().describe('drawn films among them'),
  keepsIdentity: z.boolean().describe('identified DICOM originals are kept'),
  trashed: z.number().int(),
  bytes: z.object({ originals: z.number(), cache: z.number(), models: z.number() }),
  notices: z.array(z.string()).describe('what was mended when it was opened'),
  lastSaved: time.nullable(),
});
export type Library = z.infer<typeof library>;

export const backup = z.object({
  folder: z.string(),
  at: time,
  films: z.number().int(),
  events: z.number().int().describe('decisions in it'),
  head: z.string().describe('hash of the last decision in it'),
});
export type Backup = z.infer<typeof backup>;

export const verification = z.object({
  ok: z.boolean(),
  films: z.number().int(),
  events: z.number().int(),
  findings: z.array(z.object({ what: z.string(), name: z.string(), sentence: z.string() })),
});
export type Verification = z.infer<typeof verification>;

export const libraries = {
  current: procedure.input(nothing('The open library; null when none is open.')).output(library.nullable()),
  recent: procedure.input(nothing('Libraries opened before, the newest first.')).output(z.array(librarySummary)),
  open: procedure
    .input(
      z
        .object({ folder: z.string().min(1), create: z.boolean().default(false) })
        .describe('Opens a library folder, or makes one.'),
    )
    .output(library),
  rename: procedure
    .input(
      z.object({ library: inLibrary, name: z.string().trim().min(1).max(120) }).describe('Renames the open library.'),
    )
    .output(library),
  keepIdentity: procedure
    .input(
      z
        .object({ library: inLibrary, keep: z.boolean() })
        .describe('Whether imports from now on keep identified DICOM originals. The default is to de-identify.'),
    )
    .output(library),
  backUp: procedure
    .input(z.object({ folder: z.string().optional() }).describe('Writes a checked copy of the library.'))
    .output(backup),
  backups: procedure.input(nothing('Backups of the open library, the newest first.')).output(z.array(backup)),
  restore: procedure
    .input(
      z
        .object({ backup: z.string(), into: z.string() })
        .describe('Checks a backup and restores it into an empty folder.'),
    )
    .output(backup),
  verify: procedure
    .input(nothing('Checks hashes, integrity, and the journal against the database.'))
    .output(verification),
};
