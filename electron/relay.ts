// Ports of pages, joined to the core by numbered channels: what a page says goes to the core as it is, and back.
// Must not read what is said.
import type { MessagePortMain, WebContents } from 'electron';
import { MessageChannelMain } from 'electron';
import type { ToCore } from '#core/process.ts';
import { channel } from './channels.ts';

/** Longest message passed on; the core looks closer. */
const LONGEST = 32 * 1024 * 1024;

export class Relay {
  readonly #send: (message: ToCore) => void;
  #ports = new Map<number, MessagePortMain>();
  #pages = new Set<WebContents>();
  #next = 1;
  #up = false;

  constructor(send: (message: ToCore) => void) {
    this.#send = send;
  }

  /** A page asks for a port. It gets one as soon as the core is up, and one each time a new core comes up. */
  connect(page: WebContents): void {
    if (!this.#pages.has(page)) page.once('destroyed', () => this.#pages.delete(page));
    this.#pages.add(page);
    if (this.#up) this.#join(page);
  }

  /** A page crashed: it gets no port until it asks again. */
  forget(page: WebContents): void {
    this.#pages.delete(page);
  }

  /** The core is up: every page that ever asked gets a port to it. */
  open(): void {
    this.#up = true;
    for (const page of this.#pages) this.#join(page);
  }

  /** The core is gone, and every port with it. */
  close(): void {
    this.#up = false;
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) port.close();
  }

  /** The core says something to one page. */
  say(number: number, data: unknown): void {
    this.#ports.get(number)?.postMessage(data);
  }

  #join(page: WebContents): void {
    if (page.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    const number = this.#next++;
    this.#ports.set(number, port1);
    this.#send({ kind: 'connect', channel: number });
    port1.on('message', ({ data }: { data: unknown }) => {
      if (typeof data === 'string' && data.length <= LONGEST) this.#send({ kind: 'say', channel: number, data });
    });
    port1.on('close', () => {
      if (this.#ports.delete(number)) this.#send({ kind: 'disconnect', channel: number });
    });
    port1.start();
    page.postMessage(channel('port'), null, [port2]);
  }
}
