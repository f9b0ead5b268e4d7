// The calls a page may make of the desktop: name, what they may carry, who may make them. Anything else is refused here.
// Must not do what is called for.
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { z } from 'zod';
import { channel } from './channels.ts';
import { isOwn } from './security.ts';

const title = z.string().max(200).optional();
const MOST_BYTES = 1024 ** 3;

/** Arguments by the name of the call, after the page that calls. */
export const calls = {
  connect: z.tuple([]),
  'pick-folder': z.tuple([title]),
  'pick-files': z.tuple([title, z.enum(['films', 'model']).optional()]),
  'save-file': z.tuple([
    z.string().min(1).max(200),
    z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= MOST_BYTES),
  ]),
  'show-library': z.tuple([]),
};

export type Call = keyof typeof calls;
export type Handlers = { [name in Call]: (page: WebContents, ...args: z.output<(typeof calls)[name]>) => unknown };

export function takeCalls(ipc: IpcMain, handlers: Handlers): void {
  for (const name of Object.keys(calls) as Call[]) {
    ipc.handle(channel(name), (event, ...args: unknown[]) => {
      if (!isOurPage(event)) throw new Error(`${name}: refused`);
      const parsed = calls[name].safeParse(args);
      if (!parsed.success) throw new Error(`${name}: not what it takes`);
      const handler = handlers[name] as (page: WebContents, ...args: unknown[]) => unknown;
      return handler(event.sender, ...parsed.data);
    });
  }
}

/** The main frame of our own page, and not a page that has gone elsewhere since (point 17 of Electron's list). */
function isOurPage({ senderFrame, sender }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwn(senderFrame.url);
}
