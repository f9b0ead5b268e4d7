// What some networks learn before the first epoch, without a gradient, from the learning films of a plan.
// Must not know which networks do.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Normalisation } from './batches.ts';
import { placesOf } from './check-plan.ts';
import type { Tf } from './engine.ts';
import { networkOf } from './networks/index.ts';
import type { TrainingPlan } from './trainer.ts';

export function learnAhead(tf: Tf, model: LayersModel, plan: TrainingPlan, normalisation: Normalisation): void {
  const { settings, pixels, labels } = plan;
  const { preset, size, seed } = settings;
  networkOf(preset)?.learnAhead?.(tf, model, {
    pixels,
    labels,
    size,
    seed,
    normalisation,
    places: placesOf(plan, 'learn'),
  });
}
