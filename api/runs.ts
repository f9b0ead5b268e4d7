// Runs: one training each, with its settings, split, curves and honest figures.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { id, nothing, procedure, time } from './base.ts';
import { part } from './xrays.ts';

export const activation = z.enum(['relu', 'logistic', 'tanh', 'step']);
export type Activation = z.infer<typeof activation>;

/** Everything a run is made from. Defaults are the paper's network. */
export const runSettings = z.object({
  preset: z.string().default('paper'),
  size: z.number().int().min(16).max(512).default(28).describe('side of the input, px'),
  epochs: z.number().int().min(1).max(1000).default(25),
  batch: z.number().int().min(1).max(1024).default(32).describe('films a step'),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('of weights, order and augmentation'),
  splitSeed: z.number().int().min(0).max(4_294_967_295).default(1),
  engine: z.enum(['auto', 'graph', 'layers', 'wasm']).default('auto'),
  precision: z.enum(['auto', 'float32', 'bfloat16']).default('auto').describe('of what flows between layers'),
  optimizer: z.enum(['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw']).default('adam'),
  learningRate: z.number().positive().max(10).default(0.001),
  schedule: z.enum(['constant', 'step', 'cosine']).default('constant').describe('of the learning rate'),
  warmUp: z.number().int().min(0).max(1000).default(0).describe('epochs in which the learning rate rises from zero'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('pulls weights towards zero: its square in the loss (L2), beside the gradient with AdamW'),
  clipNorm: z.number().positive().max(1e6).nullable().default(null).describe('longest gradient'),
  labelSmoothing: z.number().min(0).max(0.5).default(0),
  averaging: z
    .number()
    .min(0)
    .max(0.99999)
    .nullable()
    .default(null)
    .describe('answers by weights averaged over the steps: share kept of the average at each step'),
  kernel: z
    .union([z.literal(3), z.literal(5)])
    .default(3)
    .describe('side of the filters, px'),
  activation: activation.default('relu'),
  depth: z
    .number()
    .int()
    .min(1)
    .max(8)
    .nullable()
    .default(null)
    .describe("steps down in size; null: the network's own"),
  width: z
    .number()
    .int()
    .min(1)
    .max(256)
    .nullable()
    .default(null)
    .describe("filters at first; null: the network's own"),
  slope: z.number().positive().max(100).default(1).describe('a of the logistic and hyperbolic tangent functions'),
  augmentation: z.boolean().default(false).describe('small turns, shifts and changes of size'),
  tones: z.boolean().default(false).describe('small changes of brightness and contrast, and grain'),
  mirror: z.boolean().default(false).describe('mirrored left to right'),
  mirrorAnswers: z.boolean().default(false).describe('answers with the mean over a film and its mirror image'),
  marks: z
    .boolean()
    .default(false)
    .describe('boxes on learning films teach where to look, beside the class; off where no film has one'),
  classWeights: z.boolean().default(true).describe('rare class counts more, so that both count the same'),
  balanced: z
    .boolean()
    .default(false)
    .describe('each batch holds as many films of one class as of the other; films of the rarer one come again'),
  bestBy: z
    .enum(['loss', 'auc'])
    .default('loss')
    .describe('what tells the best epoch, and when there is no gain, on the choosing films'),
  patience: z.number().int().min(1).max(1000).nullable().default(null).describe('epochs without gain before it stops'),
  sources: z
    .record(z.string(), z.enum(['learn', 'none']))
    .default({})
    .describe('sources whose films are only learned from, or take no part; films of all others take part'),
  fold: z
    .object({ number: z.number().int().min(1), of: z.number().int().min(2).max(20) })
    .refine(({ number, of }) => number <= of, 'its number is larger than how many there are')
    .nullable()
    .default(null)
    .describe('learning and choosing films in turn: which of how many folds is chosen by; judging films stay sealed'),
  body: z.string().nullable().default(null).describe('network "pretrained": the body on whose features a head learns'),
  fineTune: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('epochs in which the whole body learns on after its head, at a tenth of the learning rate'),
  judge: z.boolean().default(true).describe('open the judging films when done'),
});
/** Epochs a training has at most. */
export const plannedEpochs = ({ epochs, fineTune }: Pick<RunSettings, 'epochs' | 'fineTune'>) => epochs + fineTune;
export type RunSettings = z.infer<typeof runSettings>;

export const tuning = z.object({
  oneDnn: z.boolean().describe('whether the native library computes with oneDNN'),
  threads: z.number().int().min(1).max(4096),
  stepsPerCall: z.number().int().min(1).max(100).describe('steps one call of a compiled training makes, at most'),
});
export type Tuning = z.infer<typeof tuning>;

export const layerRow = z.object({
  name: z.string().describe('in words: Convolution 3 x 3, 32'),
  shape: z.array(z.number().int().nullable()).describe('of its output, without the batch'),
  weights: z.number().int(),
  dtype: z.string(),
  bytes: z.number().int().describe('of its output for one film'),
});
export type LayerRow = z.infer<typeof layerRow>;

const choice = z.object({
  from: z.number().int(),
  to: z.number().int(),
  own: z.number().int().describe('taken where nothing else is set'),
  what: z.string().describe('what is counted'),
});

/** Settings a network's card may have its own values for. */
export const learningSettings = runSettings.pick({
  epochs: true,
  batch: true,
  optimizer: true,
  learningRate: true,
  schedule: true,
  warmUp: true,
  weightDecay: true,
  averaging: true,
  augmentation: true,
  tones: true,
  mirror: true,
  mirrorAnswers: true,
  marks: true,
});

/** A network's card: where it comes from, and which settings make it. */
export const preset = z.object({
  name: z.string(),
  title: z.string(),
  sentence: z.string(),
  source: z.string().describe('who described it, and when'),
  adapted: z.string().describe('what is not as in the source'),
  sizes: z.array(z.number().int()).describe('sides of the input that suit it, px'),
  size: z.number().int().describe('the one it is meant for'),
  kernel: z.boolean().describe('whether the side of its filters is a setting'),
  activation: z.boolean().describe('whether its activation is a setting'),
  depth: choice.nullable(),
  width: choice.nullable(),
  learning: learningSettings.describe('how it is meant to learn'),
});
export type Preset = z.infer<typeof preset>;

/** What a network takes, counted on the network as it is built. */
export const networkCost = z.object({
  parameters: z.number().int().describe('numbers it is made of, moving averages among them'),
  macs: z
    .number()
    .int()
    .describe('multiplications, each with an addition, of convolutions and dense layers for one film'),
  weightBytes: z.number().int(),
  filmBytes: z.number().int().describe('of the outputs of all its layers for one film, in float32'),
});
export type NetworkCost = z.infer<typeof networkCost>;

export const networkCard = preset.extend({
  ...networkCost.shape,
  builtAt: z.number().int().describe('side of the input the figures are for, px'),
  layers: z.array(layerRow),
});
export type NetworkCard = z.infer<typeof networkCard>;

const partCount = z.object({
  part,
  films: z.number().int(),
  patients: z.number().int().describe('that are named, and each film without one as a patient of its own'),
  fracture: z.number().int(),
  whole: z.number().int(),
});

/** What a training would use, before it starts. */
export const runPlan = z.object({
  ready: z.boolean(),
  problem: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
  films: z.number().int(),
  patients: z.number().int(),
  patientsKnown: z.boolean(),
  uncertain: z.number().int().describe('left out'),
  unread: z.number().int().describe('left out'),
  contradictory: z.array(id).describe('pixel-identical films with both labels, left out'),
  twins: z.number().int().describe('near-duplicate films kept together'),
  withoutPatient: z.number().int(),
  synthetic: z.number().int(),
  sources: z.array(z.object({ source: z.string(), films: z.number().int() })).describe('of the labelled films'),
  tied: z
    .number()
    .int()
    .describe('films only to learn from that are left out: they belong to one that is chosen or judged by'),
  parts: z.array(partCount),
  layers: z.array(layerRow),
  weights: z.number().int(),
  cost: networkCost.nullable().describe('null where the settings make no network'),
  stepsPerEpoch: z.number().int(),
  secondsExpected: z.number().nullable().describe('from earlier runs on this computer'),
  opened: z.number().int().describe('times the judging films of this split were opened'),
});
export type RunPlan = z.infer<typeof runPlan>;

export const epoch = z.object({
  epoch: z.number().int(),
  loss: z.number(),
  accuracy: z.number(),
  valLoss: z.number(),
  valAccuracy: z.number(),
  valAuc: z.number().nullable(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
  best: z.boolean().default(false).describe('the best so far: its weights are kept'),
});
export type Epoch = z.infer<typeof epoch>;

/** The newest batch, for those who watch. */
export const step = z.object({
  step: z.number().int(),
  steps: z.number().int(),
  batch: z.number().int(),
  batches: z.number().int(),
  loss: z.number(),
  gradientNorm: z.number().nullable(),
  learningRate: z.number(),
});
export type Step = z.infer<typeof step>;

const interval = z.tuple([z.number(), z.number()]);
const share = z.object({ right: z.number().int(), of: z.number().int(), value: z.number(), interval95: interval });
export type Share = z.infer<typeof share>;

/** Figures on the judging films at the threshold chosen on the choosing films. */
export const testFigures = z.object({
  n: z.number().int(),
  patients: z.number().int(),
  threshold: z.number(),
  accuracy: z.number(),
  interval95: interval,
  auc: z.number(),
  aucInterval95: interval,
  sensitivity: z.number(),
  specificity: z.number(),
  majority: z.number().describe('share right when always answering the commoner class'),
  shares: z.object({ accuracy: share, sensitivity: share, specificity: share, ppv: share, npv: share }),
  matrix: z.object({
    fractureFound: z.number().int(),
    fractureMissed: z.number().int(),
    falseAlarm: z.number().int(),
    wholeRight: z.number().int(),
    patientsMissed: z.number().int(),
    patientsFalseAlarm: z.number().int(),
  }),
  roc: z.array(z.object({ falseAlarms: z.number(), found: z.number(), threshold: z.number() })),
  bodyParts: z.array(z.object({ bodyPart: z.string(), share })),
  cannotTell: z.object({ from: z.number(), to: z.number(), films: z.number().int() }).nullable(),
});
export type TestFigures = z.infer<typeof testFigures>;

export const run = z.object({
  id,
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  title: z.string(),
  settings: runSettings,
  engine: z.string().nullable().describe('in words, once known'),
  startedAt: time,
  seconds: z.number().nullable(),
  films: z.number().int(),
  epochs: z.number().int().describe('finished'),
  best: epoch.nullable().describe('epoch whose weights are kept'),
  test: testFigures.nullable().describe('null while sealed'),
  openings: z.number().int().describe('times the judging films of its split were opened, by any run'),
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
  synthetic: z.boolean().describe('learned from drawn films only'),
  resumable: z.boolean().describe('can go on after its last epoch'),
  series: id.nullable().describe('the series it is one of'),
  imported: z.string().optional().describe('file it came from: trained elsewhere, not measured here'),
  parts: z.array(partCount).describe('its split'),
  record: z.object({
    versions: z.record(z.string(), z.string()).describe('of Osteon and of what it computed with'),
    dataHash: z.string(),
    splitHash: z.string(),
    machine: z.string(),
    precision: z.string().nullable().describe('that it computed in; null until known'),
    tuning: tuning.nullable().describe('how the native library was loaded; null where it did not train'),
    resumes: z
      .array(z.object({ epoch: z.number().int(), damaged: z.number().int() }))
      .describe('times it went on: after which epoch, and how many newer checkpoints were damaged'),
  }),
});
export type Run = z.infer<typeof run>;

export const runDetail = run.extend({
  curve: z.array(epoch),
  remark: z.string().nullable().describe('what the curves say, in a sentence'),
  patientsKnown: z.boolean().describe('false: no film names a patient, so patients count films'),
  memorisingSince: z.number().int().nullable(),
  checking: z.object({ auc: z.number(), accuracy: z.number(), n: z.number().int() }).nullable(),
  sentence: z.string().nullable().describe('the test figure in words'),
});
export type RunDetail = z.infer<typeof runDetail>;

export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('epoch'), epoch }),
  z.object({ kind: z.literal('step'), step }),
  z.object({ kind: z.literal('end'), run: runDetail }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** A judging film, and what was answered on it. */
export const judgedAnswer = z.object({
  xray: id,
  file: z.string(),
  patient: z.string().nullable(),
  label: z.enum(['fracture', 'whole']),
  answer: z.enum(['fracture', 'whole']),
  probability: z.number(),
});
export type JudgedAnswer = z.infer<typeof judgedAnswer>;

/** A run as a folder that stands by itself. */
const exportedRun = z.object({
  run: id,
  folder: z.string(),
  files: z.array(z.string()).describe('what is in it'),
  sealed: z.boolean().describe('nothing of the judging films is in it'),
});
export type ExportedRun = z.infer<typeof exportedRun>;

const whichRun = (sentence: string) => z.object({ run: id }).describe(sentence);

export const runs = {
  presets: procedure.input(nothing('The networks that can be trained.')).output(z.array(preset)),
  networks: procedure
    .input(
      z
        .object({ size: runSettings.shape.size.unwrap().optional() })
        .describe('The networks with what each is made of and takes, built at its own size or at the one given.'),
    )
    .output(z.array(networkCard)),
  plan: procedure
    .input(
      z.object({ settings: runSettings.prefault({}) }).describe('What a training would use, and whether it can start.'),
    )
    .output(runPlan),
  start: procedure
    .input(z.object({ settings: runSettings.prefault({}) }).describe('Starts a training.'))
    .output(z.object({ run: id, job: z.string() })),
  resume: procedure
    .input(whichRun('Goes on with a training that was stopped or broke off, after its last whole epoch.'))
    .output(z.object({ run: id, job: z.string() })),
  follow: procedure
    .input(whichRun('Epochs of a run as they end, from the first on, until it is over.'))
    .output(eventIterator(runEvent)),
  stop: procedure
    .input(whichRun('Stops a training after the batch at hand and keeps its best epoch; asked again, ends it at once.'))
    .output(z.object({})),
  list: procedure.input(nothing('All runs, the newest first.')).output(z.array(run)),
  get: procedure.input(whichRun('One run with its curves, figures and record.')).output(runDetail),
  judge: procedure
    .input(whichRun('Opens the judging films for a finished run; each opening is counted.'))
    .output(runDetail),
  exportNotebook: procedure
    .input(
      z
        .object({
          run: id,
          folder: z.string().min(1).describe('new or empty'),
          inside: z.boolean().default(false).describe('a new folder in that one'),
        })
        .describe('Writes a run as a folder with a Jupyter notebook, its figures and its model for Keras.'),
    )
    .output(exportedRun),
  answers: procedure
    .input(whichRun('What a run answered on each judging film; empty while sealed.'))
    .output(z.array(judgedAnswer)),
};
