// Which engine a training takes: the compiled step where it can be had, layer by layer elsewhere.
// Must not train itself.
import { Problem } from '#core/problem.ts';
import { fit } from './fit.ts';
import { fitGraph } from './graph/fit-graph.ts';
import { CannotCompile } from './graph/rules/rule.ts';
import type { Trainer } from './trainer.ts';

/** Trains by the engine the settings ask for. What cannot be compiled is trained layer by layer, and `engine` says why. */
export const train: Trainer = async (engine, plan, hooks, from = null) => {
  const wanted = plan.settings.engine;
  const layers = wanted === 'layers' || wanted === 'wasm' || engine.name !== 'native' || from?.engine === 'layers';
  if (layers) {
    // What one engine keeps of its optimiser means nothing to the other.
    if (from?.engine === 'graph') throw new Problem('RESUME_ENGINE', { reason: engine.sentence });
    return fit(engine, plan, hooks, from);
  }
  try {
    return await fitGraph(engine, plan, hooks, from);
  } catch (error) {
    if (!(error instanceof CannotCompile)) throw error;
    if (from) throw new Problem('RESUME_ENGINE', { reason: error.message });
    return fit({ ...engine, sentence: `${engine.sentence}, layer by layer: ${error.message}` }, plan, hooks);
  }
};
