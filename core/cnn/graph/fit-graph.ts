// The graph engine: a training whose every step is one TensorFlow graph, run in the native session.
// Must not hold rules of its own about epochs: those are the same for all engines.
import { augmented } from '../augment.ts';
import { normalisationOf } from '../batches.ts';
import { checkPlan, placesOf } from '../check-plan.ts';
import { loadedInWords } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { learnEpochs } from '../epochs.ts';
import type { Progress } from '../epochs.ts';
import { learnAhead } from '../learn-ahead.ts';
import { buildNetwork } from '../networks/index.ts';
import type { Trainer, TrainingPlan } from '../trainer.ts';
import { writeWeights } from '../write-weights.ts';
import { CarefulLearner } from './careful-learner.ts';
import { GraphLearner, fedBatches } from './learner.ts';
import { choosePrecision, processorFlags } from './precision.ts';
import type { ProgramSettings } from './program.ts';
import { usualStepsPerCall } from './steps-per-call.ts';

/**
 * Trains as `fit` does, by the same seed on the same films in the same order.
 * @throws CannotCompile when the network has a layer without a rule; nothing is learned by then
 */
export const fitGraph: Trainer = async (engine, plan, hooks, from = null) => {
  checkPlan(plan);
  const { tf } = engine;
  const model = plan.learned?.model() ?? buildNetwork(tf, plan.settings);
  const settings = programSettings(plan, from?.precision ?? choosePrecision(plan.settings.precision, processorFlags()));
  let sentence = inWords(engine, settings.precision);
  let learner: GraphLearner | CarefulLearner | null = null;
  try {
    if (!from && !plan.learned) learnAhead(tf, model, plan, settings.normalisation);
    const opened = GraphLearner.open(tf, model, plan, settings);
    learner = opened;
    if (from) opened.restore(from.state);
    hooks.onEngine?.({ sentence, precision: settings.precision });
    if (settings.precision === 'bfloat16') {
      const feed = (...[batches, augmentation]: Parameters<GraphLearner['learn']>) =>
        fedBatches(batches, plan.settings, settings.placed, augmentation);
      learner = new CarefulLearner(opened, feed, () => {
        sentence = inWords(engine, 'float32 since bfloat16 gave a loss that is no number');
        hooks.onEngine?.({ sentence, precision: 'float32' });
      });
    }
    const learning = learner;
    const onProgress = (progress: () => Progress) =>
      hooks.onCheckpoint?.(() => ({ ...progress(), engine: 'graph', precision: learning.precision }));
    const { weights, ...course } = await learnEpochs(learning, plan, { ...hooks, onProgress }, from);
    writeWeights(tf, model, weights);
    return { model, normalisation: settings.normalisation, engine: sentence, ...course };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    learner?.close();
  }
};

const inWords = (engine: Engine, precision: string) =>
  `TensorFlow native ${engine.version}, compiled step, ${precision}, ${loadedInWords(engine)}`;

export function programSettings(plan: TrainingPlan, precision: ProgramSettings['precision']): ProgramSettings {
  const { settings, pixels, labels, learned } = plan;
  const learn = placesOf(plan, 'learn');
  // More steps than an epoch has full batches would never be made in one call.
  const most = Math.max(1, Math.floor(learn.length / settings.batch));
  return {
    ...settings,
    precision,
    films: labels.length,
    normalisation: learned?.normalisation ?? normalisationOf(pixels, settings.size, learn),
    asAnswering: learned !== undefined,
    placed: augmented(settings),
    toned: settings.tones,
    stepsPerCall: Math.min(most, plan.stepsPerCall ?? usualStepsPerCall(settings.size)),
  };
}
