// Where a network looked: Grad-CAM on its last convolution, and the box that holds half of the evidence.
// Must not draw: it gives bytes on a grid and a box in pixels of the input.
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { batchOf } from './batches.ts';
import type { Normalisation } from './batches.ts';
import { boxOfHalf } from './evidence-box.ts';
import type { Box } from './evidence-box.ts';
import type { Tf } from './engine.ts';
import { logistic } from './loss.ts';
import { fieldOf, placeCells } from './receptive-field.ts';

export interface Explanation {
  /** Of fracture. */
  probability: number;
  /** Evidence for fracture on a grid of gridSize x gridSize over the input, row by row; 255 is the most there is. */
  heat: Uint8Array;
  gridSize: number;
  /** Cells along a side of the layer the evidence comes from: finer detail than this is interpolated. */
  layerSize: number;
  /** The smallest box that holds half of the evidence, in pixels of the input; null when there is no evidence. */
  box: Box | null;
}

/**
 * Gradient-weighted class activation map (Selvaraju et al. 2017) of the logit of fracture: the maps of the last
 * convolution, after its activation, each weighted by the mean of the logit's gradient over it, summed, negatives
 * dropped. Each cell is put where it lies on the input.
 * @param film one prepared film, size * size bytes
 */
export function explain(
  tf: Tf,
  model: LayersModel,
  normalisation: Normalisation,
  film: Uint8Array,
  size: number,
): Explanation {
  const { maps, head, tail } = splitAtLastConvolution(tf, model);
  const layerSize = maps.outputs[0]?.shape[1] ?? 0;
  let logit = 0;
  const cells = tf.tidy(() => {
    const input = batchOf(tf, film, size, [0], normalisation);
    const features = maps.predict(input) as Tensor;
    const through = (given: Tensor): Tensor => {
      const output = tail.reduce<Tensor>((x, layer) => layer.apply(x) as Tensor, given);
      logit = output.dataSync()[0] ?? Number.NaN;
      return output.sum();
    };
    const gradient = tf.grad(through)(features);
    const weights = gradient.mean([1, 2], true);
    return features.mul(weights).sum(3).relu().dataSync() as Float32Array;
  });
  const placed = placeCells(cells, layerSize, fieldOf(head), size);
  const most = placed.reduce((a, b) => Math.max(a, b), 0);
  const heat = Uint8Array.from(placed, (value) => (most > 0 ? Math.round((255 * value) / most) : 0));
  return { probability: logistic(logit), heat, gridSize: size, layerSize, box: boxOfHalf(heat, size) };
}

/** The network up to the activation of its last convolution; the layers to that convolution, and from there to the logit. */
function splitAtLastConvolution(tf: Tf, model: LayersModel) {
  const { layers } = model;
  const convolution = layers.findLastIndex((layer) => layer.getClassName() === 'Conv2D');
  const after = layers[convolution + 1];
  const activation = after && /Activation$/.test(after.getClassName()) ? convolution + 1 : convolution;
  const last = layers[activation];
  if (convolution < 0 || !last) throw new Error('the network has no convolution to look at');
  return {
    maps: tf.model({ inputs: model.inputs, outputs: last.output as SymbolicTensor }),
    head: layers.slice(0, convolution + 1),
    tail: layers.slice(activation + 1, -1),
  };
}
