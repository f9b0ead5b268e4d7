// Pictures on their way from the core to the page: bytes are passed on as they come, none is held here, none blocks.
// Must not know what a picture shows.
import type { FromCore, ToCore } from '#core/process.ts';
import { refusal } from './files.ts';

type News = Extract<FromCore, { id: number }>;

interface Awaited {
  head(response: Response): void;
  body: ReadableStreamDefaultController<Uint8Array> | null;
}

/** Largest body taken from the page: a photograph of a film is a tenth of it. */
const MOST_BYTES = 256 * 1024 * 1024;

export class Pictures {
  readonly #send: (message: ToCore) => void;
  #awaited = new Map<number, Awaited>();
  #next = 1;

  constructor(send: (message: ToCore) => void) {
    this.#send = send;
  }

  /** Asks the core. Answers 503 where the core goes away before it does. */
  async fetch(request: Request): Promise<Response> {
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : null;
    if (body && body.byteLength > MOST_BYTES) return refusal(413);
    const id = this.#next++;
    const { method, url, headers } = request;
    return new Promise((resolve) => {
      this.#awaited.set(id, { head: resolve, body: null });
      this.#send({ kind: 'image', id, request: { method, url, headers: [...headers], body } });
    });
  }

  receive(news: News): void {
    const awaited = this.#awaited.get(news.id);
    if (!awaited) return;
    if (news.kind === 'image') awaited.head(this.#respond(news, awaited));
    else if (news.kind === 'image-bytes') awaited.body?.enqueue(news.bytes);
    else {
      awaited.body?.close();
      this.#awaited.delete(news.id);
    }
  }

  /** The core is gone: nothing under way will come. */
  fail(): void {
    for (const { head, body } of this.#awaited.values()) {
      if (body) body.error(new Error('the core went away'));
      else head(refusal(503));
    }
    this.#awaited.clear();
  }

  #respond({ id, status, headers }: Extract<News, { kind: 'image' }>, awaited: Awaited): Response {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        awaited.body = controller;
      },
      cancel: () => {
        this.#awaited.delete(id);
        this.#send({ kind: 'image-cancel', id });
      },
    });
    const empty = status === 204 || status === 304;
    if (empty) awaited.body = null;
    return new Response(empty ? null : stream, { status, headers });
  }
}
