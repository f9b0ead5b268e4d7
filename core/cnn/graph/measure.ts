// How fast the compiled step of the paper's network learns here, on noise: speed does not look at films.
// Must not choose anything.
import { runSettings } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import type { Engine } from '../engine.ts';
import { buildNetwork } from '../networks/index.ts';
import type { TrainingPlan } from '../trainer.ts';
import { programSettings } from './fit-graph.ts';
import { GraphLearner } from './learner.ts';
import { choosePrecision, processorFlags } from './precision.ts';

export interface MeasureOrder {
  /** Side of the input, px. */
  size: number;
  /** Steps one call makes. */
  stepsPerCall: number;
  /** How long calls are timed, in milliseconds; up to four times as long for `fewestCalls` of them. */
  milliseconds: number;
}

const fewestCalls = 4;

/**
 * Films a second of each call, after one that is not counted.
 * @throws Problem NOTHING_TO_MEASURE without the native library
 */
export function measureStep(engine: Engine, { size, stepsPerCall, milliseconds }: MeasureOrder): number[] {
  if (engine.name !== 'native') throw new Problem('NOTHING_TO_MEASURE', { engine: 'WebAssembly' });
  const plan = noisePlan(size, stepsPerCall);
  const { settings, labels } = plan;
  const model = buildNetwork(engine.tf, settings);
  const precision = choosePrecision(settings.precision, processorFlags());
  const learner = GraphLearner.open(engine.tf, model, plan, { ...programSettings(plan, precision), stepsPerCall });
  const batches = Array.from({ length: stepsPerCall }, (_, step) => ({
    places: Uint32Array.from({ length: settings.batch }, (_, film) => (step * settings.batch + film) % labels.length),
    step,
    learningRate: settings.learningRate,
  }));
  const augmentation = random(1);
  const secondsOfCall = () => {
    const startedAt = performance.now();
    learner.learn(batches, augmentation);
    return (performance.now() - startedAt) / 1000;
  };
  try {
    secondsOfCall();
    const speeds: number[] = [];
    const startedAt = performance.now();
    const within = (times: number) => performance.now() - startedAt < times * milliseconds;
    while (within(1) || (speeds.length < fewestCalls && within(4))) {
      speeds.push((stepsPerCall * settings.batch) / secondsOfCall());
    }
    return speeds;
  } finally {
    learner.close();
    model.dispose();
  }
}

/** Two batches of noise, half of it fractures. Small batches of large films: else a call takes seconds on a slow computer. */
function noisePlan(size: number, stepsPerCall: number): TrainingPlan {
  const batch = size <= 64 ? 32 : 8;
  const settings = runSettings.parse({ preset: 'paper', size, batch, classWeights: false });
  const draw = random(1, 5);
  const films = 2 * settings.batch;
  return {
    settings,
    stepsPerCall,
    pixels: Uint8Array.from({ length: films * size ** 2 }, () => draw.below(256)),
    labels: Uint8Array.from({ length: films }, (_, film) => film % 2),
    parts: new Uint8Array(films),
  };
}
