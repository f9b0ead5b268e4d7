// Networks from within: what one is made of, what a film makes its layers say, how one unit came to its value, and the
// loss around its trained weights. Must not hold answers: what is asked about a film here is no verdict on it.
import { z } from 'zod';
import { id, nothing, procedure, time } from './base.ts';
import { box } from './box.ts';
import { modelCard } from './predictions.ts';
import { networkCost, runSettings } from './runs.ts';

/** Points along a direction of a slice: odd, so that the trained weights are one of them. */
const mostPoints = 41;

export const networkLayer = z.object({
  index: z.number().int(),
  name: z.string().describe('its own name, as model.json has it'),
  words: z.string().describe('Convolution 3 x 3, 32'),
  rank: z.number().int().describe('of its output, the films of a batch being its first side'),
  shape: z.array(z.number().int()).describe('of its output for one film'),
  dtype: z.string(),
  parameters: z.number().int(),
  bytes: z.number().int().describe('of its output for one film'),
  from: z.array(z.number().int()).describe('layers whose outputs go in'),
});
export type NetworkLayer = z.infer<typeof networkLayer>;

export const network = z.object({
  run: id.nullable().describe('null: a preset with its first weights'),
  title: z.string(),
  sentence: z.string().describe('what kind of network it is'),
  size: z.number().int().describe('side of the input, px'),
  layers: z.array(networkLayer),
  cost: networkCost,
});
export type Network = z.infer<typeof network>;

const range = z.tuple([z.number(), z.number()]);

export const layerMaps = z.object({
  layer: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
  ranges: z
    .array(range)
    .describe('least and greatest value of each map; of a layer without places one pair, that of all its units'),
  values: z.array(z.number()).nullable().describe('of a layer without places: what each unit says'),
  columns: z.number().int().describe('maps side by side in the picture'),
  picture: z
    .string()
    .describe('URL of a grey PNG of all maps, row by row, each from black at its least to white at its greatest value'),
});
export type LayerMaps = z.infer<typeof layerMaps>;

/** Inputs of a unit that belong together: the patch of one channel, or one input alone. */
const unitGroup = z.object({
  name: z.string(),
  height: z.number().int(),
  width: z.number().int(),
  inputs: z.array(z.number().nullable()).describe('row by row; null beyond the edge of the picture, counted as 0'),
  weights: z.array(z.number()).nullable().describe('null where the unit has none'),
  sum: z.number().describe('of the products; without weights what the unit makes of these inputs'),
});
export type UnitGroup = z.infer<typeof unitGroup>;

export const unit = z.object({
  layer: z.number().int(),
  channel: z.number().int(),
  row: z.number().int(),
  column: z.number().int(),
  does: z.string().describe('what such a unit does, in words'),
  sees: box.describe('the part of the input that can move it, in pixels of the input'),
  inputs: z.number().int().describe('how many go in'),
  groups: z.array(unitGroup).describe('the largest sums first'),
  rest: z
    .object({ groups: z.number().int(), inputs: z.number().int(), sum: z.number() })
    .nullable()
    .describe('what is not listed'),
  steps: z.array(z.object({ name: z.string(), value: z.number() })).describe('from the inputs to its value, in order'),
  value: z.number(),
});
export type Unit = z.infer<typeof unit>;

export const activationCurve = z.object({
  name: z.string().describe('as a formula: tanh(x / 2)'),
  layers: z.array(z.string()).describe('names of the layers that use it'),
  x: z.array(z.number()),
  y: z.array(z.number()),
  derivative: z.array(z.number()).describe('as learning takes it: of the unit step its stand-in'),
  values: z
    .object({
      count: z.number().int(),
      bins: z.array(z.number().int()).describe('of equal width over x'),
      below: z.number().int(),
      above: z.number().int(),
    })
    .nullable()
    .describe('what the film gave it; null without a film'),
});
export type ActivationCurve = z.infer<typeof activationCurve>;

export const slice = z.object({
  run: id,
  directions: z.union([z.literal(1), z.literal(2)]),
  seed: z.number().int(),
  at: z
    .array(z.number())
    .describe('places along a direction; 0 is the trained network, 1 as far as its weights are long'),
  loss: z.array(z.array(z.number().nullable())).describe('a row for each place along the second direction'),
  trained: z.number().describe('loss of the trained network on the same films'),
  films: z.number().int().describe('checking films it was computed on'),
  of: z.number().int().describe('checking films there are'),
});
export type Slice = z.infer<typeof slice>;

const here = { run: id, xray: id, layer: z.number().int().min(0) };

/** How a network from elsewhere reads a film. */
const importedAs = z.object({
  grey: z.enum(['0..1', '0..255', '-1..1']).default('0..1').describe('black and white as it takes them'),
  fracture: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe('which of two classes is fracture'),
});
export type ImportedAs = z.infer<typeof importedAs>;

export const networks = {
  describe: procedure
    .input(
      z
        .object({ run: id.optional(), settings: runSettings.optional() })
        .describe(
          'Every layer of a trained network, or of one as settings would make it; default: the newest trained.',
        ),
    )
    .output(network),
  maps: procedure.input(z.object(here).describe('What one layer says to a film of the library.')).output(layerMaps),
  unit: procedure
    .input(
      z
        .object({
          ...here,
          channel: z.number().int().min(0),
          row: z.number().int().min(0).default(0),
          column: z.number().int().min(0).default(0),
        })
        .describe('How one unit came to its value on a film: inputs, weights, sum, activation.'),
    )
    .output(unit),
  activations: procedure
    .input(
      z
        .object({ run: id.optional(), settings: runSettings.optional(), xray: id.optional() })
        .describe('Activation functions of a network with their derivatives, and the values a film gave them.'),
    )
    .output(z.array(activationCurve)),
  slice: procedure
    .input(
      z
        .object({
          run: id,
          directions: z.union([z.literal(1), z.literal(2)]).default(2),
          points: z
            .number()
            .int()
            .min(3)
            .max(mostPoints)
            .refine((points) => points % 2 === 1, 'it must be odd, so that the trained network is one of them')
            .default(11),
          reach: z.number().positive().max(10).default(1).describe('how far it goes, in lengths of the weights'),
          seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('of the directions'),
        })
        .describe('Computes the loss on checking films around trained weights, along one or two random directions.'),
    )
    .output(z.object({ job: z.string() })),
  import: procedure
    .input(
      importedAs
        .extend({
          path: z.string().optional().describe('model.json of a layers model; its weights lie beside it'),
          uploads: z.string().optional().describe('set of files that were sent: model.json and its weights'),
        })
        .refine(
          ({ path, uploads }) => (path === undefined) !== (uploads === undefined),
          'give a path or files that were sent',
        )
        .describe(
          'Takes in a network that was trained elsewhere with TensorFlow.js or Keras; nothing of it is measured here.',
        ),
    )
    .output(modelCard),
  sliced: procedure
    .input(z.object({ run: id }).describe('The newest slice of the loss that was computed for a run; null for none.'))
    .output(slice.nullable()),
};

export const greyRange = z.enum(['0..1', '-1..1', '0..255', 'imagenet', 'imagenet-bgr']);
export type GreyRange = z.infer<typeof greyRange>;

const bodyName = z.string().regex(/^[a-z0-9]([\w.-]{0,38}[a-z0-9])?$/i, 'it must be of letters, figures, - _ and .');

export const body = z.object({
  name: bodyName,
  file: z.string().describe('it came from'),
  importedAt: time,
  features: z.number().int().describe('figures it gives of a film'),
  parameters: z.number().int(),
  size: runSettings.shape.size.unwrap().describe('side of its input, px'),
  channels: z.union([z.literal(1), z.literal(3)]),
  range: greyRange,
  guessed: z.boolean().describe('nobody said what its input ranges over'),
  grey: z.string().describe('how grey becomes its input, in words'),
});
export type Body = z.infer<typeof body>;

/** Networks that learned elsewhere and give features here. */
export const bodies = {
  list: procedure.input(nothing('Pretrained bodies of the library.')).output(z.array(body)),
  import: procedure
    .input(
      z
        .object({
          path: z.string().describe('model.json of a layers model; its weights lie beside it'),
          name: bodyName.optional().describe('default: that of its folder'),
          size: runSettings.shape.size.unwrap().optional().describe('side of the input where the model leaves it open'),
          range: greyRange
            .optional()
            .describe('what its input ranges over; default: -1..1 of three channels, 0..1 of one'),
        })
        .describe('Takes in a network that was trained elsewhere as a body: all before its last dense layers, frozen.'),
    )
    .output(body),
  remove: procedure
    .input(z.object({ name: bodyName }).describe('Removes a body; runs that learned on it keep their own copy.'))
    .output(z.object({})),
};
