// A tfjs network as a list of layer uses in order, and its forward and backward pass as a graph.
// Must not know losses or optimisers.
import type { LayersModel, SymbolicTensor, layers } from '@tensorflow/tfjs';
import { mapOf } from '../marks.ts';
import type { Value } from './builder.ts';
import { addAll, cast } from './ops.ts';
import { rules as allRules } from './rules/index.ts';
import { CannotCompile, sizesOf } from './rules/rule.ts';
import type { Applied, Compiling, LayerWeight, Rule } from './rules/rule.ts';

type Layer = layers.Layer;

/** One use of a layer: a layer used twice stands twice. */
interface Stage {
  layer: Layer;
  rule: Rule;
  inputs: SymbolicTensor[];
  output: SymbolicTensor;
}

/** Rules by class name; a test may put in others. */
export type Rules = Readonly<Record<string, Rule>>;

export interface Network {
  input: SymbolicTensor;
  output: SymbolicTensor;
  stages: Stage[];
}

/**
 * The layers from the input of `model` to `output`, each after those it needs.
 * @throws CannotCompile when a layer has no rule
 */
export function networkOf(model: LayersModel, output: SymbolicTensor, rules: Rules = allRules): Network {
  const [input, ...more] = model.inputs;
  if (!input || more.length > 0) throw new CannotCompile(model.name, `it has ${model.inputs.length} inputs, not one`);
  const stages: Stage[] = [];
  const reached = new Set([input.id]);
  const visit = (tensor: SymbolicTensor): void => {
    if (reached.has(tensor.id)) return;
    reached.add(tensor.id);
    const layer = tensor.sourceLayer;
    const node = layer.inboundNodes[tensor.nodeIndex];
    const rule = rules[layer.getClassName()];
    if (!rule || !node)
      throw new CannotCompile(layer.name, `there is no rule for layers of the kind ${layer.getClassName()}`);
    if (node.outputTensors.length !== 1) throw new CannotCompile(layer.name, 'it has several outputs');
    node.inputTensors.forEach(visit);
    stages.push({ layer, rule, inputs: node.inputTensors, output: tensor });
  };
  visit(output);
  return { input, output, stages };
}

export interface Forward {
  /** In the precision of the graph. */
  output: Value;
  /** What another layer on the way gave. */
  valueOf(tensor: SymbolicTensor): Value;
  /**
   * Gradients by the weights, float32, from the gradient by the output and, where a loss is on them, by others on the way.
   * Weights that are used twice get the sum.
   */
  backward(dy: Value, more?: readonly (readonly [SymbolicTensor, Value])[]): Map<LayerWeight, Value>;
}

/** @param input of the network, in the precision of the graph */
export function forwardOf(c: Compiling, { stages, ...network }: Network, input: Value): Forward {
  const values = new Map<number, Value>([[network.input.id, input]]);
  const valueOf = (tensor: SymbolicTensor): Value => {
    const value = values.get(tensor.id);
    if (!value) throw new Error(`${tensor.name} was not computed`);
    return value;
  };
  /** What a weight that is learned has a part in: gradients go no further back. */
  const learned = new Set<number>();
  const done: { stage: Stage; applied: Applied }[] = stages.map((stage) => {
    const { layer, rule, inputs, output } = stage;
    const applied = rule(c, {
      layer,
      config: layer.getConfig(),
      inputs: inputs.map(valueOf),
      inputShapes: inputs.map((tensor) => sizesOf(tensor, layer.name)),
      outputShape: sizesOf(output, layer.name),
    });
    values.set(output.id, applied.output);
    if (layer.trainableWeights.length > 0 || inputs.some(({ id }) => learned.has(id))) learned.add(output.id);
    return { stage, applied };
  });
  return {
    output: valueOf(network.output),
    valueOf,
    backward: (dy, more = []) => backwardOf(c, [[network.output, dy], ...more], done, learned),
  };
}

function backwardOf(
  c: Compiling,
  given: readonly (readonly [SymbolicTensor, Value])[],
  done: { stage: Stage; applied: Applied }[],
  learned: ReadonlySet<number>,
): Map<LayerWeight, Value> {
  const byTensor = new Map<number, Value[]>(given.map(([{ id }, dy]) => [id, [dy]]));
  const byWeight = new Map<LayerWeight, Value[]>();
  for (const { stage, applied } of done.toReversed()) {
    const arriving = byTensor.get(stage.output.id);
    if (!arriving || !learned.has(stage.output.id)) continue;
    const { inputs, weights } = applied.backward(addAll(c.g, arriving));
    stage.inputs.forEach(({ id }, place) => {
      const gradient = inputs[place];
      if (gradient && learned.has(id)) byTensor.set(id, [...(byTensor.get(id) ?? []), gradient]);
    });
    for (const { weight, gradient } of weights) {
      if (!stage.layer.trainableWeights.includes(weight)) continue;
      byWeight.set(weight, [...(byWeight.get(weight) ?? []), cast(c.g, gradient, 'float32')]);
    }
  }
  return new Map([...byWeight].map(([weight, gradients]) => [weight, addAll(c.g, gradients)]));
}

/** What a network learns by: its answer before the last layer's function, which the loss takes in, and the map of marks. */
export interface Head {
  logits: SymbolicTensor;
  loss: 'binary' | 'categorical';
  /** Null where boxes teach it nothing. */
  map: SymbolicTensor | null;
}

/**
 * The logits of a network that ends in an activation layer: the logistic function on one unit, or softmax.
 * @throws CannotCompile
 */
export function headOf(model: LayersModel): Head {
  const [output, ...more] = model.outputs;
  if (!output || more.length > 0)
    throw new CannotCompile(model.name, `it has ${model.outputs.length} outputs, not one`);
  const layer = output.sourceLayer;
  const node = layer.inboundNodes[output.nodeIndex];
  const kind = layer.getClassName() === 'Softmax' ? 'softmax' : layer.getConfig()['activation'];
  const isActivation = ['Activation', 'Softmax'].includes(layer.getClassName());
  const logits = node?.inputTensors[0];
  if (!logits || !isActivation || (kind !== 'sigmoid' && kind !== 'softmax'))
    throw new CannotCompile(layer.name, 'a network has to end in the logistic function or softmax, as a layer');
  return { logits, loss: kind === 'sigmoid' ? 'binary' : 'categorical', map: mapOf(model) };
}
