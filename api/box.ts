// A rectangle in pixels: of a film, or of what a network is given.
import { z } from 'zod';

/** `x`, `y`: its upper left corner. Sides may have parts of pixels. */
export const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof box>;
