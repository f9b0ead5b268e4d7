// Operations a training takes, for the share of the computer's peak.
import type { LayersModel } from '@tensorflow/tfjs';

/** A film's, of convolutions and dense layers: forward, by the inputs and by the weights; none by the film itself. */
export function trainingFlops(model: LayersModel): number {
  const forward = model.layers.flatMap((layer) => {
    const kernel = layer.weights.find(({ shape }) => shape.length > 1)?.shape as number[] | undefined;
    if (!kernel) return [];
    const places = (layer.outputShape as number[]).slice(1, -1).reduce((product, side) => product * side, 1);
    return [2 * places * kernel.reduce((product, side) => product * side, 1)];
  });
  return forward.reduce((sum, one) => sum + 3 * one, 0) - (forward[0] ?? 0);
}
