// A network learned for some steps by the graph and by tfjs' automatic differentiation: how far apart they come.
// Each difference is told in units of what rounding in float32 may make of it: below 1 is equal.
import type { LayersModel, Scalar, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { Tf } from '#core/cnn/engine.ts';
import { wordsOf } from '#core/cnn/graph/films.ts';
import { headOf } from '#core/cnn/graph/network.ts';
import { compile } from '#core/cnn/graph/program.ts';
import type { ProgramSettings } from '#core/cnn/graph/program.ts';
import { Session } from '#core/cnn/graph/session.ts';
import { boxShare, mapShare } from '#core/cnn/marks.ts';
import type { MarkMaps } from '#core/cnn/marks.ts';
import { adam, createOptimizer } from '#core/cnn/optimizer.ts';
import { random } from '#core/random.ts';

export const plain: ProgramSettings = {
  optimizer: 'sgd',
  weightDecay: 0,
  clipNorm: null,
  averaging: null,
  labelSmoothing: 0,
  precision: 'float32',
  films: 12,
  size: 8,
  normalisation: { mean: 0.5, deviation: 0.25 },
  placed: false,
  toned: false,
  stepsPerCall: 1,
  withGradients: true,
};

export interface Films {
  pixels: Uint8Array;
  labels: Float32Array;
  weights: Float32Array;
  /** For a network with a map. */
  maps?: MarkMaps;
}

/** Random films, labels among `classes`, and uneven weights of the films. */
export function randomFilms({ films, size }: ProgramSettings, seed: number, classes = 2): Films {
  const draw = random(seed, 7);
  return {
    pixels: Uint8Array.from({ length: films * size * size }, () => draw.below(256)),
    labels: Float32Array.from({ length: films }, (_, film) => (film < classes ? film : draw.below(classes))),
    weights: Float32Array.from({ length: films }, () => 0.5 + draw.uniform()),
  };
}

export interface Way {
  losses: number[];
  right: number[];
  norms: number[];
  /** Of the first step, in the order of the model's weights; null where nothing is learned. */
  gradients: (Float32Array | null)[];
  /** After 1, 2 and the last step. */
  weights: Float32Array[][];
}

const batch = 6;
/** Steps after which weights are compared. */
const looks = [1, 2, 10];

const placesAt = (step: number, films: number) =>
  Int32Array.from({ length: batch }, (_, i) => (step * batch + i * 5) % films);

/** @param learningRate may be a list, one a step */
export function byGraph(
  tf: Tf,
  model: LayersModel,
  settings: ProgramSettings,
  films: Films,
  learningRate: number,
  steps = 10,
): Way {
  const session = openGraph(tf, model, settings, films);
  try {
    const way: Way = { losses: [], right: [], norms: [], gradients: [], weights: [] };
    for (let step = 0; step < steps; step++) {
      const fed = stepFed(step, placesAt(step, settings.films), learningRate);
      const run = session.run('step', fed);
      way.losses.push(run['losses']?.values[0] ?? Number.NaN);
      way.right.push(run['right']?.values[0] ?? Number.NaN);
      way.norms.push(run['norm']?.values[0] ?? Number.NaN);
      if (step === 0) {
        way.gradients = model.weights.map((_, place) => (run[`gradient${place}`]?.values as Float32Array) ?? null);
      }
      if (looks.includes(step + 1)) way.weights.push(weightsIn(session, model.weights.length));
    }
    return way;
  } finally {
    session.close();
  }
}

export function openGraph(tf: Tf, model: LayersModel, settings: ProgramSettings, films: Films): Session {
  const session = Session.open(tf, compile(model, settings).graph);
  const weights = model.getWeights().map((weight, place) => {
    return [`weight${place}`, { values: weight.dataSync() as Float32Array, shape: weight.shape }] as const;
  });
  session.run('init', Object.fromEntries(weights));
  const words = wordsOf(films.pixels);
  session.run('films', {
    words: { values: words, shape: [words.length] },
    labels: { values: films.labels, shape: [settings.films] },
    weights: { values: films.weights, shape: [settings.films] },
    ...(films.maps && {
      maps: { values: films.maps.targets, shape: [settings.films, films.maps.targets.length / settings.films] },
      mapWeights: { values: films.maps.weights, shape: [settings.films] },
    }),
  });
  return session;
}

export function stepFed(step: number, places: Int32Array, learningRate: number) {
  const rates = Float32Array.from([learningRate, adam.beta1 ** (step + 1), adam.beta2 ** (step + 1)]);
  return {
    places: { values: places, shape: [places.length] },
    seeds: { values: Int32Array.from([1, step]), shape: [2] },
    rates: { values: rates, shape: [3] },
  };
}

export const weightsIn = (session: Session, count: number) => {
  const weights = session.run('weights', {});
  return Array.from({ length: count }, (_, place) => weights[`weight${place}`]?.values as Float32Array);
};

/** The same by tfjs: its own forward pass, its own gradients; the loss spelled out in its operations. */
export function byLayers(
  tf: Tf,
  model: LayersModel,
  settings: ProgramSettings,
  films: Films,
  learningRate: number,
  steps = 10,
): Way {
  const head = headOf(model);
  const outputs = [head.logits, ...(head.map ? [head.map] : [])];
  const taught = tf.model({ inputs: model.inputs, outputs });
  const trained = model.trainableWeights;
  const variables = trained.map((weight) => weight.read() as Variable);
  const optimizer = createOptimizer(tf, variables, settings);
  const way: Way = { losses: [], right: [], norms: [], gradients: [], weights: [] };
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const places = placesAt(step, settings.films);
      const { values, shape } = normalised(settings, films, places);
      const x = tf.tensor4d(values, shape);
      const labels = tf.tensor1d([...places].map((place) => films.labels[place] ?? 0));
      const weights = tf.tensor1d([...places].map((place) => films.weights[place] ?? 0));
      let shown = Number.NaN;
      const { grads } = tf.variableGrads(() => {
        const [z, map] = [taught.apply(x, { training: true })].flat() as [Tensor2D, Tensor4D?];
        way.right.push(rightIn(tf, head.loss, z, labels));
        const loss = lossOf(tf, head.loss, z, labels, weights, settings.labelSmoothing);
        shown = loss.dataSync()[0] ?? Number.NaN;
        return map && films.maps ? loss.add(mapLossOf(tf, map, films.maps, places)) : loss;
      }, variables);
      way.losses.push(shown);
      const l2 = (variable: Variable) =>
        settings.optimizer !== 'adamw' && variable.rank > 1 ? 2 * settings.weightDecay : 0;
      if (step === 0) {
        way.gradients = model.weights.map((weight) => {
          const variable = weight.read() as Variable;
          const gradient = grads[variable.name];
          return gradient ? (tf.add(gradient, tf.mul(variable, l2(variable))).dataSync() as Float32Array) : null;
        });
      }
      const flat = tf.concat1d(
        variables.map(({ name, shape: sides }) => (grads[name] ?? tf.zeros(sides)).flatten() as Tensor1D),
      );
      way.norms.push(optimizer.step(flat, learningRate).dataSync()[0] ?? Number.NaN);
    });
    if (looks.includes(step + 1)) {
      optimizer.swap();
      way.weights.push(model.getWeights().map((weight) => Float32Array.from(weight.dataSync())));
      optimizer.swap();
    }
  }
  optimizer.dispose();
  return way;
}

function normalised({ size, normalisation }: ProgramSettings, { pixels }: Films, places: Int32Array) {
  const area = size * size;
  const values = [...places].flatMap((place) =>
    [...pixels.subarray(place * area, (place + 1) * area)].map(
      (grey) => (grey / 255 - normalisation.mean) / normalisation.deviation,
    ),
  );
  return { values, shape: [places.length, size, size, 1] as [number, number, number, number] };
}

function lossOf(
  tf: Tf,
  loss: 'binary' | 'categorical',
  logits: Tensor2D,
  labels: Tensor1D,
  weights: Tensor1D,
  smoothing: number,
): Scalar {
  if (loss === 'binary') {
    const [z, y] = [logits.flatten(), labels.mul(1 - smoothing).add(smoothing / 2)];
    const each = tf.relu(z).sub(z.mul(y)).add(tf.abs(z).neg().exp().log1p());
    return each.mul(weights).mean() as Scalar;
  }
  const classes = logits.shape[1];
  const hot = tf
    .oneHot(labels.toInt(), classes)
    .mul(1 - smoothing)
    .add(smoothing / classes);
  return tf.logSoftmax(logits).mul(hot).sum(1).neg().mul(weights).mean() as Scalar;
}

/** Only its gradient is held against ours: the loss that is shown is that of the class. */
function mapLossOf(tf: Tf, map: Tensor4D, { targets, weights }: MarkMaps, places: Int32Array): Scalar {
  const cells = map.size / places.length;
  const at = (place: number) => [...targets.subarray(place * cells, (place + 1) * cells)];
  const y = tf.tensor2d([...places].flatMap(at), [places.length, cells]);
  const w = tf.tensor2d(
    [...places].map((place) => weights[place] ?? 0),
    [places.length, 1],
  );
  const z = map.reshape([places.length, cells]) as Tensor2D;
  const each = tf.relu(z).sub(z.mul(y)).add(tf.abs(z).neg().exp().log1p());
  const weighed = each.mul(w).mul(y.mul(boxShare - 1).add(1));
  return weighed.mean().mul(mapShare) as Scalar;
}

function rightIn(tf: Tf, loss: 'binary' | 'categorical', logits: Tensor2D, labels: Tensor1D): number {
  const answer =
    loss === 'binary' ? tf.cast(logits.flatten().greater(0), 'float32') : tf.cast(logits.argMax(1), 'float32');
  return answer.equal(labels).sum().dataSync()[0] ?? 0;
}

/** How far two ways lie apart; above 1 they are not the same. */
export function distance(
  a: Way,
  b: Way,
  sharp = 1,
): { losses: number; gradients: number; weights: number; worst: number } {
  const losses = apart(a.losses, b.losses, 2e-5);
  const norms = apart(a.norms, b.norms, 2e-4);
  const gradients = Math.max(
    ...a.gradients.map((one, place) => apart(one ?? [], b.gradients[place] ?? [], 2e-4)),
    norms,
  );
  const weights = Math.max(
    ...a.weights.flatMap((look, time) => look.map((one, place) => apart(one, b.weights[time]?.[place] ?? [], 2e-4))),
  );
  const all = { losses: losses / sharp, gradients: gradients / sharp, weights: weights / sharp };
  return { ...all, worst: Math.max(all.losses, all.gradients, all.weights) };
}

/** Largest difference, against the largest figure of the two lists times `share` and a little. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>, share: number): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [difference, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, Math.abs(x - y));
    largest = Math.max(largest, Math.abs(x), Math.abs(y));
  }
  return difference / (share * largest + 2e-6);
}
