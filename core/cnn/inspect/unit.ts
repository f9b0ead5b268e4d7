// How one unit came to its value on a film: what went in, times which weights, and what was made of it.
// Must not compute layers anew: inputs and the value are the network's own, the arithmetic between them is shown.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { Unit } from '#api/networks.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from '../engine.ts';
import type { LoadedModel } from '../model-files.ts';
import { fieldOf } from '../receptive-field.ts';
import { activationOf, gridOf, inputsOf, isActivation, outputOf, shortActivation } from './layers.ts';
import { layerAt, outputsFor } from './maps.ts';
import { workings } from './workings.ts';
import type { Given, Place, Working } from './workings.ts';

type Layer = LayersModel['layers'][number];

/** Inputs that belong together are listed up to so many groups and so many numbers. */
const [MOST_GROUPS, MOST_INPUTS] = [16, 800];

/** @throws Problem BAD_INPUT where there is no such unit */
export function unitOf(tf: Tf, loaded: LoadedModel, film: Uint8Array, index: number, place: Place): Unit {
  const layer = layerAt(loaded, index);
  const shape = gridOf(layer.outputShape as (number | null)[]);
  checkPlace(place, shape);
  const before = inputsOf(layer).map(({ sourceLayer }) => sourceLayer);
  const [after] = activationsAfter(layer);
  const outputs = outputsFor(tf, loaded, film, [...before, layer, ...(after ? [after] : [])]);
  const read = outputs.map((output): Given => {
    const [height, width, channels] = gridOf(output.shape);
    return { name: '', values: output.dataSync() as Float32Array, height, width, channels };
  });
  tf.dispose(outputs);
  const inputs = before.map(({ name }, i): Given => ({ ...(read[i] as Given), name }));
  const own = read[before.length] as Given;
  const value = valueAt(own, place);
  const kind = layer.getClassName();
  const working = (workings[kind] ?? workings['other'])?.({ layer, inputs, place, value });
  if (!working) throw new Error(`nothing says what a layer of kind ${kind} does`);
  const steps = [...working.steps];
  if (after) {
    const name = shortActivation(activationOf(after) ?? 'activation');
    steps.push({ name: `then ${name}, in ${after.name}`, value: valueAt(read.at(-1) as Given, place) });
  }
  return {
    layer: index,
    ...place,
    does: working.does,
    sees: seenBy(layer, place, loaded.card.settings.size),
    ...listed(working),
    steps,
    value,
  };
}

function checkPlace(
  { row, column, channel }: Place,
  [height, width, channels]: readonly [number, number, number],
): void {
  if (row < height && column < width && channel < channels) return;
  const reason = `this layer has ${channels} channels of ${height} × ${width}, and no unit ${channel}, ${row}, ${column}`;
  throw new Problem('BAD_INPUT', { reason });
}

/** The activation that takes a layer's output, where nothing else does. */
function activationsAfter(layer: Layer): Layer[] {
  const [only, ...others] = layer.outboundNodes.map(({ outboundLayer }) => outboundLayer);
  return only && others.length === 0 && isActivation(only) && !isActivation(layer) ? [only] : [];
}

function valueAt({ values, width, channels }: Given, { row, column, channel }: Place): number {
  return values[(row * width + column) * channels + channel] ?? Number.NaN;
}

/** In pixels of the input, cut at its edges; a layer without places sees all of it. */
function seenBy(layer: Layer, { row, column }: Place, size: number): Unit['sees'] {
  const output: SymbolicTensor = outputOf(layer);
  if (output.shape.length !== 4 || output.shape[1] === 1) return { x: 0, y: 0, width: size, height: size };
  const { first, step, reach } = fieldOf(output);
  const along = (cell: number): [number, number] => {
    const middle = first + step * cell + 0.5;
    return [Math.max(0, middle - reach), Math.min(size, middle + reach)];
  };
  const [[left, right], [top, bottom]] = [along(column), along(row)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The groups that count most, and what the others come to. */
function listed({ groups, ordered }: Working): Pick<Unit, 'groups' | 'rest' | 'inputs'> {
  const count = (some: Unit['groups']) => some.reduce((sum, group) => sum + group.inputs.length, 0);
  const sorted = ordered ? groups : groups.toSorted((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  const shown: Unit['groups'] = [];
  for (const group of sorted) {
    if (shown.length > 0 && (shown.length >= MOST_GROUPS || count(shown) + group.inputs.length > MOST_INPUTS)) break;
    shown.push(group);
  }
  const others = sorted.slice(shown.length);
  const rest = { groups: others.length, inputs: count(others), sum: others.reduce((sum, group) => sum + group.sum, 0) };
  return { inputs: count(groups), groups: shown, rest: others.length > 0 ? rest : null };
}
