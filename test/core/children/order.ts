// A training as the TensorFlow child is asked for it, with its files in a folder of the test.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingOrder } from '#core/cnn/train-model.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';

/** Films and model of `name`; no checkpoints. */
export function orderOf(plan: TrainingPlan, home: string, name: string): TrainingOrder {
  const pixels = join(home, `${name}.pixels`);
  writeFileSync(pixels, plan.pixels);
  return {
    settings: plan.settings,
    files: { pixels, count: plan.labels.length },
    labels: plan.labels,
    parts: plan.parts,
    colours: new Float32Array(plan.labels.length),
    preprocess: 1,
    modelFolder: join(home, `model-${name}`),
    checkpoints: null,
    resume: false,
  };
}
