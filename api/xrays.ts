// X-rays: the films of a library, how they are filtered, sorted and counted.
import { z } from 'zod';
import { id, inLibrary, procedure, time } from './base.ts';
import { label, labelEvent } from './labels.ts';

/** Parts of a split: films to learn from, to choose by, to judge with. */
export const part = z.enum(['learn', 'choose', 'judge']);
export type Part = z.infer<typeof part>;

/** Things about a film worth knowing before trusting it. */
export const xrayProblem = z.enum(['near-duplicate', 'two-labels', 'no-patient', 'blurred', 'burned-in-text']);
export type XrayProblem = z.infer<typeof xrayProblem>;

export const xray = z.object({
  id,
  sha256: z.string(),
  file: z.string().describe('name as imported, relative to the folder it came from'),
  frame: z.number().int().describe('0 for a single picture, else its place in the file'),
  frames: z.number().int(),
  label: label.nullable(),
  labelledAt: time.nullable(),
  labelledBy: z.string().nullable(),
  patient: z.string().nullable().describe('pseudonym'),
  study: z.string().nullable(),
  bodyPart: z.string().nullable(),
  projection: z.string().nullable(),
  laterality: z.string().nullable(),
  source: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bits: z.number().int(),
  synthetic: z.boolean(),
  part: part.nullable().describe('part in the newest split, null when in none'),
  probability: z.number().nullable().describe('of fracture, from the newest finished run that scored it'),
  problems: z.array(xrayProblem),
});
export type Xray = z.infer<typeof xray>;

export const xrayDetail = xray.extend({
  importedAt: time,
  import: id.nullable(),
  mediaType: z.string(),
  bytes: z.number().int(),
  pixelSpacingMm: z.number().nullable(),
  pixelSpacingSource: z.string().nullable(),
  studyDate: z.string().nullable(),
  scoredBy: id.nullable().describe('run that gave the probability'),
  threshold: z.number().nullable().describe('of that run'),
  history: z.array(labelEvent),
  samePatient: z.array(xray),
  marks: z.array(
    z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() }),
  ),
});
export type XrayDetail = z.infer<typeof xrayDetail>;

const values = z.array(z.string());
/** All conditions must hold; within one list any value will do. "none" stands for "has no such value". */
export const xrayFilter = z.object({
  search: z.string().max(400).optional().describe('words in file name, patient, body part, study or source'),
  label: values.optional(),
  projection: values.optional(),
  bodyPart: values.optional(),
  part: values.optional(),
  source: values.optional(),
  reader: values.optional(),
  patient: values.optional(),
  problem: z.array(xrayProblem).optional(),
  doubt: z.array(z.number().int().min(0).max(19)).optional().describe('twentieths from sure (0) to unsure (19)'),
  import: id.optional(),
  ids: z.array(id).optional(),
  answered: z
    .object({ run: id, label: z.enum(['fracture', 'whole']), answer: z.enum(['fracture', 'whole']) })
    .optional()
    .describe('one cell of the matrix of a run'),
  trashed: z.boolean().optional(),
});
export type XrayFilter = z.infer<typeof xrayFilter>;

export const xraySort = z.enum(['read', 'imported', 'file', 'patient', 'doubt', 'wrong']);
export type XraySort = z.infer<typeof xraySort>;

export const facet = z.object({ value: z.string(), films: z.number().int() });
export const facets = z.object({
  total: z.number().int().describe('films under the whole filter'),
  library: z.number().int().describe('films without a filter'),
  patients: z.number().int(),
  label: z.array(facet),
  projection: z.array(facet),
  bodyPart: z.array(facet),
  part: z.array(facet),
  source: z.array(facet),
  reader: z.array(facet),
  problem: z.array(facet),
  doubt: z.array(z.number().int()).length(20).describe('films a twentieth, from sure to unsure'),
});
export type Facets = z.infer<typeof facets>;

const ids = z.array(id).min(1).max(100_000);

export const xrays = {
  list: procedure
    .input(
      z
        .object({
          filter: xrayFilter.default({}),
          sort: xraySort.default('imported'),
          offset: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(1000).default(100),
        })
        .describe('A window of films under a filter, in an order.'),
    )
    .output(z.object({ total: z.number().int(), films: z.array(xray) })),
  ids: procedure
    .input(
      z
        .object({ filter: xrayFilter.default({}), sort: xraySort.default('imported') })
        .describe('The row numbers of all films under a filter, in order: what a reader pages through.'),
    )
    .output(z.array(id)),
  facets: procedure
    .input(
      z.object({ filter: xrayFilter.default({}) }).describe('How many films stand under each value of each facet.'),
    )
    .output(facets),
  get: procedure
    .input(z.object({ xray: id }).describe('One film with its history and the other films of its patient.'))
    .output(xrayDetail),
  trash: procedure
    .input(z.object({ library: inLibrary, xrays: ids }).describe('Moves films to the trash; nothing is deleted.'))
    .output(z.object({ films: z.number().int() })),
  restore: procedure
    .input(z.object({ library: inLibrary, xrays: ids }).describe('Brings films back from the trash.'))
    .output(z.object({ films: z.number().int() })),
};
