// Which engine a training takes: the compiled step where it can be had, layer by layer elsewhere.
// Must not train itself.
import { fit } from './fit.ts';
import { fitGraph } from './graph/fit-graph.ts';
import { CannotCompile } from './graph/rules/rule.ts';
import type { Trainer } from './trainer.ts';

/** Trains by the engine the settings ask for. What cannot be compiled is trained layer by layer, and `engine` says why. */
export const train: Trainer = async (engine, plan, hooks) => {
  const wanted = plan.settings.engine;
  if (wanted === 'layers' || wanted === 'wasm' || engine.name !== 'native') return fit(engine, plan, hooks);
  try {
    return await fitGraph(engine, plan, hooks);
  } catch (error) {
    if (!(error instanceof CannotCompile)) throw error;
    return fit({ ...engine, sentence: `${engine.sentence}, layer by layer: ${error.message}` }, plan, hooks);
  }
};
