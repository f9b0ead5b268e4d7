// Names of the messages between desktop and page, for both ends, and what the desktop's news carry.
import type { CoreNews } from '#api/host.ts';

/** Payloads of news by name. `port` brings a message port beside it. */
export interface News {
  port: null;
  core: CoreNews;
  'open-files': string[];
  command: string;
  theme: boolean;
}

/** Name of a call or of news on Electron's own channels. */
export const channel = (name: string) => `osteon:${name}`;
