// Dropout: figures left out at random while learning, the others made up for it.
// Which ones is decided by the seed of the step alone.
import { cast, compare, mul, shapeOf, stateless, times } from '../ops.ts';
import type { Rule } from './rule.ts';
import { CannotCompile, onlyInput } from './rule.ts';

export const dropout: Rule = (c, use) => {
  const { g } = c;
  const x = onlyInput(use);
  const rate = Number(use.config['rate']);
  if (use.config['noiseShape'] !== undefined && use.config['noiseShape'] !== null)
    throw new CannotCompile(use.layer.name, 'its noise has a shape of its own');
  if (!c.training || rate === 0) {
    return { output: x, backward: (dy) => ({ inputs: [dy], weights: [] }) };
  }
  const drawn = stateless(g, 'StatelessRandomUniform', shapeOf(g, x), c.seed(use.layer));
  const kept = cast(g, compare(g, 'GreaterEqual', drawn, g.scalar(rate)), x.dtype);
  const mask = times(g, kept, 1 / (1 - rate));
  return {
    output: mul(g, x, mask),
    backward: (dy) => ({ inputs: [mul(g, dy, mask)], weights: [] }),
  };
};
