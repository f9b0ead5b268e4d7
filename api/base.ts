// The base every procedure is declared on: all declared errors, with the next step in their data.
// Must not know any noun.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { problems } from './problems.ts';
import type { ProblemCode } from './problems.ts';

const data = z.object({ next: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) });

type Declared = Record<ProblemCode, { status: number; message: string; data: typeof data }>;

const declared = Object.fromEntries(
  Object.entries(problems).map(([code, text]) => [code, { status: text.status, message: text.sentence, data }]),
) as Declared;

/** Start of every procedure; its `.describe()` sentence goes on the input schema and is its documentation. */
export const procedure = oc.errors(declared);

/** Input of a procedure that takes nothing; the sentence says what the procedure does. */
export const nothing = (sentence: string) => z.object({}).optional().describe(sentence);

/** Which library is meant: row numbers mean another film in another one. Without it, whichever is open. */
export const inLibrary = z.string().max(64).optional().describe('id of the library that is meant');

/** Row number of a film, run, import, reader or label event. */
export const id = z.number().int().positive();

/** ISO 8601 in UTC. */
export const time = z.string();
