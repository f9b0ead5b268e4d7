// Predictions: what a model answers on an opened film, and from what it knows.
import { z } from 'zod';
import { id, nothing, procedure, time } from './base.ts';
import { refusal } from './imports.ts';

export const answer = z.enum(['fracture', 'whole', 'cannot tell']);
export type Answer = z.infer<typeof answer>;

/** A run by its number, the runs of a series together as series:NUMBER. */
export const modelName = z.union([id, z.templateLiteral(['series:', z.number().int().min(1)])]);
export type ModelName = z.infer<typeof modelName>;

/** Which model answers, what it learned from and how it did: stands beside every answer. */
export const modelCard = z.object({
  run: id.describe('the first of them where several answer together'),
  name: modelName,
  members: z.array(id).nullable().describe('runs that answer together; null: one alone'),
  title: z.string(),
  trainedAt: time,
  learnedFilms: z.number().int(),
  learnedPatients: z.number().int(),
  learnedFrom: z.string().describe('in words: 499 films of 340 patients, 58 % of the hand'),
  synthetic: z.boolean(),
  threshold: z.number(),
  cannotTell: z.object({ from: z.number(), to: z.number() }).nullable(),
  test: z
    .object({
      n: z.number().int(),
      accuracy: z.number(),
      interval95: z.tuple([z.number(), z.number()]),
      auc: z.number(),
    })
    .nullable()
    .describe('null while the judging films are sealed'),
  checkedSure: z
    .object({ films: z.number().int(), right: z.number().int() })
    .nullable()
    .describe('on checking films answered fracture outside the cannot-tell band'),
  size: z.number().int(),
  imported: z.string().optional().describe('file it came from: trained elsewhere, not measured here'),
});
export type ModelCard = z.infer<typeof modelCard>;

export const prediction = z.object({
  id: z.string(),
  file: z.string(),
  path: z.string().describe('where the film lies on this computer, for taking it into the library'),
  xray: id.nullable().describe('film of the library it is, if it is one'),
  probability: z.number().describe('of fracture, 0 to 1'),
  answer,
  threshold: z.number(),
  model: modelCard,
  box: z
    .object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() })
    .nullable()
    .describe('holds half of the evidence, in pixels of the film'),
  region: z
    .object({ x: z.number(), y: z.number(), side: z.number() })
    .describe(
      'square of the film, in its pixels, that the heat map and the seen picture cover; may reach beyond its edges',
    ),
  film: z.object({ width: z.number().int(), height: z.number().int(), bits: z.number().int() }),
  images: z.object({ film: z.string(), thumbnail: z.string(), heat: z.string(), seen: z.string() }).describe('URLs'),
  ms: z.number().describe('from file to answer'),
  notice: z.string(),
});
export type Prediction = z.infer<typeof prediction>;

export const predictionRow = z.union([
  z.object({ prediction, refusal: z.null() }),
  z.object({
    prediction: z.null(),
    refusal,
    images: z
      .object({ film: z.string(), thumbnail: z.string() })
      .nullable()
      .describe('URLs, where the film can be read though it was not answered'),
  }),
]);
export type PredictionRow = z.infer<typeof predictionRow>;

export const predictions = {
  models: procedure.input(nothing('Models that can answer, the newest first.')).output(z.array(modelCard)),
  classify: procedure
    .input(
      z
        .object({
          path: z.string().optional(),
          upload: z.string().optional(),
          xray: id.optional(),
          frame: z.number().int().min(0).default(0),
          model: modelName.optional().describe('who answers: a run, or series:NUMBER; default: the newest finished'),
        })
        .describe('Answers on one film: a file, an upload or a film of the library.'),
    )
    .output(prediction),
  classifyAll: procedure
    .input(
      z
        .object({ paths: z.array(z.string()).default([]), uploads: z.string().optional(), model: modelName.optional() })
        .describe('Answers on every film of files and folders.'),
    )
    .output(z.object({ job: z.string(), list: z.string() })),
  list: procedure
    .input(z.object({ list: z.string() }).describe('Answers of a list so far, the most suspicious first.'))
    .output(z.object({ title: z.string(), rows: z.array(predictionRow) })),
};
