// The child process that holds TensorFlow: trains, predicts, explains. A crash here costs an epoch, never a label.
// Must hold no logic of its own: it hands requests to core/cnn.
import type { RunSettings } from '#api/runs.ts';
import { Models } from '#core/cnn/answer.ts';
import type { ModelReference } from '#core/cnn/answer.ts';
import type { BodyReference } from '#core/cnn/bodies/body-files.ts';
import { importBody } from '#core/cnn/bodies/import-body.ts';
import type { BodyOrder } from '#core/cnn/bodies/import-body.ts';
import { bodyWithHead } from '#core/cnn/bodies/with-head.ts';
import { costOf, describeLayers } from '#core/cnn/describe-layers.ts';
import { loadEngine, versionsOf } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { measureStep } from '#core/cnn/graph/measure.ts';
import type { MeasureOrder } from '#core/cnn/graph/measure.ts';
import { importModel } from '#core/cnn/import-model.ts';
import type { ImportOrder } from '#core/cnn/import-model.ts';
import { activationCurves } from '#core/cnn/inspect/curves.ts';
import { everyLayer } from '#core/cnn/inspect/layers.ts';
import { mapsOf } from '#core/cnn/inspect/maps.ts';
import { sliceLoss } from '#core/cnn/inspect/slice.ts';
import type { SliceOrder } from '#core/cnn/inspect/slice.ts';
import { unitOf } from '#core/cnn/inspect/unit.ts';
import type { Place } from '#core/cnn/inspect/workings.ts';
import type { LoadedModel } from '#core/cnn/model-files.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { trainModel } from '#core/cnn/train-model.ts';
import type { TrainingOrder } from '#core/cnn/train-model.ts';
import { work } from './work.ts';

/** A network that learned nothing yet. */
interface Fresh {
  settings: RunSettings;
  /** The one its settings name. */
  body?: BodyReference | undefined;
}
/** A trained network by its model, another one by its settings. */
type Which = Fresh | ModelReference;

const built = (tf: Tf, { settings, body }: Fresh) => (body ? bodyWithHead(tf, body) : buildNetwork(tf, settings));

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

  /** Films a second of each call of the compiled step, as this process loaded the library. */
  async measure(order: MeasureOrder) {
    return measureStep(await loadEngine('auto'), order);
  },

  /** The layers of a network in words, and all its weights. */
  async describe(fresh: Fresh) {
    const { tf } = await loadEngine('auto');
    const network = built(tf, fresh);
    const described = describeLayers(network);
    network.dispose();
    return described;
  },

  /** Events: {kind: 'engine', engine, precision, versions} with what trains, then {kind: 'step', step} and {kind: 'epoch', epoch}; first {kind: 'resumed', epoch, damaged} where it goes on, and {kind: 'features', done, total} on a body. Result: `TrainingResult`. */
  async train(order: TrainingOrder, { emit, signal }) {
    const engine = await loadEngine(order.settings.engine);
    return trainModel(engine, order, {
      onEngine: ({ sentence, precision }) =>
        emit({ kind: 'engine', engine: sentence, precision, versions: versionsOf(engine) }),
      onStep: (step) => emit({ kind: 'step', step }),
      onEpoch: (epoch) => emit({ kind: 'epoch', epoch }),
      onFeatures: (done, total) => emit({ kind: 'features', done, total }),
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

  /** Every layer of a network, and what it takes. */
  network: (which: Which) =>
    withNetwork(which, (_tf, { model }) => ({ layers: everyLayer(model), cost: costOf(model) })),

  /** What a layer says to one film: `Maps`. */
  async maps({ pixels, layer, ...model }: ModelReference & { pixels: Uint8Array; layer: number }) {
    const { tf } = await loadEngine('auto');
    return mapsOf(tf, (await openModels()).open(model), pixels, layer);
  },

  /** How a unit came to its value on one film: `Unit`. */
  async unit({ pixels, layer, place, ...model }: ModelReference & { pixels: Uint8Array; layer: number; place: Place }) {
    const { tf } = await loadEngine('auto');
    return unitOf(tf, (await openModels()).open(model), pixels, layer, place);
  },

  /** The activation functions of a network, with what a film gave them. */
  activations: ({ pixels, ...which }: Which & { pixels: Uint8Array | null }) =>
    withNetwork(which, (tf, { model, loaded }) =>
      activationCurves(tf, model, loaded && pixels ? { loaded, pixels } : null),
    ),

  /** Takes in a network from elsewhere: `Imported`. */
  async import(order: ImportOrder) {
    const { tf } = await loadEngine('auto');
    return importModel(tf, order);
  },

  /** Takes in a body: `ImportedBody`. */
  async importBody(order: BodyOrder) {
    const { tf } = await loadEngine('auto');
    return importBody(tf, order);
  },

  /** Events: {done, total}. Result: `Sliced`. */
  async slice(order: SliceOrder, { emit, signal }) {
    return sliceLoss(await loadEngine('auto'), order, { onPoint: (done, total) => emit({ done, total }), signal });
  },
});

/** A network that is built for the question is disposed of after it; a trained one stays open. */
async function withNetwork<T>(
  which: Which,
  ask: (tf: Tf, network: { model: LoadedModel['model']; loaded: LoadedModel | null }) => T,
): Promise<T> {
  const { tf } = await loadEngine('auto');
  if ('modelFolder' in which) {
    const loaded = (await openModels()).open(which);
    return ask(tf, { model: loaded.model, loaded });
  }
  const model = built(tf, which);
  try {
    return ask(tf, { model, loaded: null });
  } finally {
    model.dispose();
  }
}
