// Imports: how films come in. A preview writes nothing; an import can be undone as a whole.
import { z } from 'zod';
import { id, inLibrary, nothing, procedure, time } from './base.ts';
import { label } from './labels.ts';

export const layout = z.enum(['auto', 'files', 'folders', 'mura', 'fracatlas', 'table']);
export type Layout = z.infer<typeof layout>;

/** A file that will not come in, or did not. */
export const refusal = z.object({ path: z.string(), code: z.string(), reason: z.string() });
export type Refusal = z.infer<typeof refusal>;

/** How one value of the source becomes a label. */
export const mapping = z.object({
  value: z.string().describe('as the folder or table says it; empty for films without a value'),
  films: z.number().int(),
  label: label.nullable(),
  sure: z.boolean().describe('false: Osteon guesses, the user should look'),
});
export type Mapping = z.infer<typeof mapping>;

export const sameFilms = z.object({
  path: z.string(),
  as: z.string().describe('path or film number it repeats'),
  where: z.enum(['here', 'library']),
  how: z.enum(['file', 'pixels']),
});

export const importPreview = z.object({
  preview: z.string(),
  root: z.string().describe('folder the paths are relative to'),
  layout: layout.exclude(['auto']),
  layoutSentence: z.string().describe('what was recognised and from where each field is read'),
  tables: z.array(z.string()).describe('tables that were read, or could be'),
  found: z.number().int().describe('files that look like pictures'),
  films: z.number().int().describe('films to import: frames count one each'),
  patients: z.number().int(),
  patientsKnown: z.boolean(),
  bytes: z.number().int(),
  labelColumn: z.string().nullable(),
  mapping: z.array(mapping),
  duplicates: z.array(sameFilms),
  contradictions: z.array(z.object({ paths: z.array(z.string()), labels: z.array(z.string()) })),
  refused: z.array(refusal),
  privacy: z.object({
    dropped: z.array(z.string()).describe('columns and DICOM attributes that are not kept'),
    pseudonyms: z.array(z.string()).describe('columns and attributes that become pseudonyms'),
    burnedIn: z.number().int().describe('films that may carry text in their pixels'),
  }),
  notes: z.array(z.string()).describe('what to know before going on, in sentences'),
  first: z
    .array(
      z.object({
        path: z.string(),
        thumbnail: z.string().describe('URL'),
        label: label.nullable(),
        bodyPart: z.string().nullable(),
        projection: z.string().nullable(),
        patient: z.string().nullable(),
      }),
    )
    .describe('the first films as they will stand'),
  secondsRead: z.number(),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const importSummary = z.object({
  import: id,
  at: time,
  title: z.string(),
  root: z.string(),
  layout: layout.exclude(['auto']),
  state: z.enum(['running', 'done', 'cancelled', 'failed', 'undone']),
  found: z.number().int(),
  imported: z.number().int(),
  duplicates: z.number().int(),
  refused: z.array(refusal),
  labels: z.object({
    fracture: z.number().int(),
    whole: z.number().int(),
    uncertain: z.number().int(),
    none: z.number().int(),
  }),
  undoable: z.boolean(),
});
export type ImportSummary = z.infer<typeof importSummary>;

const started = z.object({ job: z.string() });

export const imports = {
  preview: procedure
    .input(
      z
        .object({
          paths: z.array(z.string().min(1)).min(1).describe('files and folders on this computer'),
          uploads: z.string().optional().describe('a set of uploaded files instead of paths'),
          layout: layout.default('auto'),
          table: z.string().optional().describe('CSV or JSON table to read fields from'),
        })
        .describe('Looks through files and folders and says what an import would do; writes nothing.'),
    )
    .output(started.extend({ preview: z.string() })),
  previewed: procedure
    .input(z.object({ preview: z.string() }).describe('The report of a finished preview.'))
    .output(importPreview),
  start: procedure
    .input(
      z
        .object({
          preview: z.string(),
          mapping: z.array(z.object({ value: z.string(), label: label.nullable() })).default([]),
          source: z
            .string()
            .max(120)
            .optional()
            .describe('name of the source; default: what the layout says, else the name of the folder'),
        })
        .describe('Imports what a preview found.'),
    )
    .output(started.extend({ import: id })),
  demo: procedure
    .input(
      z
        .object({
          images: z.number().int().min(20).max(100_000).default(600),
          seed: z.number().int().min(0).default(1),
        })
        .describe('Draws synthetic X-rays of long bones, half of them broken, and imports them.'),
    )
    .output(started.extend({ import: id })),
  capture: procedure
    .input(
      z
        .object({
          upload: z.string(),
          corners: z
            .array(z.object({ x: z.number(), y: z.number() }))
            .length(4)
            .nullable(),
          patient: z.string().max(120).nullable().default(null),
          bodyPart: z.string().max(120).nullable().default(null),
        })
        .describe('Takes a camera picture into the library, straightened by its four corners.'),
    )
    .output(z.object({ xray: id, duplicate: z.boolean() })),
  straighten: procedure
    .input(
      z
        .object({
          upload: z.string(),
          corners: z.array(z.object({ x: z.number(), y: z.number() })).length(4),
        })
        .describe('Straightens an uploaded camera picture by its four corners, without keeping it.'),
    )
    .output(z.object({ upload: z.string(), width: z.number().int(), height: z.number().int() })),
  list: procedure.input(nothing('All imports, the newest first.')).output(z.array(importSummary)),
  get: procedure.input(z.object({ import: id }).describe('One import and what became of it.')).output(importSummary),
  undo: procedure
    .input(z.object({ library: inLibrary, import: id }).describe('Moves all films of an import to the trash.'))
    .output(z.object({ films: z.number().int() })),
};
