// A network computed from one of its layers on: what comes out when that layer gives what it is given.
// Must not change the network.
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';

/**
 * The value of `output` where those of other layers are known: each layer that is needed is applied once, as when
 * answering. Ways around a known layer are computed from the input, which must be known then. Symbolic values give a
 * network of the same layers on another input.
 */
export function runThrough<Value extends Tensor | SymbolicTensor>(
  output: SymbolicTensor,
  known: readonly (readonly [SymbolicTensor, Value])[],
): Value {
  const values = new Map(known.map(([tensor, value]) => [tensor.id, value]));
  const valueOf = (tensor: SymbolicTensor): Value => {
    const before = values.get(tensor.id);
    if (before) return before;
    const layer = tensor.sourceLayer;
    const inputs = (layer.inboundNodes[tensor.nodeIndex]?.inputTensors ?? []).map(valueOf);
    const [only] = inputs;
    if (!only) throw new Error(`the layer "${layer.name}" has no value and nothing to compute it from`);
    const value = layer.apply(inputs.length === 1 ? only : (inputs as Tensor[])) as Value;
    values.set(tensor.id, value);
    return value;
  };
  return valueOf(output);
}

/** The logit [batch, 1] of a network: what goes into its last layer, the logistic function. */
export function logitOf(model: LayersModel): SymbolicTensor {
  const before = model.layers.at(-2);
  if (!before) throw new Error('a network needs a layer before its logistic function');
  return before.output as SymbolicTensor;
}
