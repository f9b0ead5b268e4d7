// What a window says over its port, let in only where it is a message of the procedures' carrier: anything else is dropped
// before the carrier sees it, which would otherwise fail outside any call. Must not know the procedures.
import { z } from 'zod';

/** Longest message taken: a label for each of 100,000 films is a tenth of it. */
const LONGEST = 32 * 1024 * 1024;

/** Headers that make the carrier build files and forms out of bytes; procedures take none. */
const forbidden = ['content-disposition', 'content-type'];

const headers = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .refine((given) => !Object.keys(given).some((name) => forbidden.includes(name.toLowerCase())));

const id = z.string().max(100);
const anything = z.unknown().optional();
const message = z.union([
  z.object({
    i: id,
    t: z.undefined().optional(),
    p: z.object({ u: z.string().startsWith('/'), m: z.string().optional(), h: headers.optional(), b: anything }),
  }),
  z.object({ i: id, t: z.literal(3), p: z.object({ e: z.string(), d: anything, m: anything }) }),
  z.object({ i: id, t: z.literal(4), p: anything }),
]);

/** Whether the carrier may see it: the text of one message, as oRPC 1.16 writes it. */
export function isCarrierMessage(data: unknown): data is string {
  if (typeof data !== 'string' || data.length > LONGEST) return false;
  try {
    return message.safeParse(JSON.parse(data)).success;
  } catch {
    return false;
  }
}

type Listener = (event: { data: unknown }) => void;

/** One window's port, as the procedures' handler wants it. */
export class Channel {
  readonly #send: (data: unknown) => void;
  #messages: Listener[] = [];
  #closes: (() => void)[] = [];

  constructor(send: (data: unknown) => void) {
    this.#send = send;
  }

  on(event: string, listener: (event?: { data: unknown }) => void): void {
    if (event === 'message') this.#messages.push(listener);
    if (event === 'close') this.#closes.push(listener);
  }

  postMessage(data: unknown): void {
    this.#send(data);
  }

  /** What the window said; dropped where it is no message of the carrier. */
  receive(data: unknown): void {
    if (!isCarrierMessage(data)) return;
    for (const listener of this.#messages) listener({ data });
  }

  close(): void {
    for (const listener of this.#closes) listener();
  }
}
