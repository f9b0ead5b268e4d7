// A body on disk: a network from a film to features, in a sealed folder like a model's.
// Must not trust the folder, and must not know what is learned on it.
import type { LayersModel } from '@tensorflow/tfjs';
import { z } from 'zod';
import { greyRange } from '#api/networks.ts';
import { runSettings } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from '../engine.ts';
import { networkFrom } from '../foreign-layers.ts';
import { readSealed, writeSealed } from '../sealed-folder.ts';

const bodyCard = z.object({
  format: z.literal(1),
  kind: z.literal('body'),
  size: runSettings.shape.size.unwrap(),
  channels: z.union([z.literal(1), z.literal(3)]),
  range: greyRange,
  features: z.number().int().positive(),
  /** Layers of the network from grey of 0 to 1, [size, size, 1], to its features, [features]. */
  network: z.record(z.string(), z.unknown()),
  files: z.object({ 'model.json': z.string(), 'weights.bin': z.string() }),
});
export type BodyCard = z.infer<typeof bodyCard>;

/** A body as the core knows it. */
export interface BodyReference {
  name: string;
  folder: string;
  cardSha256: string;
}

/** Grey as a body takes it before its own first layer: 0 to 1. */
export const bodyGrey = { mean: 0, deviation: 1 } as const;

/** As `saveModel`. */
export const saveBody = (
  tf: Tf,
  folder: string,
  model: LayersModel,
  card: Omit<BodyCard, 'format' | 'kind' | 'files'>,
): Promise<string> => writeSealed(tf, folder, model, { ...card, format: 1, kind: 'body' });

/** The caller disposes of the model. @throws Problem BODY_DAMAGED when the folder does not hold the body that was saved */
export function loadBody(tf: Tf, { name, folder, cardSha256 }: BodyReference): { model: LayersModel; card: BodyCard } {
  const damaged = (reason: string, cause?: unknown) => new Problem('BODY_DAMAGED', { name, reason }, { cause });
  const body = readSealed(tf, folder, {
    card: bodyCard,
    build: ({ network }) => networkFrom(tf, network),
    damaged,
    expected: cardSha256,
  });
  const { size, features } = body.card;
  const shapes = [body.model.inputs, body.model.outputs].map((all) => all.map(({ shape }) => shape.join()).join(' '));
  if (shapes[0] === `,${size},${size},1` && shapes[1] === `,${features}`) return body;
  body.model.dispose();
  throw damaged('it does not give the features its card names');
}
