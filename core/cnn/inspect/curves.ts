// The activation functions a network really has: each drawn by running its own layer, its derivative taken as learning
// takes it, and how often the values of a film fell where. Must not hold formulas of its own.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { ActivationCurve } from '#api/networks.ts';
import type { Tf } from '../engine.ts';
import type { LoadedModel } from '../model-files.ts';
import { activationOf, inputsOf, isActivation } from './layers.ts';
import { outputsFor } from './maps.ts';

type Layer = LayersModel['layers'][number];

/** Points of a curve: a tenth where it goes from -4 to 4, and one at 0. */
const POINTS = 161;
const BINS = 40;
const [LEAST_REACH, MOST_REACH] = [4, 20];

/** @param loaded set with `film`: then each curve says where the film's values fell */
export function activationCurves(
  tf: Tf,
  model: LayersModel,
  film: { loaded: LoadedModel; pixels: Uint8Array } | null,
): ActivationCurve[] {
  const uses = new Map<string, Layer[]>();
  for (const layer of model.layers) {
    const formula = activationOf(layer);
    // What looks at all values at once has no curve.
    if (formula === null || formula === 'softmax') continue;
    uses.set(formula, [...(uses.get(formula) ?? []), layer]);
  }
  return [...uses].map(([name, layers]) => {
    // What a convolution applies by itself is not kept before it is applied.
    const apart = layers.filter(isActivation);
    const given = film && apart.length > 0 ? valuesInto(tf, film.loaded, film.pixels, apart) : null;
    const reach = given ? reachOf(given) : LEAST_REACH;
    const x = Array.from({ length: POINTS }, (_, i) => (reach * (2 * i - (POINTS - 1))) / (POINTS - 1));
    return {
      name,
      layers: layers.map((layer) => layer.name),
      ...curveOf(tf, apart[0] ?? alone(tf, layers), x),
      values: given && binned(given, reach),
    };
  });
}

/** The function of a layer that does more, as a layer of its own. */
function alone(tf: Tf, [layer]: Layer[]): Layer {
  const activation = String(layer?.getConfig()['activation']) as Parameters<
    Tf['layers']['activation']
  >[0]['activation'];
  return tf.layers.activation({ activation });
}

function curveOf(tf: Tf, layer: Layer, x: number[]): { x: number[]; y: number[]; derivative: number[] } {
  const apply = (values: Tensor) => layer.apply(values) as Tensor;
  const [y, derivative] = tf.tidy(() => {
    const at = tf.tensor2d(x, [1, x.length]);
    return [
      apply(at).dataSync(),
      tf
        .grad((values) => apply(values).sum())(at)
        .dataSync(),
    ];
  });
  return { x, y: [...(y ?? [])], derivative: [...(derivative ?? [])] };
}

/** All values that go into these layers for a film. */
function valuesInto(tf: Tf, loaded: LoadedModel, pixels: Uint8Array, layers: Layer[]): Float32Array {
  const before = layers.flatMap((layer) => inputsOf(layer).map(({ sourceLayer }) => sourceLayer));
  const outputs = outputsFor(tf, loaded, pixels, before);
  const all = tf.tidy(() => tf.concat(outputs.map((output) => output.flatten())).dataSync() as Float32Array);
  tf.dispose(outputs);
  return all;
}

/** Wide enough for all but the outermost values on either side. */
function reachOf(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  const most = sizes[Math.floor(0.995 * (sizes.length - 1))] ?? 0;
  return Math.min(MOST_REACH, Math.max(LEAST_REACH, Math.ceil(most)));
}

export function binned(values: Float32Array, reach: number): NonNullable<ActivationCurve['values']> {
  const bins = new Array<number>(BINS).fill(0);
  let [below, above] = [0, 0];
  for (const value of values) {
    if (value < -reach) below++;
    else if (value > reach) above++;
    else {
      const bin = Math.min(BINS - 1, Math.floor((BINS * (value + reach)) / (2 * reach)));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  }
  return { count: values.length, bins, below, above };
}
