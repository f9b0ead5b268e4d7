// Dense layers: every input to every unit.
// Must not know what follows.
import { matMul } from '../ops.ts';
import { withActivation } from './activation.ts';
import { withBias } from './convolution.ts';
import type { Applied, Rule } from './rule.ts';
import { CannotCompile, neededWeight, onlyInput, onlyShape, weightOf } from './rule.ts';

export const dense: Rule = (c, use) => {
  const { g } = c;
  const x = onlyInput(use);
  if (onlyShape(use).length !== 1) throw new CannotCompile(use.layer.name, 'its input is no list of figures a film');
  const kernel = neededWeight(use.layer, 'kernel');
  const weights = weightOf(c, kernel);
  const product: Applied = {
    output: matMul(g, x, weights),
    backward: (dy) => ({
      inputs: [matMul(g, dy, weights, false, true)],
      weights: [{ weight: kernel, gradient: matMul(g, x, dy, true, false) }],
    }),
  };
  return withActivation(c, use, withBias(c, use, product));
};
