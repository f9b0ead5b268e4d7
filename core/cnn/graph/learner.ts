// A network in a session that learns batches: what the graph engine hands to the common loop over epochs.
// Must not know epochs beyond that; must not choose settings.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { RunSettings } from '#api/runs.ts';
import type { Random } from '#core/random.ts';
import { drawPlacement } from '../augment.ts';
import { filmsPerCall } from '../batches.ts';
import type { Tf } from '../engine.ts';
import { learningWeights } from '../epochs.ts';
import type { Batch, Learned, Learner, LearnerState } from '../epochs.ts';
import { mapOf, markMaps, sideOfMap } from '../marks.ts';
import { adam } from '../optimizer.ts';
import type { TrainingPlan } from '../trainer.ts';
import { placementFigures, placementOf, wordsOf } from './films.ts';
import { compile, ratesFed } from './program.ts';
import type { ProgramSettings } from './program.ts';
import { CannotCompile } from './rules/rule.ts';
import { Session } from './session.ts';
import type { Fed } from './session.ts';

export class GraphLearner implements Learner {
  readonly #tf: Tf;
  readonly #model: LayersModel;
  readonly #plan: TrainingPlan;
  readonly #settings: ProgramSettings;
  readonly #session: Session;

  private constructor(tf: Tf, model: LayersModel, plan: TrainingPlan, settings: ProgramSettings, session: Session) {
    this.#tf = tf;
    this.#model = model;
    this.#plan = plan;
    this.#settings = settings;
    this.#session = session;
  }

  /**
   * A session with the network's weights and the plan's films in it. The caller closes it.
   * @throws CannotCompile
   */
  static open(tf: Tf, model: LayersModel, plan: TrainingPlan, settings: ProgramSettings): GraphLearner {
    const session = openSession(tf, model, settings);
    const learner = new GraphLearner(tf, model, plan, settings, session);
    try {
      session.run('init', weightsFed(model));
      session.run('films', filmsFed(plan, mapOf(model)));
      return learner;
    } catch (error) {
      learner.close();
      throw error;
    }
  }

  /** The same training in another precision, from a state that `state` gave. */
  reopened(precision: ProgramSettings['precision'], state: LearnerState): GraphLearner {
    const other = GraphLearner.open(this.#tf, this.#model, this.#plan, { ...this.#settings, precision });
    other.restore(state);
    return other;
  }

  get precision(): ProgramSettings['precision'] {
    return this.#settings.precision;
  }

  get batchesPerCall(): number {
    return this.#settings.stepsPerCall;
  }

  learn(batches: Batch[], augmentation: Random): Learned {
    return this.run(fedBatches(batches, this.#plan.settings, this.#settings.placed, augmentation), batches.length);
  }

  /** Learns what `fedBatches` made ready. */
  run(fed: Fed, batches: number): Learned {
    const { losses, right, norm } = this.#session.run(batches > 1 ? 'steps' : 'step', fed);
    return {
      losses: [...(losses?.values ?? [])],
      right: [...(right?.values ?? [])].reduce((sum, value) => sum + value, 0),
      gradientNorm: norm?.values[0] ?? null,
    };
  }

  answer(places: Uint32Array): Float32Array {
    const logits = new Float32Array(places.length);
    const most = filmsPerCall(this.#plan.settings.size);
    for (let from = 0; from < places.length; from += most) {
      const some = Int32Array.from(places.subarray(from, from + most));
      const answer = this.#session.run('evaluate', { places: { values: some, shape: [some.length] } });
      logits.set(answer['logits']?.values ?? [], from);
    }
    return logits;
  }

  weights(): Float32Array[] {
    const weights = this.#session.run('weights', {});
    return Object.values(weights).map(({ values }) => values as Float32Array);
  }

  state(): LearnerState {
    return this.#session.run('state', {}) as LearnerState;
  }

  /** Goes on from what `state` gave. */
  restore(state: LearnerState): void {
    this.#session.run('restore', state);
  }

  close(): void {
    this.#session.close();
  }
}

/** A library that does not know an operation of the graph refuses it as it is loaded. */
function openSession(tf: Tf, model: LayersModel, settings: ProgramSettings): Session {
  const { graph } = compile(model, settings);
  try {
    return Session.open(tf, graph);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CannotCompile(model.name, `the library refused the graph: ${reason ?? ''}`);
  }
}

function weightsFed(model: LayersModel): Fed {
  const weights = model.getWeights().map((weight, place) => {
    return [`weight${place}`, { values: weight.dataSync() as Float32Array, shape: weight.shape }] as const;
  });
  return Object.fromEntries(weights);
}

function filmsFed(plan: TrainingPlan, map: SymbolicTensor | null): Fed {
  const { labels, pixels } = plan;
  const words = wordsOf(pixels);
  const [whole, fracture] = learningWeights(plan);
  const films = [labels.length];
  return {
    words: { values: words, shape: [words.length] },
    labels: { values: Float32Array.from(labels), shape: films },
    weights: { values: Float32Array.from(labels, (label) => (label === 1 ? fracture : whole)), shape: films },
    ...(map ? mapsFed(plan, sideOfMap(map)) : {}),
  };
}

function mapsFed(plan: TrainingPlan, side: number): Fed {
  const { targets, weights } = markMaps(plan, side);
  return {
    maps: { values: targets, shape: [weights.length, side * side] },
    mapWeights: { values: weights, shape: [weights.length] },
  };
}

/** What a call is fed for these batches; draws placements in the order of the films. */
export function fedBatches(batches: Batch[], settings: RunSettings, placed: boolean, augmentation: Random): Fed {
  const lead = batches.length > 1 ? [batches.length] : [];
  const films = batches[0]?.places.length ?? 0;
  const { size, seed } = settings;
  const fed: Fed = {
    places: { values: Int32Array.from(batches.flatMap(({ places }) => [...places])), shape: [...lead, films] },
    seeds: { values: Int32Array.from(batches.flatMap(({ step }) => [seed | 0, step])), shape: [...lead, 2] },
    rates: { values: Float32Array.from(batches.flatMap(ratesOf)), shape: [...lead, ratesFed] },
  };
  if (placed) {
    const figures = batches.flatMap(({ places }) =>
      [...places].flatMap(() => placementOf(drawPlacement(augmentation, size, settings), size)),
    );
    fed['placements'] = { values: Float32Array.from(figures), shape: [...lead, films, placementFigures] };
  }
  return fed;
}

const ratesOf = ({ learningRate, step }: Batch) => [learningRate, adam.beta1 ** (step + 1), adam.beta2 ** (step + 1)];
