// The child process that holds TensorFlow: trains, predicts, explains. A crash here costs an epoch, never a label.
// Must hold no logic of its own: it hands requests to core/cnn.
import type { RunSettings } from '#api/runs.ts';
import { Models } from '#core/cnn/answer.ts';
import type { ModelReference } from '#core/cnn/answer.ts';
import { describeLayers } from '#core/cnn/describe-layers.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { trainModel } from '#core/cnn/train-model.ts';
import type { TrainingOrder } from '#core/cnn/train-model.ts';
import { work } from './work.ts';

let models: Models | null = null;

async function openModels(): Promise<Models> {
  const engine = await loadEngine('auto');
  return (models ??= new Models(engine));
}

work({
  /** What runs here and what it costs. */
  async probe({ engine }: { engine: RunSettings['engine'] }) {
    const { name, sentence, threads, version } = await loadEngine(engine);
    return { name, sentence, threads, version };
  },

  /** The layers of a network in words, and all its weights. */
  async describe({ settings }: { settings: RunSettings }) {
    const { tf } = await loadEngine('auto');
    const network = buildNetwork(tf, settings);
    const described = describeLayers(network);
    network.dispose();
    return described;
  },

  /** Events: {kind: 'engine', engine} with what trains, in words, then {kind: 'step', step} and {kind: 'epoch', epoch}; first {kind: 'resumed', epoch, damaged} where it goes on. Result: `TrainingResult`. */
  async train(order: TrainingOrder, { emit, signal }) {
    const engine = await loadEngine(order.settings.engine);
    return trainModel(engine, order, {
      onEngine: (sentence) => emit({ kind: 'engine', engine: sentence }),
      onStep: (step) => emit({ kind: 'step', step }),
      onEpoch: (epoch) => emit({ kind: 'epoch', epoch }),
      onResumed: (from) => emit({ kind: 'resumed', ...from }),
      signal,
    });
  },

  /** Probabilities of fracture, one a film. */
  async predict({ pixels, count, ...model }: ModelReference & { pixels: Uint8Array; count: number }) {
    return (await openModels()).predict(model, pixels, count);
  },

  /** One film: `Answered`. */
  async explain({ pixels, colour, ...model }: ModelReference & { pixels: Uint8Array; colour: number }) {
    return (await openModels()).explain(model, pixels, colour);
  },
});
