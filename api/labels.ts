// Labels: what readers said of a film, each decision kept for good.
import { z } from 'zod';
import { id, inLibrary, procedure, time } from './base.ts';

/** What a film may be called. "Not yet read" is null: the absence of a label. */
export const label = z.enum(['fracture', 'whole', 'uncertain']);
export type Label = z.infer<typeof label>;

export const labelEvent = z.object({
  seq: id.describe('place in the one order of all decisions'),
  at: time,
  reader: z.string(),
  xray: id,
  before: label.nullable(),
  after: label.nullable(),
  why: z.enum(['read', 'import', 'undo', 'redo']),
});
export type LabelEvent = z.infer<typeof labelEvent>;

const saved = z.object({
  events: z.array(labelEvent).describe('one a film whose label changed; durable when this arrives'),
});
const undoState = z.object({
  undo: z.string().nullable().describe('what undo would take back, in words; null when nothing'),
  redo: z.string().nullable(),
});

const ofLibrary = (sentence: string) => z.object({ library: inLibrary }).optional().describe(sentence);

export const labels = {
  set: procedure
    .input(
      z
        .object({
          library: inLibrary,
          xrays: z.array(id).min(1).max(100_000),
          label: label.nullable(),
          reader: z.string().min(1).max(64).optional().describe('default: the reader in the top bar'),
        })
        .describe('Gives one label to films; answers once it is durable.'),
    )
    .output(saved),
  history: procedure
    .input(z.object({ xray: id }).describe('All decisions on one film, the newest first.'))
    .output(z.array(labelEvent)),
  undo: procedure.input(ofLibrary("Takes back the reader's last decision, across films and restarts.")).output(saved),
  redo: procedure.input(ofLibrary('Gives again what was last taken back.')).output(saved),
  undoable: procedure.input(ofLibrary('What undo and redo would do now.')).output(undoState),
};
