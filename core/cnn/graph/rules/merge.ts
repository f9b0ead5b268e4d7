// Layers that join several inputs: sum, product, mean, concatenation.
// Inputs of one rank; a size of 1 is stretched to the others' as tfjs does.
import type { Value } from '../builder.ts';
import { add, addAll, concat, mul, reduce, split, times } from '../ops.ts';
import type { Compiling, Rule, Use } from './rule.ts';
import { CannotCompile } from './rule.ts';

export const added: Rule = (c, use) => ({
  output: sumOf(c, use),
  backward: (dy) => ({ inputs: use.inputs.map((_, place) => shrunk(c, use, place, dy)), weights: [] }),
});

export const averaged: Rule = (c, use) => {
  const share = 1 / use.inputs.length;
  return {
    output: times(c.g, sumOf(c, use), share),
    backward: (dy) => {
      const part = times(c.g, dy, share);
      return { inputs: use.inputs.map((_, place) => shrunk(c, use, place, part)), weights: [] };
    },
  };
};

export const multiplied: Rule = (c, use) => {
  const product = (values: Value[]) => values.reduce((all, value) => mul(c.g, all, value));
  return {
    output: product(use.inputs),
    backward: (dy) => ({
      inputs: use.inputs.map((_, place) =>
        shrunk(c, use, place, product([dy, ...use.inputs.filter((__, other) => other !== place)])),
      ),
      weights: [],
    }),
  };
};

export const concatenated: Rule = ({ g }, use) => {
  const rank = use.outputShape.length + 1;
  const axis = (Number(use.config['axis'] ?? -1) + rank) % rank;
  if (axis === 0) throw new CannotCompile(use.layer.name, 'it joins films, not their figures');
  const sizes = use.inputShapes.map((shape) => shape[axis - 1] ?? 0);
  return {
    output: concat(g, use.inputs, axis),
    backward: (dy) => ({ inputs: split(g, dy, sizes, axis), weights: [] }),
  };
};

function sumOf({ g }: Compiling, { inputs, inputShapes }: Use): Value {
  const alike = inputShapes.every((shape) => shape.join() === inputShapes[0]?.join());
  return alike ? addAll(g, inputs) : inputs.reduce((all, value) => add(g, all, value));
}

/** The gradient by an input that was stretched: summed over the axes it was stretched along. */
function shrunk({ g }: Compiling, use: Use, place: number, dy: Value): Value {
  const shape = use.inputShapes[place] ?? [];
  if (shape.length !== use.outputShape.length)
    throw new CannotCompile(use.layer.name, 'its inputs have different ranks');
  const axes = shape.flatMap((size, axis) => (size === 1 && use.outputShape[axis] !== 1 ? [axis + 1] : []));
  return axes.length === 0 ? dy : reduce(g, 'Sum', dy, axes, true);
}
