// What stands in a model's osteon.json and in the list of weights of its model.json.
// Shapes only; reading and writing are elsewhere.
import { z } from 'zod';
import { runSettings } from '#api/runs.ts';
import { filmFeatures } from './film-features.ts';

const finite = z.number();
const figures = filmFeatures.length;

const guard = z.object({
  features: z.array(z.string()).refine((names) => names.join() === filmFeatures.map((feature) => feature.name).join()),
  centre: z.array(finite).length(figures),
  scale: z.array(z.number().positive()).length(figures),
  inverse: z.array(finite).length(figures * figures),
  limit: finite,
  colourLimit: finite,
  films: z.number().int(),
});

/** Names of settings are kept as they were; a setting that came later has its default. */
export const modelCard = z.object({
  format: z.literal(1),
  settings: runSettings,
  /** Layers of a network that was trained elsewhere or on a body from elsewhere; without it the settings make the network. */
  network: z.record(z.string(), z.unknown()).optional(),
  /** Version of the routine that prepares films; an answer needs the same. */
  preprocess: z.number().int(),
  normalisation: z.object({ mean: finite, deviation: z.number().positive() }),
  /** From this probability on the answer is fracture. */
  threshold: z.number().min(0).max(1),
  cannotTell: z.object({ from: finite, to: finite }).nullable(),
  /** Null where nobody knows what it learned from. */
  guard: guard.nullable(),
  /** Films it learned from. */
  films: z.number().int(),
  bestEpoch: z.number().int(),
  /** Factor its logits were toned down by; it is in the weights already. */
  sureness: z.number().positive().max(1),
  /** In words. */
  engine: z.string(),
  files: z.object({ 'model.json': z.string(), 'weights.bin': z.string() }),
});
export type ModelCard = z.infer<typeof modelCard>;
export type CardContent = Omit<ModelCard, 'format' | 'files'>;

/** The part of model.json that is read. One file of weights, by its fixed name: a path leads nowhere. */
export const weightsManifest = z.object({
  weightsManifest: z.tuple([
    z.object({
      paths: z.tuple([z.literal('weights.bin')]),
      weights: z
        .array(
          z.object({
            name: z.string(),
            shape: z.array(z.number().int().positive()).max(8),
            dtype: z.literal('float32'),
          }),
        )
        .max(10_000),
    }),
  ]),
});
