// Where a network looked: Grad-CAM on its last maps, and the box that holds half of the evidence.
// Must not draw: it gives bytes on a grid and a box in pixels of the input.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { Box } from '#api/box.ts';
import { batchOf } from './batches.ts';
import type { Normalisation } from './batches.ts';
import { boxOfHalf } from './evidence-box.ts';
import type { Tf } from './engine.ts';
import { logistic } from './loss.ts';
import { mapLayer } from './marks.ts';
import { fieldOf, placeCells } from './receptive-field.ts';
import { logitOf, runThrough } from './run-through.ts';

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
 * Gradient-weighted class activation map (Selvaraju et al. 2017) of the logit of fracture: the last maps of the network,
 * each weighted by the mean of the logit's gradient over it, summed, negatives dropped. Each cell is put where it lies on
 * the input. Where the logit is a mere weighted sum of the maps (no function bends it on the way), each cell counts by its
 * own gradient instead: then the product is just what it adds to the logit (HiResCAM, Draelos and Carin 2020). Where no
 * layer keeps a picture (one layer on the pixels) the pixels themselves, off the mean, are the map.
 * @param film one prepared film, size * size bytes
 */
export function explain(
  tf: Tf,
  model: LayersModel,
  normalisation: Normalisation,
  film: Uint8Array,
  size: number,
): Explanation {
  const [input, logit] = [model.inputs[0] as SymbolicTensor, logitOf(model)];
  const maps = lastMaps(model) ?? input;
  const layerSize = maps.shape[1] ?? 0;
  let answer = 0;
  const cells = tf.tidy(() => {
    const given = batchOf(tf, film, size, [0], normalisation);
    const features = runThrough(maps, [[input, given]]);
    const gradient = tf.grad((x) => {
      const known = maps === input ? [[input, x] as const] : ([[input, given], [maps, x]] as const); // prettier-ignore
      const output = runThrough(logit, known);
      answer = output.dataSync()[0] ?? Number.NaN;
      return output.sum();
    })(features);
    const weights = onlySummed(logit, maps) ? gradient : gradient.mean([1, 2], true);
    return features.mul(weights).sum(3).relu().dataSync() as Float32Array;
  });
  const placed = placeCells(cells, layerSize, fieldOf(maps), size);
  const most = placed.reduce((a, b) => Math.max(a, b), 0);
  const heat = Uint8Array.from(placed, (value) => (most > 0 ? Math.round((255 * value) / most) : 0));
  return { probability: logistic(answer), heat, gridSize: size, layerSize, box: boxOfHalf(heat, size) };
}

/** Layers that add up what they are given, each figure with a weight of its own. */
const sums = /^(AveragePooling2D|GlobalAveragePooling2D|Flatten|Reshape|Dense|Dropout|Concatenate|Add)$/;

/** Whether all ways from the maps to an output are sums. */
function onlySummed(output: SymbolicTensor, maps: SymbolicTensor): boolean {
  if (output === maps) return true;
  const layer = output.sourceLayer;
  const inputs = layer.inboundNodes[output.nodeIndex]?.inputTensors ?? [];
  if (inputs.length === 0) return true; // beside the maps
  const bent = (layer.getConfig()['activation'] ?? 'linear') !== 'linear';
  return sums.test(layer.getClassName()) && !bent && inputs.every((tensor) => onlySummed(tensor, maps));
}

/** The output of the last layer that still has places, after its activation and before it is pooled; null where none has. */
function lastMaps({ layers }: LayersModel): SymbolicTensor | null {
  const withPlaces = layers.filter((layer) => {
    const kind = layer.getClassName();
    return layer.outputShape.length === 4 && layer.name !== mapLayer && !/Pooling|InputLayer|Reshape/.test(kind);
  });
  return (withPlaces.at(-1)?.output as SymbolicTensor | undefined) ?? null;
}
